// Reading counters that others write.
#include "dataplane/sample.hpp"

#include <algorithm>

#include "dataplane/sums.hpp"

namespace ajar::dataplane {

void TrackerSums::add(const Counters& c) {
    dataplane::add(*this, c);
    packets += c.packets.get();
    tcp_packets += c.tcp_packets.get();
    events += c.events.get();
    events_lost += c.events_lost.get();
    timer_backlog += c.timer_backlog.get();
    latest_expiry_ns = std::max(latest_expiry_ns, c.expiry_late_max_ns.get());
    tombstones += c.tombstones.get();
    proxied_open += c.proxied_open.get();
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
        out.ports.push_back(port_facts(wiring, i, devices[i]));
    return out;
}

}  // namespace ajar::dataplane
