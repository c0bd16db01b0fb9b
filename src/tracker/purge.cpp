// A walk through the birth lists of handshakes, in steps.
#include "tracker/purge.hpp"

#include "tracker/asked.hpp"
#include "tracker/expire.hpp"
#include "tracker/find.hpp"

namespace ajar::tracker {
namespace {

// What the server waits for comes first, of either family and of all terms.
constexpr std::array kTimers = {TimerClass::syn_recv, TimerClass::syn_sent};
constexpr std::uint8_t kFamilies = 2, kWalksATimer = kMostTerms * kFamilies,
                       kWalks = kTimers.size() * kWalksATimer;
static_assert(Purge::kDone >= kWalks);

// Of a store of 2^20 flows, that are 32 ticks.
constexpr std::uint32_t kLooksATick = 256;
constexpr std::size_t kLookCost = kExpiryCost / 4;  // an entry from anywhere, and a hash

unsigned list_of(const Purge& purge) {
    return handshake_list(kTimers[purge.walk / kWalksATimer], purge.walk % kWalksATimer / kFamilies);
}

/// Calls f with the tables that the walk under way goes through.
template <typename F>
auto with_tables(Partition& partition, F&& f) {
    return partition.purge.walk % kFamilies == 0 ? f(partition.v4) : f(partition.v6);
}

void begin_walk(Partition& partition, unsigned walk) {
    partition.purge.walk = walk < kWalks ? static_cast<std::uint8_t>(walk) : Purge::kDone;
    if (walk >= kWalks) return;
    with_tables(partition,
                [&](auto& tables) { tables.births.walk(BirthLists::purge, list_of(partition.purge)); });
}

/// The flow at which the walk stands gives way, or the walk goes on. Returns what that cost.
template <typename Key>
std::size_t look(Shard& shard, Partition& partition, FamilyTables<Key>& tables, Time now) {
    const std::uint32_t index = tables.births.walker(BirthLists::purge);
    const auto& entry = tables.embryonic.entry(index);
    if (!answers(shard, asked_for(shard, entry.key, other(entry.conn.originator())))) {
        tables.births.walk_on(BirthLists::purge);
        return kLookCost;
    }
    const auto flow = view_of(shard, tables, Slot::of(Store::embryonic, index));
    Occasion occasion{now, flow.birth(), 0};
    const Action action = shard.policy->actions[static_cast<std::size_t>(Cause::embryonic_stale)];
    evict(shard, partition, occasion, flow, Cause::embryonic_stale, action, Reason::backlog_freed);
    return kExpiryCost;
}

/// All further flows of the list are younger, or there is none.
template <typename Key>
bool is_over(const FamilyTables<Key>& tables, Tick began) {
    const std::uint32_t index = tables.births.walker(BirthLists::purge);
    constexpr auto kAge = static_cast<std::int32_t>(ticks_for(kPurgeAge));
    return index == kNone || began - tables.embryonic.entry(index).tick < kAge;
}

bool allowed(const Shard& shard) {
    return shard.defends &&
           shard.policy->actions[static_cast<std::size_t>(Cause::embryonic_stale)] != Action::flag;
}

}  // namespace

bool heed_purge(Shard& shard, Partition& partition, Time now, std::size_t& budget) {
    Purge& purge = partition.purge;
    const Tick tick = tick_of(now);
    if (purge.heeded != shard.posture->purge) [[unlikely]] {
        purge.heeded = shard.posture->purge;
        purge.began = tick;
        begin_walk(partition, 0);
    }
    if (purge.walk == Purge::kDone) [[likely]]
        return true;
    if (!allowed(shard)) {
        begin_walk(partition, kWalks);
        return true;
    }
    if (purge.tick != tick) purge.looked = 0;
    purge.tick = tick;
    while (purge.walk != Purge::kDone && purge.looked < kLooksATick) {
        if (budget == 0) return false;
        with_tables(partition, [&](auto& tables) {
            if (is_over(tables, purge.began)) return begin_walk(partition, purge.walk + 1U);
            ++purge.looked;
            spend(budget, look(shard, partition, tables, now));
        });
    }
    return true;
}

}  // namespace ajar::tracker
