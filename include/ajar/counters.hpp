// What a shard counts: written by its worker alone, read by anyone at any moment.
#pragma once

#include <array>
#include <atomic>
#include <cstdint>

#include "ajar/event.hpp"
#include "ajar/reason.hpp"
#include "ajar/tcp/state.hpp"

namespace ajar {

/// A counter with one writer. Relaxed on both sides: each value is whole, two of them need not agree.
class Counter {
public:
    void add(std::uint64_t n = 1) {
        value_.store(value_.load(std::memory_order_relaxed) + n, std::memory_order_relaxed);
    }
    void sub(std::uint64_t n = 1) {
        value_.store(value_.load(std::memory_order_relaxed) - n, std::memory_order_relaxed);
    }
    void set(std::uint64_t v) { value_.store(v, std::memory_order_relaxed); }
    void raise(std::uint64_t v) {
        if (v > get()) set(v);
    }
    [[nodiscard]] std::uint64_t get() const { return value_.load(std::memory_order_relaxed); }

private:
    std::atomic<std::uint64_t> value_{0};
};

/// Ages of embryonic flows in a live view: < 1 s, < 5 s, < 10 s, < 30 s, older.
inline constexpr std::array kEmbryonicAgeBounds = {std::chrono::seconds(1), std::chrono::seconds(5),
                                                   std::chrono::seconds(10), std::chrono::seconds(30)};

struct alignas(64) Counters {
    Counter packets, bytes;                ///< frames whose packets were given to process()
    Counter tcp_packets;                   ///< of them, whole TCP segments
    Counter forwarded, dropped, consumed;  ///< verdicts: their sum is `packets`
    std::array<Counter, kReasonCount>
        reason;  ///< packets (fates pass..consume), flows (fate end) and verdicts (fate sign), by Reason
    std::array<Counter, kTcpStateCount> flows;    ///< living flows by state
    std::array<Counter, kAttemptCount> attempts;  ///< flows that ended, by what became of their handshake
    Counter flows_created, flows_promoted, flows_ended;
    std::array<Counter, kCauseCount> flagged, evicted;
    Counter resets_sent, resets_due;  ///< in `observe` only the second counts
    Counter events, events_lost;
    Counter tombstones;
    std::array<Counter, 2> embryonic_used,
        confirmed_used;  ///< places of the stores that are taken: IPv4, IPv6
    Counter half_open;   ///< living embryonic flows that began with a SYN
    Counter cookies_sent, cookies_accepted;
    Counter cookies_repeated;  ///< of those accepted: from whom another was a moment ago
    Counter cookies_refused;   ///< ACKs of no flow, to a service that takes cookies, that were none
    Counter challenges_sent;
    Counter challenges_met;      ///< proofs: exact RSTs of tuples that had a challenge on record
    Counter challenges_adopted;  ///< and of others: another appliance's, or there was no place to note it
    Counter challenges_refused;  ///< RSTs of no flow, to a service that is challenged for, that were none
    Counter challenges_waived;   ///< SYNs that passed because two challenges had stayed unanswered
    Counter would_answer, would_challenge, would_drop;  ///< SYNs: what would have been done, in observe
    Counter proxied;       ///< living flows that are translated, or wait for their server
    Counter proxied_open;  ///< of them, those that are not over
    Counter observations_lost;
    Counter unheard;             ///< connections that show that an end's words pass elsewhere
    Counter suspicions_refused;  ///< packets of half-open look that found no place to be remembered
    Counter probing;             ///< connections that are being asked whether they live
    Counter probes_sent;         ///< frames
    Counter probes_answered;     ///< of them
    Counter probings;            ///< begun,
    Counter probings_put_off;    ///< or put off, each time for want of budget or place
    Counter probings_ended_by_traffic;
    Counter proven_alive, proven_dead, probe_undecided;  ///< connections, by asking
    Counter expiries;                                    ///< timer visits that ended or flagged a flow
    Counter expiry_late_max_ns;                          ///< the latest of them behind its deadline
    Counter timer_backlog;  ///< partitions that the last advance() left for the next, its budget spent
    Counter link_headers;   ///< interned at this moment
    Counter links_refused;  ///< packets whose link header found no room: no reset can be made like them
};

}  // namespace ajar
