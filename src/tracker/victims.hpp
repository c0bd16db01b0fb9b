// Who gives way in a full embryonic store, while networks are known that have most of it?
//
// A walk goes through the birth lists, oldest first, and stops at the flows of heavy networks, which are what
// a newcomer displaces. What it passes is left alone, until the walk comes round again: were it to begin at
// the head each time, flows of others would gather there, and the few that one SYN may look at be all theirs.
// A walk begins in the longest list, for that is whose flows a flood makes; after one that found nobody it
// goes on to the next. If a SYN's few looks find nobody, the oldest of all gives way.
//
// All of it depends on the partition's own packets and on the posture, so on no distribution of work.
#pragma once

#include <bit>

#include "tracker/accounts.hpp"

namespace ajar::tracker {

/// Looks a SYN.
inline constexpr unsigned kVictimLooks = 8;

namespace victims {

/// Those whose flows are counted as half open.
constexpr std::uint32_t kVictimLists =
    ((1U << BirthLists::kClasses) - 1) &
    ~(1U << static_cast<unsigned>(TimerClass::mid_stream) | 1U << static_cast<unsigned>(TimerClass::close) |
      1U << kFlaggedMidStreamList);

inline unsigned longest_of(const BirthLists& births, std::uint32_t lists) {
    auto best = static_cast<unsigned>(std::countr_zero(lists));
    for (; lists != 0; lists &= lists - 1) {
        const auto list = static_cast<unsigned>(std::countr_zero(lists));
        if (births.count(list) > births.count(best)) best = list;
    }
    return best;
}
/// The first behind `last`, or else of all.
inline unsigned next_of(std::uint32_t lists, unsigned last) {
    const std::uint32_t behind = lists & ~((2U << last) - 1);
    return static_cast<unsigned>(std::countr_zero(behind != 0 ? behind : lists));
}

template <typename Key>
bool begin_walk(FamilyTables<Key>& tables) {
    const std::uint32_t lists = tables.births.occupied() & kVictimLists;
    if (lists == 0) return false;
    VictimSearch& search = tables.victims;
    const unsigned list = search.fruitful ? longest_of(tables.births, lists) : next_of(lists, search.list);
    search = {static_cast<std::uint8_t>(list), false};
    tables.births.walk(BirthLists::victims, list);
    return true;
}

}  // namespace victims

/// A half-open flow of a heavy network, at which the walk stands, or kNone.
template <typename Key>
std::uint32_t find_victim(const Shard& shard, FamilyTables<Key>& tables) {
    BirthLists& births = tables.births;
    for (unsigned looks = 0; looks < kVictimLooks; ++looks) {
        if (births.walker(BirthLists::victims) == kNone && !victims::begin_walk(tables)) return kNone;
        const std::uint32_t index = births.walker(BirthLists::victims);
        const auto& entry = tables.embryonic.entry(index);
        const auto network =
            count_key(CountKind::network, entry.key.address[entry.conn.originator()], entry.key.zone);
        if (shard.heaviest->has(keyed_hash(network, shard.count_hash_key))) {
            tables.victims.fruitful = true;
            return index;
        }
        births.walk_on(BirthLists::victims);
    }
    return kNone;
}

}  // namespace ajar::tracker
