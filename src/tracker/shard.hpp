// What all parts of a shard work with: its partitions, counters, rings, and the policy of the call under way.
#pragma once

#include <array>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <vector>

#include "ajar/defence/service_counts.hpp"
#include "ajar/flow/memory.hpp"
#include "ajar/packet/link_table.hpp"
#include "ajar/tracker.hpp"
#include "tracker/tables.hpp"
#include "tracker/work.hpp"

namespace ajar::tracker {

/// Frames that one call may want to send. A packet can bring about some 200 (the look for a place in a full
/// table, two resets a flow; the heads of the birth lists, one each), a visit of a timer two, and advance()
/// limits itself, so that the bound is never the reason why a reset is not sent.
inline constexpr std::size_t kOutbox = 16384;
inline constexpr std::size_t kResetsPerVisit = 2;

/// The frames of one call, in memory of the shard's.
class Outbox {
public:
    static constexpr std::size_t kBytes = kOutbox * sizeof(Craft);

    explicit Outbox(Memory& memory) : room_(take_array<Craft>(memory, kOutbox)) {}
    void clear() { used_ = 0; }
    [[nodiscard]] bool full() const { return used_ == room_.size(); }
    [[nodiscard]] std::size_t room() const { return room_.size() - used_; }
    /// Not full.
    void push(const Craft& frame) { room_[used_++] = frame; }
    [[nodiscard]] std::span<const Craft> frames() const { return room_.first(used_); }

private:
    std::span<Craft> room_;
    std::size_t used_ = 0;
};

/// What a call says of single packets, in their order.
template <typename T>
class PerPacket {
public:
    void clear() { used_ = 0; }
    void push(const T& value) { values_[used_++] = value; }
    [[nodiscard]] std::span<const T> values() const { return std::span(values_).first(used_); }

private:
    std::array<T, kBurst> values_{};
    std::size_t used_ = 0;
};

/// The occasion of an event: when, and which packet or flow brought it about.
struct Occasion {
    Time time{};
    std::uint64_t ordinal = 0;
    std::uint16_t index = 0;  ///< events so far
};

/// The server that half-open flows were counted for last: a flood's victims and newcomers ask for the same,
/// and what they change cancels out before it is written to the sketch.
struct ServerCount {
    CountKey service{};
    std::uint64_t service_hash = 0, destination_hash = 0;
    std::int32_t change = 0;  ///< not in the sketch yet
};

struct Shard {
    Shard(const TrackerOptions& options, Memory& memory);

    HashKey hash_key;
    PreparedHashKey count_hash_key;  ///< the same, for CountKeys
    Recording recording;
    std::array<Partition*, kPartitions> partitions{};  ///< null where another shard owns it
    std::array<Door<KeyV4>, kPartitions> doors_v4{};
    std::array<Door<KeyV6>, kPartitions> doors_v6{};
    std::vector<std::unique_ptr<Partition>> owned;
    LinkTable links;
    Counters counters;
    SpscRing<Event> events;
    Outbox outbox;
    PerPacket<Rewrite> rewrites;
    PerPacket<Craft> answers;
    CountMin half_open, cookies, births, heard, unheard;
    ServerCount counted;  ///< settled at the end of each call
    ServiceCounts service_counts;
    SpscRing<Observation> observations;

    // of the call under way
    const Policy* policy = nullptr;
    const Posture* posture = &Posture::calm();
    bool short_way = false;              ///< may be tried (tracker/ordinary.hpp)
    bool wary = false;                   ///< something may be due to a SYN, if only to be counted
    bool defends = false;                ///< SYNs may be answered, and cookies accepted
    bool challenges = false;             ///< SYNs may be answered with challenges
    bool learns = false;                 ///< what servers say
    const FewNames* heaviest = nullptr;  ///< whose handshakes give way first; null: nobody's
    bool counts_births = false;          ///< by service, as they begin
    bool counts_proven = false;          ///< by source, as their handshake is complete
    bool counts_coverage = false;        ///< by network, whose words pass elsewhere,
    bool counts_heard = false;           ///< and whose come by: while any do pass elsewhere
    Time services_since{};               ///< flows that were born before are not counted by service
    std::array<std::array<std::uint32_t, kTimerClassCount>, kMostTerms> timeout_ticks{};
    StampTimeouts stamp_ticks{};   ///< of each class the longest: stamps know no terms
    std::uint32_t stamps_for = 0;  ///< grows when stamps may have come to lie too late:
    std::array<std::uint32_t, kTimerClassCount> doubted_at{};  ///< those of a class, last then
    Time timeouts_since{};                                     ///< nothing expires by them before
    std::array<Mode, kMostTerms> modes{};

    std::optional<Tick> frames_lost{};  ///< last: frames that were to be sent were not
    bool exits = false;                 ///< the process does: resets are as many as there are connections
    std::uint32_t end_cursor = 0;       ///< of finish(): how far it is in the store that it empties
    // of advance() and finish()
    std::size_t cursor = 0;           ///< index into `owned`
    std::size_t pending = 0;          ///< partitions still to be collected up to `target`
    std::optional<Tick> collected{};  ///< the tick whose collection is complete; none: look again
    Time target{};                    ///< everything due before it has been collected, but for `pending`
    Time latest{};                    ///< the latest instant that a caller has named

    /// Adopts `p` for the calls below; recomputes the ticks only when the timeouts changed.
    void use(const Policy& p, const Posture& at);
    [[nodiscard]] std::uint32_t ticks(unsigned terms, TimerClass c) const {
        return timeout_ticks[terms][static_cast<std::size_t>(c)];
    }
    [[nodiscard]] std::uint32_t ticks(const Conn& conn) const { return ticks(conn.terms, conn.timer); }
    /// What the policy says, but that no flow lives longer for waiting than it would in silence.
    [[nodiscard]] Duration timeout(const Conn& conn) const {
        return timeouts_[conn.terms][static_cast<std::size_t>(conn.timer)];
    }
    [[nodiscard]] Mode mode(const Conn& conn) const { return modes[conn.terms]; }
    /// Arms the timer of a confirmed flow whose time began at `tick`. A timeout shorter than the class's
    /// longest begins that much earlier.
    template <typename Key>
    void arm(FamilyTables<Key>& tables, std::uint32_t index, Tick tick, const Conn& conn) const {
        const auto shorter_by = stamp_ticks[static_cast<std::size_t>(conn.timer)] - ticks(conn);
        tables.timers.arm(index, tick + (0U - shorter_by), conn.timer);
    }

private:
    void adopt(const Policy& p, std::uint32_t share, std::uint8_t rungs);
    [[nodiscard]] Timeouts in_force(const Timeouts& wanted, Boundaries boundaries, Mode mode) const;
    void count_ticks();
    void adopt_services(const Services* services);

    // the policy's
    Timeouts wanted_{};
    const Services* services_ = nullptr;
    std::uint64_t generation_ = 0;
    // the posture's
    std::uint32_t share_ = kWholeShare;
    std::uint8_t rungs_ = 0;
    std::array<Timeouts, kMostTerms> timeouts_{};  // those in force
};

/// Has a flow's timer run out at `now`? Flagged flows have none.
[[nodiscard]] inline bool overdue(const Shard& shard, const Conn& conn, Tick start, Tick now) {
    return !conn.mark(Conn::kFlagged) && now - (start + shard.ticks(conn)) >= 0;
}

}  // namespace ajar::tracker
