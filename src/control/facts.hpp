// What an appliance has counted, at one moment: plain numbers, for whoever shows or exports them.
//
// Filled by src/dataplane on the main thread, where devices may be asked; but for `tables`, which take a look
// at the directories and are filled in beside it (Tracker::occupancy()). Counts only grow, but for those said
// to be levels. Cycles are of the TSC.
#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "ajar/clock.hpp"
#include "ajar/counters.hpp"
#include "ajar/defence/change.hpp"
#include "ajar/policy/policy.hpp"
#include "ajar/tracker.hpp"
#include "control/would_have.hpp"

namespace ajar::control {

/// Bursts by the packets in them: 1, 2-3, 4-7, 8-15, 16-31, 32-63, 64.
inline constexpr std::size_t kBurstSizes = 7;
using BurstSizes = std::array<std::uint64_t, kBurstSizes>;

struct QueueFacts {
    std::uint32_t port = 0, queue = 0, worker = 0;
    std::uint64_t packets = 0, bursts = 0;
    BurstSizes sizes{};
};

struct WorkerFacts {
    bool stalled = false;           ///< it makes no rounds
    bool timed = false;             ///< the next two count: not with the packet clock
    std::uint64_t busy_cycles = 0;  ///< of rounds that had anything to do,
    std::uint64_t idle_cycles = 0;  ///< and of those that had not
    std::uint64_t rounds = 0, idle_rounds = 0;
    std::uint64_t received = 0;                             ///< frames from queues
    std::uint64_t packets = 0, bytes = 0, tcp_packets = 0;  ///< judged
    std::uint64_t forwarded = 0, dropped = 0, consumed = 0;
    std::uint64_t handed_over = 0, taken_over = 0, ring_full = 0;
    std::uint64_t ring_backlog = 0;   ///< level: packets that wait to be taken over
    std::uint64_t event_backlog = 0;  ///< level: events that wait to be written
    std::uint64_t events = 0, events_lost = 0;
    std::uint64_t timer_backlog = 0;  ///< level: partitions whose timers are behind
    std::uint64_t expiries = 0, expiry_late_max_ns = 0;
    std::uint64_t orders = 0;          ///< of operators, carried out
    std::uint64_t order_backlog = 0;   ///< level
    std::uint64_t fragments_held = 0;  ///< level: buffers
    std::uint64_t flows = 0;           ///< level: living
    Occupancy tables{};
};

struct PortFacts {
    std::string device;
    bool link_up = false;
    std::uint64_t received = 0, received_bytes = 0, transmitted = 0, transmitted_bytes = 0;
    std::uint64_t crafted = 0, crafted_dropped = 0, dropped = 0, tx_failed = 0;
    std::uint64_t missed = 0;     ///< by the device, before any burst
    std::uint64_t no_buffer = 0;  ///< likewise
};

/// Sums over all workers of what the trackers count.
struct TrackerFacts {
    std::array<std::uint64_t, kTcpStateCount> flows{};  ///< level
    std::array<std::uint64_t, kReasonCount> reasons{};
    std::array<std::uint64_t, kCauseCount> flagged{}, evicted{};
    std::array<std::uint64_t, kAttemptCount> attempts{};
    std::uint64_t created = 0, promoted = 0, ended = 0;
    std::uint64_t resets_sent = 0, resets_due = 0;
    std::uint64_t half_open = 0;  ///< level
    std::uint64_t cookies_sent = 0, cookies_accepted = 0, cookies_repeated = 0, cookies_refused = 0;
    std::uint64_t challenges_sent = 0, challenges_met = 0, challenges_adopted = 0, challenges_refused = 0,
                  challenges_waived = 0;
    std::uint64_t would_answer = 0, would_challenge = 0, would_drop = 0;
    std::uint64_t translated = 0;  ///< level
    std::uint64_t probing = 0;     ///< level
    std::uint64_t probes_sent = 0, probes_answered = 0;
    std::uint64_t probings = 0, probings_put_off = 0, probings_ended_by_traffic = 0;
    std::uint64_t proven_alive = 0, proven_dead = 0, probe_undecided = 0;
    std::uint64_t observations_lost = 0, suspicions_refused = 0;
    std::uint64_t link_headers = 0;  ///< level
    std::uint64_t links_refused = 0;
};

inline constexpr std::size_t kMeasures = static_cast<std::size_t>(Measure::rung) + 1;

/// What is done about floods.
struct DefenceFacts {
    std::array<bool, kRungCount> rungs{};               ///< level: stages of the pressure ladder that stand
    std::array<std::uint64_t, kMeasures> standing{};    ///< level: by measure
    std::array<std::uint64_t, kChangeCount> changes{};  ///< what has happened
    /// What stands: the stages of the ladder, then the earliest of the others, kTold at most.
    std::vector<Change> told;
    static constexpr std::size_t kTold = 32;
};
DefenceFacts facts_of(const Situation& situation);

/// Buffers of a port pair.
struct PoolFacts {
    std::uint64_t buffers = 0;
    std::uint64_t in_use = 0;  ///< level
};

/// What main has done for whoever runs the appliance.
struct MainFacts {
    std::uint64_t reloads = 0, reloads_refused = 0;
    std::uint64_t lines_written = 0, lines_lost = 0;     ///< to the targets of events and flow records
    std::uint64_t flows_exported = 0, exports_lost = 0;  ///< to the IPFIX collector
};

/// What is shared with other appliances (src/share).
struct ShareFacts {
    enum class Stream : std::uint8_t { events, sums, blocks };
    static constexpr std::size_t kStreams = 3;
    static constexpr std::array<std::string_view, kStreams> kStreamNames = {"events", "sums", "blocks"};

    bool on = false;           ///< a server is named
    bool up = false;           ///< level: there is a connection
    std::uint64_t boxes = 0;   ///< level: others that are heard,
    std::uint64_t names = 0;   ///< services and addresses that they tell of,
    std::uint64_t blocks = 0;  ///< and blocks of theirs
    std::array<std::uint64_t, kStreams> told{}, lost{}, heard{};  ///< entries, by stream
    std::uint64_t refused = 0;  ///< entries of others that make no sense, or are beyond a bound
    std::uint64_t breaks = 0;   ///< connections that did not come about, or broke
};

struct Facts {
    Time now{};         ///< the tracker's
    Duration uptime{};  ///< since the ports were started
    std::uint64_t cycles_a_second = 0;
    Mode mode = Mode::observe;
    std::uint64_t generation = 0;
    std::vector<WorkerFacts> workers;
    std::vector<PortFacts> ports;
    std::vector<QueueFacts> queues;
    std::vector<PoolFacts> pools;
    TrackerFacts tracker;
    DefenceFacts defence;
    WouldHave would;
    MainFacts main;
    ShareFacts share;
    std::array<std::uint64_t, kReasonCount> disposed{};  ///< frames freed, by Reason
    std::uint64_t control_events_lost = 0;               ///< on their way from main to the socket's server
};

/// What the server counts of itself.
struct ServerFacts {
    std::uint64_t clients = 0;  ///< level
    std::uint64_t accepted = 0, refused = 0, requests = 0, faults = 0;
    std::uint64_t dropped_slow = 0;                  ///< clients that did not read, or did not end their line
    std::uint64_t displaced = 0;                     ///< quiet ones that gave way to new ones
    std::uint64_t events_sent = 0, events_lost = 0;  ///< to followers
};

/// An answer's members, with the comma that joins them to what stands before.
std::string members_of(const Facts& facts, const ServerFacts& server);

}  // namespace ajar::control
