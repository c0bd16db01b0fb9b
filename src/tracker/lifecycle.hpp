// The life of a flow between the stores: born embryonic, moved from timer to timer, promoted, ended.
//
// Each function leaves directory, pools, birth lists, timers, reservations and counters in agreement, and
// publishes the flow's copy to readers. None of them decides anything about TCP.
#pragma once

#include "tracker/emit.hpp"
#include "tracker/shard.hpp"

namespace ajar::tracker {

/// Enters a new flow (copy complete but for its slot) into `store`. Makes room in the embryonic store by
/// ending its oldest; the confirmed one must have room. Reason::none, or why it cannot: then nothing has
/// changed, except that room may have been made.
template <typename Key>
Reason enter(Shard& shard, Partition& partition, Occasion& occasion, Store store, Work<Key>& work);

/// Notes what class the stamp of a confirmed flow is about to be of: its timer's.
inline void note_stamp(Conn& conn) { conn.booked_or_short = conn.timer == TimerClass::unacknowledged; }

/// After a step: publishes the copy, renews or changes its timer. `renew` restarts the timer of a confirmed
/// flow (an embryonic one ages from its entry into the class, whatever comes). `before` is the flow as it was
/// loaded.
template <typename Key>
void settle(Shard& shard, FamilyTables<Key>& tables, Work<Key>& work, const Conn& before, Tick now,
            bool renew);

/// An ICMP error quotes a packet of the flow. Of a SYN that nobody has answered, it says why.
template <typename Key>
void note_icmp_error(FamilyTables<Key>& tables, Work<Key>& work, const Packet& packet);

/// Moves an embryonic flow into the confirmed table. False, and nothing changed, if it holds no reservation
/// and no place is free.
template <typename Key>
bool promote(Shard& shard, FamilyTables<Key>& tables, Work<Key>& work, Tick now);

/// Gives a SYN_RECV flow its place in the confirmed table, at the cost of the oldest other one if need be.
template <typename Key>
bool reserve(Shard& shard, Partition& partition, Occasion& occasion, Work<Key>& work);

/// Ends a flow: its record is written, its slot and reservation are free, nobody finds it any more. A view of
/// the store is void after it.
template <typename Key>
void end(Shard& shard, FamilyTables<Key>& tables, Occasion& occasion, const View<Key>& flow, Reason reason);

/// The same for a flow evicted with resets: its tuple stays as a tombstone.
template <typename Key>
void entomb(Shard& shard, FamilyTables<Key>& tables, Occasion& occasion, const View<Key>& flow,
            Reason reason);

/// Is the tombstone at `index` too old to be minded?
inline bool lapsed(const Shard& shard, const Tombstones& stones, std::uint32_t index, Tick now) {
    return stones.age(index, now) >= ticks_for(shard.policy->tombstone_life);
}

/// Forgets a tombstone.
template <typename Key>
void exhume(Shard& shard, FamilyTables<Key>& tables, std::uint64_t hash, Slot slot);

}  // namespace ajar::tracker
