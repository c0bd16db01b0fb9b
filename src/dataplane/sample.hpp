// The appliance's numbers at one moment, added up over all lanes: what the live view and the summary show.
#pragma once

#include <array>
#include <chrono>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "ajar/counters.hpp"
#include "ajar/tracker.hpp"
#include "control/facts.hpp"
#include "dataplane/tally.hpp"
#include "dataplane/wiring.hpp"

namespace ajar::dataplane {

struct TrackerSums : control::TrackerFacts {
    std::uint64_t packets = 0, tcp_packets = 0, events = 0, events_lost = 0, timer_backlog = 0,
                  latest_expiry_ns = 0;
    std::uint64_t tombstones = 0;  ///< level
    std::uint64_t proxied_open =
        0;  ///< level: of the translated flows, those whose server has not answered yet
    std::array<std::uint64_t, kEmbryonicAgeBounds.size() + 1> embryonic_age{};

    void add(const Counters& counters);
};

struct Sample {
    std::chrono::steady_clock::time_point taken{};
    Time now{};  ///< the tracker's
    FrameSums frames;
    TrackerSums tracker;
    std::vector<control::PortFacts> ports;
    std::vector<std::uint64_t> ring_full;  ///< by the lane whose ring it was
    std::optional<Duration> drains_for{};  ///< at most, before the end (dataplane/drain.hpp)
};

/// `now` is the tracker's time, for the ages of embryonic flows.
Sample take_sample(const Wiring& wiring, std::span<const std::string> devices,
                   std::span<Tracker* const> trackers, Time now);

}  // namespace ajar::dataplane
