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
#include "dataplane/tally.hpp"
#include "dataplane/wiring.hpp"

namespace ajar::dataplane {

struct TrackerSums {
    std::uint64_t packets = 0, tcp_packets = 0, created = 0, promoted = 0, ended = 0, resets_sent = 0,
                  resets_due = 0, events = 0, events_lost = 0, tombstones = 0, timer_backlog = 0,
                  link_headers = 0, links_refused = 0, latest_expiry_ns = 0, cookies_sent = 0,
                  cookies_accepted = 0, cookies_refused = 0, challenges_sent = 0, challenges_met = 0,
                  challenges_adopted = 0, challenges_refused = 0, challenges_waived = 0, would_answer = 0,
                  would_challenge = 0, would_drop = 0, proxied = 0, proxied_open = 0, probing = 0,
                  probes_sent = 0, probes_answered = 0, probings = 0, probings_put_off = 0,
                  probings_ended_by_traffic = 0, proven_alive = 0, proven_dead = 0, probe_undecided = 0;
    std::array<std::uint64_t, kReasonCount> reason{};
    std::array<std::uint64_t, kAttemptCount> attempts{};
    std::array<std::uint64_t, kTcpStateCount> flows{};
    std::array<std::uint64_t, kCauseCount> flagged{}, evicted{};
    std::array<std::uint64_t, kEmbryonicAgeBounds.size() + 1> embryonic_age{};

    void add(const Counters& counters);
};

struct PortSample {
    std::string device;
    bool link_up = false;
    std::uint64_t received = 0, transmitted = 0, crafted = 0, crafted_dropped = 0, dropped = 0, tx_failed = 0;
    std::uint64_t missed = 0;     ///< by the device, before any burst: full queues
    std::uint64_t no_buffer = 0;  ///< likewise, for want of buffers
};

struct Sample {
    std::chrono::steady_clock::time_point taken{};
    Time now{};  ///< the tracker's
    FrameSums frames;
    TrackerSums tracker;
    std::vector<PortSample> ports;
    std::vector<std::uint64_t> ring_full;  ///< by the lane whose ring it was
    std::optional<Duration> drains_for{};  ///< at most, before the end (dataplane/drain.hpp)
};

/// `now` is the tracker's time, for the ages of embryonic flows.
Sample take_sample(const Wiring& wiring, std::span<const std::string> devices,
                   std::span<Tracker* const> trackers, Time now);

}  // namespace ajar::dataplane
