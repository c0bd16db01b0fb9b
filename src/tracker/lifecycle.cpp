// How a flow enters, moves between and leaves the stores.
//
// A copy is published before stamps, lists and directory are written: its words were written by halves, and
// are read whole only when those halves have left the store buffer, in order. Behind stores to lines that no
// cache has, that would take as long as memory does.
#include "tracker/lifecycle.hpp"

#include "ajar/flow/hash.hpp"
#include "tracker/accounts.hpp"
#include "tracker/attempt.hpp"
#include "tracker/coverage.hpp"
#include "tracker/expire.hpp"
#include "tracker/links.hpp"
#include "tracker/numbers.hpp"
#include "tracker/probe.hpp"
#include "tracker/signs.hpp"

namespace ajar::tracker {
namespace {

void count_state(Shard& shard, TcpState from, TcpState to) {
    if (from == to) return;
    shard.counters.flows[static_cast<std::size_t>(from)].sub();
    shard.counters.flows[static_cast<std::size_t>(to)].add();
}

/// A translated flow has come to its end, or gone on behind it.
void recount_open(Shard& shard, const Conn& before, const Conn& conn) {
    if (needs_us(before) && !needs_us(conn)) shard.counters.proxied_open.sub();
    if (!needs_us(before) && needs_us(conn)) shard.counters.proxied_open.add();
}

/// Between its two timers an ESTABLISHED flow goes to and fro with every segment of data. So the stamp of the
/// shorter one, once set, stays: what looks due by it is looked at, and armed by the timer that applies.
bool keeps_stamp(const Conn& conn, const Conn& before) {
    const auto rests = [](TimerClass t) {
        return t == TimerClass::established || t == TimerClass::unacknowledged;
    };
    return conn.booked_or_short && rests(conn.timer) && rests(before.timer) && !before.mark(Conn::kFlagged);
}

template <typename Key>
void release_reservation(FamilyTables<Key>& tables, Work<Key>& work) {
    if (!work.conn().booked_or_short) return;
    work.conn().booked_or_short = false;
    --tables.reserved;
}

/// The counter of places taken in a store.
template <typename Key>
Counter& places_taken(Shard& shard, Store store) {
    constexpr std::size_t kFamily = kFamilyOf<Key> == Family::ipv4 ? 0 : 1;
    return store == Store::confirmed ? shard.counters.confirmed_used[kFamily]
                                     : shard.counters.embryonic_used[kFamily];
}

/// Takes the flow out of its store; what remains is its directory slot.
template <typename Key>
void vacate(Shard& shard, FamilyTables<Key>& tables, const View<Key>& flow) {
    const std::uint32_t index = flow.slot.index();
    places_taken<Key>(shard, flow.slot.store()).sub();
    shard.counters.flows[static_cast<std::size_t>(flow.conn().state)].sub();
    shard.counters.flows_ended.add();
    if (flow.conn().suspected) [[unlikely]]
        tables.suspicions.drop(flow.hash);
    if (flow.slot.store() == Store::confirmed) {
        if (flow.conn().mark(Conn::kTranslated)) shard.counters.proxied.sub();
        if (needs_us(flow.conn())) shard.counters.proxied_open.sub();
        if (is_asked(flow.conn())) {
            stop_asking(shard, tables, index);
        } else {
            tables.timers.disarm(index);
        }
        tables.confirmed.give(index);
    } else {
        if (flow.conn().booked_or_short) --tables.reserved;
        count_half_open(shard, flow.entry, flow.conn(), -1);
        tables.births.remove(index);
        tables.embryonic.give(index);
    }
}

/// Inline: once for each SYN of a flood into a full store.
template <typename Key>
[[gnu::always_inline]] inline void write_record(Shard& shard, const FamilyTables<Key>& tables,
                                                Occasion& occasion, const View<Key>& flow, Reason reason) {
    shard.counters.reason[static_cast<std::size_t>(reason)].add();
    const Attempt attempt = attempt_at(flow, occasion.time);
    shard.counters.attempts[static_cast<std::size_t>(attempt)].add();
    note_attempt(shard, flow, attempt);
    if (!shard.policy->flow_end_events) return;
    post(shard, occasion, EventKind::flow_end, reason, flow,
         [&](Event& event) { attach_evidence(event, tables, flow); });
}

}  // namespace

template <typename Key>
Reason enter(Shard& shard, Partition& partition, Occasion& occasion, Store store_kind, Work<Key>& work) {
    auto& tables = partition.tables<Key>();
    if (store_kind == Store::embryonic) make_embryonic_room(shard, partition, occasion, tables);
    auto& pool = tables.pool(store_kind);
    const std::uint32_t index = pool.take();
    if (index == kNone) return Reason::confirmed_full;
    work.slot = Slot::of(store_kind, index);
    if (!tables.directory.insert(work.hash, work.slot)) {
        pool.give(index);
        return Reason::directory_full;
    }
    if (store_kind == Store::confirmed) note_stamp(work.conn());
    store(pool, work);
    if (store_kind == Store::confirmed) {
        shard.arm(tables, index, work.entry.tick, work.conn());
    } else {
        tables.births.push_back(list_of(work.conn()), index);
        count_half_open(shard, work.entry, work.conn(), +1);
    }
    places_taken<Key>(shard, store_kind).add();
    shard.counters.flows[static_cast<std::size_t>(work.conn().state)].add();
    shard.counters.flows_created.add();
    return Reason::none;
}

template <typename Key>
void settle(Shard& shard, FamilyTables<Key>& tables, Work<Key>& work, const Conn& before, Tick now,
            bool renew) {
    Conn& conn = work.conn();
    if (renew) conn.clear_mark(Conn::kFlagged);
    const bool rearm = list_of(conn) != list_of(before);
    count_state(shard, before.state, conn.state);
    const std::uint32_t index = work.slot.index();
    if (work.slot.store() == Store::confirmed) {
        recount_open(shard, before, conn);
        const bool flagged = conn.mark(Conn::kFlagged);
        if (is_asked(before) && !is_asked(conn)) [[unlikely]]
            stop_asking(shard, tables, index);
        const bool arms = !flagged && rearm && !keeps_stamp(conn, before);
        if (renew || conn.timer != before.timer) work.entry.tick = now;
        if (arms) note_stamp(conn);
        store(tables.confirmed, work);
        if (flagged) tables.timers.disarm(index);
        if (arms) shard.arm(tables, index, now, conn);
        return;
    }
    if (rearm) {
        work.entry.tick = now;
        if (conn.state != TcpState::syn_recv || conn.mark(Conn::kFlagged)) release_reservation(tables, work);
    }
    store(tables.embryonic, work);
    recount_half_open(shard, work.entry, before, conn);
    if (rearm) {
        tables.births.remove(index);
        tables.births.push_back(list_of(conn), index);
    }
}

template <typename Key>
void note_icmp_error(FamilyTables<Key>& tables, Work<Key>& work, const Packet& packet) {
    const Conn& conn = work.conn();
    const Side opener = conn.originator();
    const bool about_syn = packet.side == opener && packet.seq == work.entry.warm.isn[opener];
    if (conn.state != TcpState::syn_sent || !about_syn || unreachable(conn, work.entry.warm)) return;
    set_unreachable(conn, work.entry.warm);
    store(tables.embryonic, work);
}

template <typename Key>
bool promote(Shard& shard, FamilyTables<Key>& tables, Work<Key>& work, Tick now) {
    if (!work.conn().booked_or_short && !tables.unreserved()) return false;
    const std::uint32_t index = tables.confirmed.take();
    const Slot from = work.slot;
    const Slot to = Slot::of(Store::confirmed, index);
    release_reservation(tables, work);
    work.conn().clear_mark(Conn::kFlagged);
    work.entry.tick = now;
    work.slot = to;
    note_stamp(work.conn());
    store(tables.confirmed, work);
    shard.arm(tables, index, now, work.conn());
    tables.directory.replace(work.hash, from, to);
    count_half_open(shard, work.entry, work.before, -1);
    count_heard(shard, work.entry);
    if (!work.conn().mark(Conn::kMidStream)) count_proven(shard, work.entry.key, work.conn().originator());
    places_taken<Key>(shard, Store::embryonic).sub();
    places_taken<Key>(shard, Store::confirmed).add();

    tables.births.remove(from.index());
    tables.embryonic.give(from.index());
    shard.counters.flows_promoted.add();
    return true;
}

template <typename Key>
bool reserve(Shard& shard, Partition& partition, Occasion& occasion, Work<Key>& work) {
    auto& tables = partition.tables<Key>();
    if (work.conn().booked_or_short) return true;
    if (!tables.unreserved()) collect_confirmed(shard, partition, tables, occasion.time);
    if (!tables.unreserved() && !reclaim_reservation(shard, partition, occasion, tables)) return false;
    work.conn().booked_or_short = true;
    ++tables.reserved;
    return true;
}

template <typename Key>
void end(Shard& shard, FamilyTables<Key>& tables, Occasion& occasion, const View<Key>& flow, Reason reason) {
    write_record(shard, tables, occasion, flow, reason);
    tables.directory.erase(flow.hash, flow.slot);
    release_links(shard, flow.entry);
    vacate(shard, tables, flow);
}

namespace {

/// In SYN_RECV only the server has a socket for certain: the client
/// may be forged. (Who opened at the same time answered a SYN, too.)
template <typename Key>
Tombstone stone_of(const View<Key>& flow) {
    const Conn& conn = flow.conn();
    Tombstone stone{.hash = flow.hash, .birth_ordinal = flow.birth()};
    const bool vouched = conn.state != TcpState::syn_recv || conn.mark(Conn::kSimultaneous);
    for (const Side s : {Side{0}, Side{1}}) {
        stone.set_port(s, flow.entry.warm.sent[s].port);
        if (const auto expected = expected_by(s, conn, flow.entry.warm)) stone.set_rcv_nxt(s, *expected);
        if (vouched || s != conn.originator()) stone.set_waits(s);
    }
    return stone;
}

}  // namespace

template <typename Key>
void entomb(Shard& shard, FamilyTables<Key>& tables, Occasion& occasion, const View<Key>& flow,
            Reason reason) {
    write_record(shard, tables, occasion, flow, reason);
    const auto added = tables.tombstones.add(stone_of(flow), tick_of(occasion.time));
    const Slot stone = Slot::of(Store::tombstone, added.index);
    if (added.fallen) {
        tables.directory.erase(added.fallen->hash, stone);
        shard.counters.tombstones.sub();
    }
    tables.directory.replace(flow.hash, flow.slot, stone);
    shard.counters.tombstones.add();
    release_links(shard, flow.entry);
    vacate(shard, tables, flow);
}

template <typename Key>
void exhume(Shard& shard, FamilyTables<Key>& tables, std::uint64_t hash, Slot slot) {
    tables.directory.erase(hash, slot);
    tables.tombstones.remove(slot.index());
    shard.counters.tombstones.sub();
}

#define AJAR_INSTANTIATE(Key)                                                              \
    template Reason enter(Shard&, Partition&, Occasion&, Store, Work<Key>&);               \
    template void settle(Shard&, FamilyTables<Key>&, Work<Key>&, const Conn&, Tick, bool); \
    template void note_icmp_error(FamilyTables<Key>&, Work<Key>&, const Packet&);          \
    template bool promote(Shard&, FamilyTables<Key>&, Work<Key>&, Tick);                   \
    template bool reserve(Shard&, Partition&, Occasion&, Work<Key>&);                      \
    template void end(Shard&, FamilyTables<Key>&, Occasion&, const View<Key>&, Reason);    \
    template void entomb(Shard&, FamilyTables<Key>&, Occasion&, const View<Key>&, Reason); \
    template void exhume(Shard&, FamilyTables<Key>&, std::uint64_t, Slot);
AJAR_INSTANTIATE(KeyV4)
AJAR_INSTANTIATE(KeyV6)
#undef AJAR_INSTANTIATE

}  // namespace ajar::tracker
