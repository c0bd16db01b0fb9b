// The state of one partition: for each address family a directory and the three stores that it indexes.
//
// Who is where: an embryonic flow in `embryonic` and in the birth list of its timer class, a confirmed one in
// `confirmed` and armed in `timers`, unless it is being probed: then it is in `probes`, and its stamp says
// where. An evicted tuple is in `tombstones`. A tuple is in one store only, and the directory holds exactly
// one slot for it. Full: the embryonic store gives up its oldest, or a flow of the network that has most of
// it (tracker/victims.hpp), the confirmed one refuses new flows at their SYN, tombstones overwrite their
// oldest. `reserved` counts SYN_RECV flows that hold a place in `confirmed`: used + reserved never exceeds
// its capacity. All SYN_RECV flows but flagged ones do, and they stand in the list of their class, so that
// any reservation can be taken back.
#pragma once

#include <algorithm>
#include <cstdint>

#include "ajar/flow/ask_sample.hpp"
#include "ajar/flow/birth_lists.hpp"
#include "ajar/flow/challenges.hpp"
#include "ajar/flow/directory.hpp"
#include "ajar/flow/memory.hpp"
#include "ajar/flow/pool.hpp"
#include "ajar/flow/probes.hpp"
#include "ajar/flow/suspicions.hpp"
#include "ajar/flow/timer_sweep.hpp"
#include "ajar/flow/tombstones.hpp"
#include "ajar/policy/services.hpp"
#include "ajar/tracker.hpp"

namespace ajar::tracker {

/// Sizes of one family in one partition.
struct FamilySizes {
    std::uint32_t confirmed, embryonic, tombstones, mid_stream;
    [[nodiscard]] std::uint64_t slots() const { return std::uint64_t{confirmed} + embryonic + tombstones; }
};

FamilySizes family_sizes(const TableSizes& sizes, Family family);

/// What rounding each array of a family, or of a shard, up to its alignment may cost.
inline constexpr std::uint64_t kAlignmentSlack = 16U * 128U;

/// Challenged tuples that one partition remembers: as many as it has places for handshakes.
std::uint64_t challenge_places(const TableSizes& sizes);

/// Bytes that one partition takes from its Memory.
std::uint64_t partition_bytes(const TableSizes& sizes, Recording recording);

/// Where the look-up of a partition begins. The partitions of a shard have theirs side by side: their tables
/// are too many to be at hand, one of them or another for each packet.
template <typename Key>
struct Door {
    Buckets buckets{};
    Entry<Key>* confirmed = nullptr;
};

/// Where the search for flows of heavy networks is (tracker/victims.hpp): in which birth list, BirthLists
/// knows where there.
struct VictimSearch {
    std::uint8_t list = 0;
    bool fruitful = true;  ///< somebody was found there
};

template <typename Key>
struct FamilyTables {
    // Each packet of a flood comes to another partition, so what it needs of one takes few lines.
    alignas(64) Directory directory;
    std::uint32_t reserved = 0;
    std::uint32_t mid_stream_cap;
    std::uint32_t stamps_for = 0;  ///< Shard::stamps_for that its stamps follow
    VictimSearch victims;
    alignas(64) Pool<Key> embryonic;
    alignas(64) BirthLists births;
    alignas(64) Pool<Key> confirmed;
    TimerSweep timers;
    Tombstones tombstones;
    Probes probes;
    Suspicions suspicions;

    FamilyTables(Memory& memory, const FamilySizes& s, Recording recording)
        : directory(memory, s.slots()),
          mid_stream_cap(s.mid_stream),
          embryonic(memory, s.embryonic, recording),
          births(memory, s.embryonic),
          confirmed(memory, s.confirmed, recording),
          timers(memory, s.confirmed),
          tombstones(memory, s.tombstones),
          probes(memory, Probes::capacity_for(s.confirmed)),
          suspicions(memory, s.confirmed) {}

    [[nodiscard]] Door<Key> door() { return {directory, confirmed.entries()}; }
    [[nodiscard]] Pool<Key>& pool(Store store) { return store == Store::confirmed ? confirmed : embryonic; }
    /// Not even a reservation could be taken back: each is held by a flow of the syn_recv list.
    [[nodiscard]] bool confirmed_full() const { return confirmed.used() >= confirmed.capacity(); }
    [[nodiscard]] bool unreserved() const { return confirmed.used() + reserved < confirmed.capacity(); }
};

/// Permits, of crafted resets for one: `rate` a second, `burst` at once. Time may stand still but does not
/// run backwards.
class TokenBucket {
public:
    bool take(Time now, std::uint32_t rate, std::uint32_t burst, std::uint32_t permits = 1) {
        return rate != 0 && take(now, Duration(std::chrono::seconds(1)) / rate, burst, permits);
    }
    /// One each `period`.
    bool take(Time now, Duration period, std::uint32_t burst, std::uint32_t permits = 1) {
        if (now > last_) {
            const auto full = period * burst;
            credit_ = started_ ? std::min(full, credit_ + std::min(full, now - last_)) : full;
            last_ = now;
            started_ = true;
        }
        if (credit_ < period * permits) return false;
        credit_ -= period * permits;
        return true;
    }

    /// When so many more permits than are there now will be, and have gone to whoever waits already: who
    /// waits comes back then. Turns are given no more than `most` ahead.
    Time turn(Time now, std::uint32_t rate, std::uint32_t permits, Duration most) {
        const auto period = Duration(std::chrono::seconds(1)) / std::max(rate, 1U);
        turn_ = std::clamp(turn_ + period * permits, now + period, now + most);
        return turn_;
    }

private:
    Time last_{};
    Time turn_{};
    Duration credit_{};
    bool started_ = false;
};

/// How far a partition is with giving way to a flood (tracker/purge.hpp).
struct Purge {
    static constexpr std::uint8_t kDone = 0xff;
    std::uint32_t heeded = 0;   ///< Posture::purge
    Tick began{};               ///< in this tick
    Tick tick{};                ///< in this one, lately,
    std::uint32_t looked = 0;   ///< it looked at so many flows
    std::uint8_t walk = kDone;  ///< under way
};

struct Partition {
    std::uint32_t number;
    FamilyTables<KeyV4> v4;
    FamilyTables<KeyV6> v6;
    TokenBucket resets{};   ///< to the ends of flows that are evicted
    TokenBucket answers{};  ///< to whoever speaks for a flow that was: he may not use up the former
    TokenBucket looks{};    ///< second looks at what may be a client's probe (tracker/proxy.cpp)
    TokenBucket probes{};   ///< frames that ask whether an end lives
    Purge purge{};
    Tick observing{};            ///< in this tick
    std::uint32_t observed = 0;  ///< so many observations were made
    AskSample asked;
    Challenges challenges;
    TokenBucket
        waivers{};  ///< SYNs that pass although two challenges stayed unanswered (tracker/challenge.cpp)

    Partition(Memory& memory, std::uint32_t its_number, const TableSizes& sizes, Recording recording,
              std::uint64_t seed)
        : number(its_number),
          v4(memory, family_sizes(sizes, Family::ipv4), recording),
          v6(memory, family_sizes(sizes, Family::ipv6), recording),
          asked(memory, seed),
          challenges(memory, challenge_places(sizes)) {}

    template <typename Key>
    [[nodiscard]] FamilyTables<Key>& tables() {
        if constexpr (std::is_same_v<Key, KeyV4>) {
            return v4;
        } else {
            return v6;
        }
    }
};

// The birth lists beside those of the timer classes: flagged embryonic flows, which no timer ends. Those
// without a handshake have one of their own, for they count towards the cap of their kind. Behind them the
// handshakes of services with terms of their own, whose timeouts differ.
inline constexpr unsigned kFlaggedList = static_cast<unsigned>(TimerClass::untimed);
inline constexpr unsigned kFlaggedMidStreamList = kFlaggedList + 1;
inline constexpr unsigned kTermsLists = kFlaggedMidStreamList + 1;
static_assert(BirthLists::kClasses == kTermsLists + 2 * (kMostTerms - 1) && BirthLists::kClasses < 32);
// Those whose flows have a timer.
inline constexpr std::uint32_t kTimedLists =
    ((1U << BirthLists::kClasses) - 1) & ~(1U << kFlaggedList | 1U << kFlaggedMidStreamList);

/// Of flows in a handshake: SYN_SENT or SYN_RECV.
constexpr unsigned handshake_list(TimerClass timer, unsigned terms) {
    const auto own = static_cast<unsigned>(timer);
    return terms == 0 ? own : kTermsLists + 2 * (terms - 1) + own;
}

/// Of an embryonic flow.
inline unsigned list_of(const Conn& conn) {
    if (conn.mark(Conn::kFlagged))
        return conn.timer == TimerClass::mid_stream ? kFlaggedMidStreamList : kFlaggedList;
    const bool handshake = conn.timer <= TimerClass::syn_recv;
    return handshake ? handshake_list(conn.timer, conn.terms) : static_cast<unsigned>(conn.timer);
}

}  // namespace ajar::tracker
