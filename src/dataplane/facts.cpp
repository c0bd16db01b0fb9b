// Reading what others write.
#include "dataplane/facts.hpp"

#include <rte_cycles.h>
#include <rte_mempool.h>

#include <algorithm>

#include "dataplane/sums.hpp"

namespace ajar::dataplane {
namespace {

using control::Facts;
static_assert(control::kBurstSizes == kBurstSizes);

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

void add_queues(std::vector<control::QueueFacts>& out, const Tally& tally, std::uint32_t worker) {
    for (const QueueTally& q : tally.queue) {
        control::QueueFacts one{q.port, q.queue, worker, q.packets.get()};
        add_all(one.sizes, q.bursts);
        for (const auto n : one.sizes) one.bursts += n;
        out.push_back(one);
    }
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
    for (std::size_t p = 0; p < wiring.ports.size(); ++p)
        out.ports.push_back(port_facts(wiring, p, appliance.devices()[p]));
    add_pools(out.pools, wiring);
    out.defence = control::facts_of(appliance.situation());
    return out;
}

}  // namespace ajar::dataplane
