// Reading what others write.
#include "dataplane/facts.hpp"

#include <rte_cycles.h>
#include <rte_ethdev.h>
#include <rte_mempool.h>

#include <algorithm>

namespace ajar::dataplane {
namespace {

using control::Facts;
static_assert(control::kBurstSizes == kBurstSizes);

template <std::size_t N>
void add_all(std::array<std::uint64_t, N>& sums, const std::array<Counter, N>& counters) {
    for (std::size_t i = 0; i < N; ++i) sums[i] += counters[i].get();
}

template <typename Ring>
std::uint64_t waiting_in(const Ring& ring) {
    return ring.capacity() - std::min(ring.space(), ring.capacity());
}

void read_tracker(control::WorkerFacts& out, Tracker& tracker) {
    const Counters& c = tracker.counters();
    out.packets = c.packets.get();
    out.bytes = c.bytes.get();
    out.tcp_packets = c.tcp_packets.get();
    out.forwarded = c.forwarded.get();
    out.dropped = c.dropped.get();
    out.consumed = c.consumed.get();
    out.events = c.events.get();
    out.events_lost = c.events_lost.get();
    out.timer_backlog = c.timer_backlog.get();
    out.expiries = c.expiries.get();
    out.expiry_late_max_ns = c.expiry_late_max_ns.get();
    for (const auto& n : c.flows) out.flows += n.get();
    out.event_backlog = waiting_in(tracker.events());
}

void read_tally(control::WorkerFacts& out, const Tally& t) {
    out.rounds = t.rounds.get();
    out.idle_rounds = t.idle_rounds.get();
    out.busy_cycles = t.busy_cycles.get();
    out.idle_cycles = t.idle_cycles.get();
    for (const auto& port : t.port) out.received += port.received.get();
    for (const auto& n : t.ring_full) out.ring_full += n.get();
    out.handed_over = t.handed_over.get();
    out.taken_over = t.taken_over.get();
    out.fragments_held = t.held.get();
    out.orders = t.orders.get();
}

control::WorkerFacts worker_facts(const Appliance& appliance, std::uint32_t w) {
    const Wiring& wiring = appliance.wiring();
    control::WorkerFacts out;
    out.timed = !wiring.packet_clock;
    read_tracker(out, *appliance.trackers()[w]);
    read_tally(out, wiring.tally[w]);
    for (const auto& row : wiring.hand_off)
        if (row[w]) out.ring_backlog += waiting_in(*row[w]);
    if (!wiring.desks.empty()) out.order_backlog = waiting_in(wiring.desks[w].orders);
    return out;
}

control::PortFacts port_facts(const Appliance& appliance, std::size_t p) {
    const Wiring& wiring = appliance.wiring();
    control::PortFacts out;
    out.device = appliance.devices()[p];
    out.link_up = wiring.ports[p].link_up.load(std::memory_order_relaxed);
    for (const Tally& tally : wiring.tally) {
        const PortTally& t = tally.port[p];
        out.received += t.received.get();
        out.received_bytes += t.received_bytes.get();
        out.transmitted += t.transmitted.get();
        out.transmitted_bytes += t.transmitted_bytes.get();
        out.crafted += t.crafted.get();
        out.crafted_dropped += t.crafted_dropped.get();
        out.dropped += t.dropped.get();
        out.tx_failed += t.tx_failed.get();
    }
    rte_eth_stats stats{};
    if (rte_eth_stats_get(wiring.ports[p].device, &stats) == 0) {
        out.missed = stats.imissed + stats.ierrors;
        out.no_buffer = stats.rx_nombuf;
    }
    return out;
}

void add_queues(std::vector<control::QueueFacts>& out, const Tally& tally, std::uint32_t worker) {
    for (const QueueTally& q : tally.queue) {
        control::QueueFacts one{q.port, q.queue, worker, q.packets.get()};
        add_all(one.sizes, q.bursts);
        for (const auto n : one.sizes) one.bursts += n;
        out.push_back(one);
    }
}

void add_answers(control::TrackerFacts& out, const Counters& c) {
    out.cookies_sent += c.cookies_sent.get();
    out.cookies_accepted += c.cookies_accepted.get();
    out.cookies_repeated += c.cookies_repeated.get();
    out.cookies_refused += c.cookies_refused.get();
    out.challenges_sent += c.challenges_sent.get();
    out.challenges_met += c.challenges_met.get();
    out.challenges_adopted += c.challenges_adopted.get();
    out.challenges_refused += c.challenges_refused.get();
    out.challenges_waived += c.challenges_waived.get();
    out.would_answer += c.would_answer.get();
    out.would_challenge += c.would_challenge.get();
    out.would_drop += c.would_drop.get();
    out.translated += c.proxied.get();
}

void add_probes(control::TrackerFacts& out, const Counters& c) {
    out.probing += c.probing.get();
    out.probes_sent += c.probes_sent.get();
    out.probes_answered += c.probes_answered.get();
    out.probings += c.probings.get();
    out.probings_put_off += c.probings_put_off.get();
    out.probings_ended_by_traffic += c.probings_ended_by_traffic.get();
    out.proven_alive += c.proven_alive.get();
    out.proven_dead += c.proven_dead.get();
    out.probe_undecided += c.probe_undecided.get();
}

void add(control::TrackerFacts& out, const Counters& c) {
    add_all(out.flows, c.flows);
    add_all(out.reasons, c.reason);
    add_all(out.flagged, c.flagged);
    add_all(out.evicted, c.evicted);
    add_all(out.attempts, c.attempts);
    out.created += c.flows_created.get();
    out.promoted += c.flows_promoted.get();
    out.ended += c.flows_ended.get();
    out.resets_sent += c.resets_sent.get();
    out.resets_due += c.resets_due.get();
    out.half_open += c.half_open.get();
    out.observations_lost += c.observations_lost.get();
    out.suspicions_refused += c.suspicions_refused.get();
    out.link_headers += c.link_headers.get();
    out.links_refused += c.links_refused.get();
    add_answers(out, c);
    add_probes(out, c);
}

/// Ports 2 i and 2 i + 1 share one.
void add_pools(std::vector<control::PoolFacts>& out, const Wiring& wiring) {
    for (std::size_t p = 0; p < wiring.ports.size(); p += 2) {
        const auto* const pool = wiring.ports[p].pool;
        out.push_back({pool->size, rte_mempool_in_use_count(pool)});
    }
}

}  // namespace

Facts gather(const Appliance& appliance) {
    const Wiring& wiring = appliance.wiring();
    Facts out;
    out.now = appliance.now();
    out.uptime = appliance.uptime();
    out.cycles_a_second = rte_get_tsc_hz();
    const auto policy = appliance.policy();
    out.mode = policy->mode;
    out.generation = policy->generation;
    for (std::uint32_t w = 0; w < wiring.workers; ++w) {
        out.workers.push_back(worker_facts(appliance, w));
        add(out.tracker, appliance.trackers()[w]->counters());
        add_queues(out.queues, wiring.tally[w], w);
    }
    for (const Tally& tally : wiring.tally) add_all(out.disposed, tally.disposed);
    for (std::size_t p = 0; p < wiring.ports.size(); ++p) out.ports.push_back(port_facts(appliance, p));
    add_pools(out.pools, wiring);
    out.defence = control::facts_of(appliance.situation());
    return out;
}

}  // namespace ajar::dataplane
