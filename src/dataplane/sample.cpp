// Reading counters that others write.
#include "dataplane/sample.hpp"

#include <rte_ethdev.h>

#include <algorithm>

namespace ajar::dataplane {
namespace {

template <std::size_t N>
void add_all(std::array<std::uint64_t, N>& sums, const std::array<Counter, N>& counters) {
    for (std::size_t i = 0; i < N; ++i) sums[i] += counters[i].get();
}

PortSample port_sample(const Wiring& wiring, std::size_t index, const std::string& device) {
    PortSample out{.device = device, .link_up = wiring.ports[index].link_up.load(std::memory_order_relaxed)};
    for (const Tally& tally : wiring.tally) {
        const PortTally& t = tally.port[index];
        out.received += t.received.get();
        out.transmitted += t.transmitted.get();
        out.crafted += t.crafted.get();
        out.crafted_dropped += t.crafted_dropped.get();
        out.dropped += t.dropped.get();
        out.tx_failed += t.tx_failed.get();
    }
    rte_eth_stats stats{};
    if (rte_eth_stats_get(wiring.ports[index].device, &stats) == 0) {
        out.missed = stats.imissed + stats.ierrors;
        out.no_buffer = stats.rx_nombuf;
    }
    return out;
}

}  // namespace

void TrackerSums::add(const Counters& c) {
    packets += c.packets.get();
    tcp_packets += c.tcp_packets.get();
    created += c.flows_created.get();
    promoted += c.flows_promoted.get();
    ended += c.flows_ended.get();
    resets_sent += c.resets_sent.get();
    resets_due += c.resets_due.get();
    events += c.events.get();
    events_lost += c.events_lost.get();
    tombstones += c.tombstones.get();
    cookies_sent += c.cookies_sent.get();
    cookies_accepted += c.cookies_accepted.get();
    cookies_refused += c.cookies_refused.get();
    challenges_sent += c.challenges_sent.get();
    challenges_met += c.challenges_met.get();
    challenges_adopted += c.challenges_adopted.get();
    challenges_refused += c.challenges_refused.get();
    challenges_waived += c.challenges_waived.get();
    would_answer += c.would_answer.get();
    would_challenge += c.would_challenge.get();
    would_drop += c.would_drop.get();
    proxied += c.proxied.get();
    proxied_open += c.proxied_open.get();
    probing += c.probing.get();
    probes_sent += c.probes_sent.get();
    probes_answered += c.probes_answered.get();
    probings += c.probings.get();
    probings_put_off += c.probings_put_off.get();
    probings_ended_by_traffic += c.probings_ended_by_traffic.get();
    proven_alive += c.proven_alive.get();
    proven_dead += c.proven_dead.get();
    probe_undecided += c.probe_undecided.get();
    timer_backlog += c.timer_backlog.get();
    link_headers += c.link_headers.get();
    links_refused += c.links_refused.get();
    latest_expiry_ns = std::max(latest_expiry_ns, c.expiry_late_max_ns.get());
    add_all(reason, c.reason);
    add_all(attempts, c.attempts);
    add_all(flows, c.flows);
    add_all(flagged, c.flagged);
    add_all(evicted, c.evicted);
}

Sample take_sample(const Wiring& wiring, std::span<const std::string> devices,
                   std::span<Tracker* const> trackers, Time now) {
    Sample out;
    out.taken = std::chrono::steady_clock::now();
    out.now = now;
    for (const Tally& tally : wiring.tally) {
        out.frames.add(tally);
        out.ring_full.resize(tally.ring_full.size());
        for (std::size_t i = 0; i < tally.ring_full.size(); ++i) out.ring_full[i] += tally.ring_full[i].get();
    }
    for (const Tracker* tracker : trackers) {
        out.tracker.add(tracker->counters());
        const auto ages = tracker->embryonic_ages(now);
        for (std::size_t i = 0; i < ages.size(); ++i) out.tracker.embryonic_age[i] += ages[i];
    }
    for (std::size_t i = 0; i < wiring.ports.size(); ++i)
        out.ports.push_back(port_sample(wiring, i, devices[i]));
    return out;
}

}  // namespace ajar::dataplane
