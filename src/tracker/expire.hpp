// What happens when a timer runs out or a store is full: which flow, under which Reason, by which action.
#pragma once

#include "tracker/lifecycle.hpp"
#include "tracker/shard.hpp"

namespace ajar::tracker {

// A budget is counted in stamps looked at.
inline constexpr std::size_t kExpiryCost = TimerSweep::kDueCost;
inline void spend(std::size_t& budget, std::size_t cost) { budget -= std::min(budget, cost); }

/// The flow's timer has run out (its deadline is `deadline`): acts by the policy of its cause. Returns false
/// if the flow stays in its store (flagged), true if it is gone. A view of the store is void after it.
template <typename Key>
bool expire(Shard& shard, Partition& partition, const View<Key>& flow, Time deadline, Time now);

/// Ends what is overdue at the heads of the embryonic lists, then, if the store is still full, its oldest
/// flow.
template <typename Key>
void make_embryonic_room(Shard& shard, Partition& partition, Occasion& occasion, FamilyTables<Key>& tables);

/// Keeps mid-stream flows, flagged or not, under their cap within the embryonic store: over it, the oldest of
/// them gives way.
template <typename Key>
void make_mid_stream_room(Shard& shard, Partition& partition, Occasion& occasion, FamilyTables<Key>& tables);

/// Collects overdue confirmed flows until the table has a place, or none is overdue at `now`. Costs a look at
/// a bound where there is none.
template <typename Key>
void collect_confirmed(Shard& shard, Partition& partition, FamilyTables<Key>& tables, Time now);

/// Ends the oldest SYN_RECV flow that holds a reservation. False if there is none.
template <typename Key>
bool reclaim_reservation(Shard& shard, Partition& partition, Occasion& occasion, FamilyTables<Key>& tables);

/// Collects overdue flows of a partition within `budget`; true when none is left.
bool collect(Shard& shard, Partition& partition, Time now, std::size_t& budget);

/// No flow of these tables has its deadline before this instant; Time::max() without flows.
template <typename Key>
Time first_deadline(const Shard& shard, const FamilyTables<Key>& tables);

/// Ends every flow of a family, within `budget` flows; true when none is left. When the process ends, ends
/// are told.
template <typename Key>
bool end_all(Shard& shard, Partition& partition, Time now, std::size_t& budget);

/// Evicts a flow by `action` for `cause`: events, resets where they are due, tombstone. True if every end
/// that may wait has its RST on the way.
template <typename Key>
bool evict(Shard& shard, Partition& partition, Occasion& occasion, const View<Key>& flow, Cause cause,
           Action action, Reason reason);

/// Flags or evicts a flow, as the policy says for `cause`. True if it is gone.
template <typename Key>
bool act(Shard& shard, Partition& partition, Occasion& occasion, const View<Key>& flow, Cause cause,
         Reason reason);

/// When the flow's timer runs out.
template <typename Key>
Time deadline_of(const Shard& shard, const View<Key>& flow, Time near) {
    return std::max(time_of(flow.entry.tick + shard.ticks(flow.conn()), near), shard.timeouts_since);
}

}  // namespace ajar::tracker
