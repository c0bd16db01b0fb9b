// Expiry, eviction and the choice of victims.
//
// Expiry does not depend on when it is collected: the event's time is the deadline, a packet finds an overdue
// flow already gone, and a store counts as full only after what is overdue has left it.
#include "tracker/expire.hpp"

#include <bit>

#include "ajar/flow/hash.hpp"
#include "ajar/policy/decide.hpp"
#include "tracker/accounts.hpp"
#include "tracker/attempt.hpp"
#include "tracker/coverage.hpp"
#include "tracker/find.hpp"
#include "tracker/numbers.hpp"
#include "tracker/probe.hpp"
#include "tracker/proxy.hpp"
#include "tracker/purge.hpp"
#include "tracker/reset.hpp"
#include "tracker/signs.hpp"
#include "tracker/victims.hpp"

namespace ajar::tracker {
namespace {

// Stamps that a full table looks at before it asks again whether a place has come free.
constexpr std::size_t kStampsAtOnce = 64;

/// Of a set of birth lists that is not empty.
unsigned first_of(std::uint32_t lists) { return static_cast<unsigned>(std::countr_zero(lists)); }

template <typename Key>
void flag(Shard& shard, FamilyTables<Key>& tables, Occasion& occasion, const View<Key>& flow, Cause cause,
          Reason reason) {
    post(shard, occasion, EventKind::flagged, reason, flow, [&](Event& event) {
        event.cause = cause;
        attach_evidence(event, tables, flow);
    });
    note_attempt(shard, flow, attempt_at(flow, occasion.time));
    Work<Key> work(tables.pool(flow.slot.store()), flow.slot, flow.hash);
    const Conn& before = work.before;
    shard.counters.flagged[static_cast<std::size_t>(cause)].add();
    Conn& conn = work.conn();
    conn.flagged = true;
    if (conn.timer == TimerClass::unverified_rst) {
        tcp::give_up_verification(work.flow(), *shard.policy);  // a cause of its own will end it
    } else {
        conn.set_mark(Conn::kFlagged);
    }
    settle(shard, tables, work, before, work.entry.tick, false);
}

/// SYN_RECV: the server alone, the client may be spoofed (no backscatter). Confirmed: both ends. SYN_SENT:
/// nobody has a socket that a RST could free. Mid-stream: nobody has vouched for the numbers. `tell` sends
/// one end its RST; true if there was somebody to tell, and all were.
template <typename Key, typename Tell>
bool tell_ends(const View<Key>& flow, Tell&& tell) {
    const Conn& conn = flow.conn();
    const Side responder = other(conn.originator());
    if (conn.state == TcpState::syn_recv)  // of either store: a confirmed flow can have begun again
        return tell(responder);
    if (flow.slot.store() != Store::confirmed) return false;
    const bool first = tell(conn.originator());
    return tell(responder) && first;
}

template <typename Key>
bool reset_ends(Shard& shard, Partition& partition, Occasion& occasion, const View<Key>& flow) {
    return tell_ends(flow, [&](Side to) { return reset_end(shard, partition, occasion, flow, to); });
}

void note_lateness(Shard& shard, Time deadline, Time now) {
    shard.counters.expiries.add();
    if (now > deadline)
        shard.counters.expiry_late_max_ns.raise(static_cast<std::uint64_t>((now - deadline).count()));
}

/// Heads of the embryonic lists, which age by class: the first overdue one, or none.
template <typename Key>
bool expire_head(Shard& shard, Partition& partition, FamilyTables<Key>& tables, unsigned list, Time now) {
    const std::uint32_t index = tables.births.front(list);
    if (index == kNone) return false;
    const auto& head = tables.embryonic.entry(index);
    if (!overdue(shard, head.conn, head.tick, tick_of(now))) return false;
    const auto flow = view_of(shard, tables, Slot::of(Store::embryonic, index));
    expire(shard, partition, flow, deadline_of(shard, flow, now), now);
    return true;
}

template <typename Key>
bool collect_embryonic(Shard& shard, Partition& partition, FamilyTables<Key>& tables, Time now,
                       std::size_t& budget) {
    for (auto lists = tables.births.occupied() & kTimedLists; lists != 0; lists &= lists - 1) {
        while (expire_head(shard, partition, tables, first_of(lists), now)) {
            if (budget < kExpiryCost) return false;
            budget -= kExpiryCost;
        }
    }
    return true;
}

/// The one of two flows, of which either may be none, that entered its list first; on a tie the former.
template <typename Key>
std::uint32_t older(const FamilyTables<Key>& tables, std::uint32_t a, std::uint32_t b) {
    if (a == kNone || b == kNone) return a == kNone ? b : a;
    return tables.embryonic.entry(b).tick - tables.embryonic.entry(a).tick < 0 ? b : a;
}

/// What stands at the heads of the embryonic lists, which are not all empty.
struct Heads {
    std::uint32_t oldest;
    bool overdue;  ///< one of them is
};

template <typename Key>
Heads look_at_heads(const Shard& shard, const FamilyTables<Key>& tables, Tick now) {
    Heads heads{kNone, false};
    for (auto lists = tables.births.occupied(); lists != 0; lists &= lists - 1) {
        const std::uint32_t index = tables.births.front(first_of(lists));
        const auto& entry = tables.embryonic.entry(index);
        heads.overdue |= overdue(shard, entry.conn, entry.tick, now);
        heads.oldest = older(tables, heads.oldest, index);
    }
    return heads;
}

/// Looks at one timer whose stamp looked due: the entry's own tick decides.
template <typename Key>
std::size_t visit(Shard& shard, Partition& partition, FamilyTables<Key>& tables, std::uint32_t index,
                  Time now) {
    const auto& entry = tables.confirmed.entry(index);
    if (!overdue(shard, entry.conn, entry.tick, tick_of(now))) {
        Conn conn = entry.conn;
        note_stamp(conn);
        shard.arm(tables, index, entry.tick, conn);
        if (conn.booked_or_short != entry.conn.booked_or_short) {
            Entry<Key> next = entry;
            next.conn = conn;
            publish(tables.confirmed.entry(index), next);
        }
        return 1;
    }
    const auto flow = view_of(shard, tables, Slot::of(Store::confirmed, index));
    expire(shard, partition, flow, deadline_of(shard, flow, now), now);
    return kExpiryCost;
}

/// Fetches the directory's line of a flow that is to be ended.
template <typename Key>
void prepare_visit(const Shard& shard, const FamilyTables<Key>& tables, std::uint32_t index, Time now) {
    const auto& entry = tables.confirmed.entry(index);
    if (overdue(shard, entry.conn, entry.tick, tick_of(now)))
        tables.directory.prefetch(keyed_hash(entry.key, shard.hash_key));
}

/// Sweeps confirmed timers within `budget` stamps; true when nothing is due any more.
template <typename Key>
bool sweep(Shard& shard, Partition& partition, FamilyTables<Key>& tables, Time now, std::size_t& budget) {
    if (tables.stamps_for != shard.stamps_for) [[unlikely]] {
        std::uint32_t classes = 0;
        for (std::size_t c = 0; c < kTimerClassCount; ++c)
            classes |= shard.doubted_at[c] > tables.stamps_for ? 1U << c : 0U;
        tables.stamps_for = shard.stamps_for;
        tables.timers.doubt(tick_of(now), shard.stamp_ticks, classes, tables.confirmed.high_water());
    }
    Sweep swept;
    while (!swept.clear && budget != 0) {
        swept = tables.timers.sweep(
            tick_of(now), shard.stamp_ticks, budget, tables.confirmed.high_water(),
            [&](std::uint32_t index) { spend(budget, visit(shard, partition, tables, index, now)); },
            [&](std::uint32_t index) { tables.confirmed.prefetch(index); },
            [&](std::uint32_t index) { prepare_visit(shard, tables, index, now); });
        spend(budget, swept.visited);
    }
    return swept.clear;
}

/// Tombstones from the oldest on: beside much younger ones it would look young again.
template <typename Key>
bool collect_tombstones(Shard& shard, FamilyTables<Key>& tables, Time now, std::size_t& budget) {
    while (const auto oldest = tables.tombstones.oldest()) {
        if (!lapsed(shard, tables.tombstones, *oldest, tick_of(now))) return true;
        if (budget == 0) return false;
        spend(budget, kExpiryCost);
        const auto hash = tables.tombstones.get(*oldest).hash;
        exhume(shard, tables, hash, Slot::of(Store::tombstone, *oldest));
    }
    return true;
}

template <typename Key>
bool collect_family(Shard& shard, Partition& partition, FamilyTables<Key>& tables, Time now,
                    std::size_t& budget) {
    return collect_embryonic(shard, partition, tables, now, budget) &&
           continue_asking(shard, partition, tables, now, budget) &&
           sweep(shard, partition, tables, now, budget) && collect_tombstones(shard, tables, now, budget);
}

/// Whose tuple stays as a tombstone. Half-open flows, of which a flood makes any number, never displace that
/// of a connection, and leave it half of the ring.
template <typename Key>
bool answers_later(const Shard& shard, const FamilyTables<Key>& tables, const View<Key>& flow) {
    if (shard.mode(flow.conn()) != Mode::enforce) return false;
    if (flow.slot.store() == Store::confirmed) return true;
    return flow.conn().state == TcpState::syn_recv && tables.tombstones.roomy();
}

}  // namespace

template <typename Key>
bool evict(Shard& shard, Partition& partition, Occasion& occasion, const View<Key>& flow, Cause cause,
           Action action, Reason reason) {
    auto& tables = partition.tables<Key>();
    post(shard, occasion, EventKind::evicted, reason, flow, [&](Event& event) {
        event.cause = cause;
        event.action = action;
        attach_evidence(event, tables, flow);
    });
    shard.counters.evicted[static_cast<std::size_t>(cause)].add();
    const bool freed = action == Action::evict_reset && reset_ends(shard, partition, occasion, flow);
    if (action == Action::evict_reset && answers_later(shard, tables, flow)) {
        entomb(shard, tables, occasion, flow, reason);
    } else {
        end(shard, tables, occasion, flow, reason);
    }
    return freed;
}

namespace {

/// Silence is no reason to reset a connection whose words pass elsewhere: it may be alive, and its numbers
/// are not known. Why that is so, or none. (Who is told to forget in silence forgets it; where somebody was
/// asked, that has been judged.)
template <typename Key>
Reason keeper_of(const Shard& shard, const View<Key>& flow, Cause cause, Action action) {
    const bool silent = cause == Cause::idle || cause == Cause::half_closed;
    if (action != Action::evict_reset || !silent || flow.slot.store() != Store::confirmed)
        return Reason::none;
    switch (visibility_of(shard, flow.entry, kBothEnds)) {
        case Visibility::one_way:
            return Reason::one_way;
        case Visibility::low_coverage:
            return Reason::low_coverage;
        case Visibility::whole:
            break;
    }
    return Reason::none;
}

template <typename Key>
bool carry_out(Shard& shard, Partition& partition, Occasion& occasion, const View<Key>& flow, Cause cause,
               Action action, Reason reason) {
    const Reason keeper = keeper_of(shard, flow, cause, action);
    if (action == Action::flag || keeper != Reason::none) {
        flag(shard, partition.tables<Key>(), occasion, flow, cause, keeper != Reason::none ? keeper : reason);
        return false;
    }
    evict(shard, partition, occasion, flow, cause, action, reason);
    return true;
}

}  // namespace

template <typename Key>
bool expire(Shard& shard, Partition& partition, const View<Key>& flow, Time deadline, Time now) {
    auto& tables = partition.tables<Key>();
    if (waits_for_proof(shard, flow)) {
        ask(shard, partition, flow, deadline, now);
        return false;
    }
    const bool awaits = awaits_server(flow.conn());
    if (awaits && remind_server(shard, tables, flow, deadline, now)) return false;
    Occasion occasion{deadline, flow.birth(), 0};
    note_lateness(shard, deadline, now);
    if (awaits) {
        give_up_on_server(shard, partition, occasion, flow, Reason::server_silent);
        return true;
    }
    const bool reborn = flow.conn().mark(Conn::kReborn) && flow.conn().state == TcpState::syn_recv;
    const Expiry expiry = expiry_of(flow.conn().timer, reborn);
    if (!expiry.cause || shard.policy->boundaries == Boundaries::zeek) {
        end(shard, tables, occasion, flow, expiry.reason);
        return true;
    }
    return carry_out(shard, partition, occasion, flow, *expiry.cause, action_for(*shard.policy, expiry),
                     expiry.reason);
}

template <typename Key>
bool act(Shard& shard, Partition& partition, Occasion& occasion, const View<Key>& flow, Cause cause,
         Reason reason) {
    return carry_out(shard, partition, occasion, flow, cause,
                     shard.policy->actions[static_cast<std::size_t>(cause)], reason);
}

namespace {

/// The next to give way are fetched while their turn has not come: of the first the directory's line, for its
/// entry was fetched before, and of the second the entry.
template <typename Key>
void prepare_victims(const Shard& shard, const FamilyTables<Key>& tables, std::uint32_t first) {
    if (first == kNone) return;
    const auto& entry = tables.embryonic.entry(first);
    tables.directory.prefetch(keyed_hash(entry.key, shard.hash_key));
    expect_count(shard, entry.key, entry.conn.originator());
    const std::uint32_t second = tables.births.next(first);
    if (second == kNone) return;
    tables.embryonic.prefetch(second);
    tables.births.prefetch(second);
}

struct Victim {
    std::uint32_t index;
    Reason reason;
};

/// What is over goes first, then what is of a network that has most of the store, then the oldest of all.
template <typename Key>
Victim choose_victim(const Shard& shard, FamilyTables<Key>& tables, std::uint32_t oldest) {
    const std::uint32_t closed = tables.births.front(static_cast<unsigned>(TimerClass::close));
    if (closed != kNone) return {closed, Reason::embryonic_full};
    const std::uint32_t heavy = shard.heaviest == nullptr ? kNone : find_victim(shard, tables);
    if (heavy != kNone) return {heavy, Reason::heaviest_network};
    return {oldest, Reason::embryonic_full};
}

}  // namespace

template <typename Key>
void make_embryonic_room(Shard& shard, Partition& partition, Occasion& occasion, FamilyTables<Key>& tables) {
    if (tables.embryonic.used() < tables.embryonic.capacity()) [[likely]]
        return;
    const Tick now = tick_of(occasion.time);
    Heads heads = look_at_heads(shard, tables, now);
    if (heads.overdue) [[unlikely]] {
        std::size_t budget = kExpiryCost * kBurst;
        collect_embryonic(shard, partition, tables, occasion.time, budget);
        if (tables.embryonic.used() < tables.embryonic.capacity()) return;
        heads = look_at_heads(shard, tables, now);
    }
    const Victim chosen = choose_victim(shard, tables, heads.oldest);
    const auto victim = view_of(shard, tables, Slot::of(Store::embryonic, chosen.index));
    const unsigned list = list_of(victim.conn());
    evict(shard, partition, occasion, victim, Cause::table_full,
          shard.policy->actions[static_cast<std::size_t>(Cause::table_full)], chosen.reason);
    prepare_victims(shard, tables,
                    chosen.reason == Reason::heaviest_network ? tables.births.walker(BirthLists::victims)
                                                              : tables.births.front(list));
}

template <typename Key>
void make_mid_stream_room(Shard& shard, Partition& partition, Occasion& occasion, FamilyTables<Key>& tables) {
    const auto list = static_cast<unsigned>(TimerClass::mid_stream);
    const auto full = [&] {
        return tables.births.count(list) + tables.births.count(kFlaggedMidStreamList) >=
               tables.mid_stream_cap;
    };
    if (!full()) return;
    if (expire_head(shard, partition, tables, list, occasion.time) && !full()) return;
    const std::uint32_t oldest =
        older(tables, tables.births.front(list), tables.births.front(kFlaggedMidStreamList));
    const auto victim = view_of(shard, tables, Slot::of(Store::embryonic, oldest));
    evict(shard, partition, occasion, victim, Cause::unverified, Action::evict, Reason::embryonic_full);
}

template <typename Key>
void collect_confirmed(Shard& shard, Partition& partition, FamilyTables<Key>& tables, Time now) {
    bool complete = false;
    while (!complete && !tables.unreserved()) {
        std::size_t budget = kStampsAtOnce;
        complete = sweep(shard, partition, tables, now, budget);
    }
}

template <typename Key>
bool reclaim_reservation(Shard& shard, Partition& partition, Occasion& occasion, FamilyTables<Key>& tables) {
    std::uint32_t index = kNone;
    for (unsigned terms = 0; terms < kMostTerms; ++terms)
        index = older(tables, index, tables.births.front(handshake_list(TimerClass::syn_recv, terms)));
    if (index == kNone) return false;
    const auto victim = view_of(shard, tables, Slot::of(Store::embryonic, index));
    evict(shard, partition, occasion, victim, Cause::table_full,
          shard.policy->actions[static_cast<std::size_t>(Cause::table_full)], Reason::reservation_lost);
    return tables.unreserved();
}

bool collect(Shard& shard, Partition& partition, Time now, std::size_t& budget) {
    return collect_family(shard, partition, partition.v4, now, budget) &&
           collect_family(shard, partition, partition.v6, now, budget) &&
           heed_purge(shard, partition, now, budget);
}

template <typename Key>
Time first_deadline(const Shard& shard, const FamilyTables<Key>& tables) {
    Time earliest = Time::max();
    for (auto lists = tables.births.occupied() & kTimedLists; lists != 0; lists &= lists - 1) {
        const auto& head = tables.embryonic.entry(tables.births.front(first_of(lists)));
        earliest = std::min(earliest, time_of(head.tick + shard.ticks(head.conn), shard.latest));
    }
    if (const auto place = tables.probes.front(); place != kNone)
        earliest = std::min(earliest, time_of(tables.probes.at(place).due, shard.latest));
    if (const auto bound = tables.timers.bound())
        earliest = std::min(earliest, time_of(*bound, shard.latest));
    return earliest;
}

namespace {

/// Who cannot go on without us, or is not to, is told. Returns whether both ends were. No segment will be
/// answered any more, so those that are under way are reckoned with.
template <typename Key>
bool take_leave(Shard& shard, Partition& partition, Occasion& occasion, const View<Key>& flow) {
    const Conn& conn = flow.conn();
    if (!shard.exits || shard.mode(conn) != Mode::enforce) return false;
    const bool over = conn.state == TcpState::time_wait || conn.state == TcpState::close;
    if (!needs_us(conn) && (over || shard.policy->on_exit == OnExit::keep)) return false;
    return tell_ends(flow, [&](Side to) {
        const bool told = reset_end(shard, partition, occasion, flow, to);
        reset_behind_data(shard, partition, occasion, flow, to);
        return told;
    });
}

template <typename Key>
bool end_store(Shard& shard, Partition& partition, Store kind, Time now, std::size_t& budget) {
    auto& tables = partition.tables<Key>();
    auto& pool = tables.pool(kind);
    if (pool.used() == 0) return true;  // the cursor is the next store's
    for (std::uint32_t& index = shard.end_cursor; index < pool.high_water(); ++index) {
        if (pool.entry(index).conn.state == TcpState::none) continue;
        if (budget == 0) return false;
        --budget;
        const auto flow = view_of(shard, tables, Slot::of(kind, index));
        Occasion occasion{now, flow.birth(), 0};
        const bool told = take_leave(shard, partition, occasion, flow);
        end(shard, tables, occasion, flow, told ? Reason::reset_at_exit : Reason::alive_at_end);
    }
    shard.end_cursor = 0;
    return true;
}

}  // namespace

template <typename Key>
bool end_all(Shard& shard, Partition& partition, Time now, std::size_t& budget) {
    return end_store<Key>(shard, partition, Store::embryonic, now, budget) &&
           end_store<Key>(shard, partition, Store::confirmed, now, budget);
}

#define AJAR_INSTANTIATE(Key)                                                              \
    template bool expire(Shard&, Partition&, const View<Key>&, Time, Time);                \
    template bool act(Shard&, Partition&, Occasion&, const View<Key>&, Cause, Reason);     \
    template void make_embryonic_room(Shard&, Partition&, Occasion&, FamilyTables<Key>&);  \
    template void make_mid_stream_room(Shard&, Partition&, Occasion&, FamilyTables<Key>&); \
    template void collect_confirmed(Shard&, Partition&, FamilyTables<Key>&, Time);         \
    template bool reclaim_reservation(Shard&, Partition&, Occasion&, FamilyTables<Key>&);  \
    template Time first_deadline(const Shard&, const FamilyTables<Key>&);                  \
    template bool end_all<Key>(Shard&, Partition&, Time, std::size_t&);                    \
    template bool evict(Shard&, Partition&, Occasion&, const View<Key>&, Cause, Action, Reason);
AJAR_INSTANTIATE(KeyV4)
AJAR_INSTANTIATE(KeyV6)
#undef AJAR_INSTANTIATE

}  // namespace ajar::tracker
