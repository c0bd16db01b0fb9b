// Keeping suspicions, and telling what came of them.
#include "tracker/signs.hpp"

#include "tracker/coverage.hpp"
#include "tracker/find.hpp"

namespace ajar::tracker {
namespace {

void count(Shard& shard, Reason sign) { shard.counters.reason[static_cast<std::size_t>(sign)].add(); }

/// One-way visibility looks like half of the signs.
template <typename Key>
void doubt(const Shard& shard, const Work<Key>& work, FlowEvidence& e) {
    e.visibility = visibility_of(shard, work.entry, e.lost);
    if (e.visibility != Visibility::whole) e.confidence = Confidence::low;
}

template <typename Key>
void tell_verdict(Shard& shard, Occasion& occasion, const Work<Key>& work, const FlowEvidence& evidence) {
    count(shard, evidence.sign);
    post(shard, occasion, EventKind::half_open, evidence.sign, work.view(), [&](Event& event) {
        event.evidenced = true;
        event.evidence = evidence;
    });
}

/// Once told, it is over: the connection goes on in order.
bool is_past(Reason sign, const Conn& conn) {
    return sign == Reason::crash_reopen_recovered ||
           (sign == Reason::made_by_middlebox && conn.state != TcpState::close);
}

/// The suspicion that the flow is under, or an empty one.
template <typename Key>
Suspicion suspicion_of(const FamilyTables<Key>& tables, const Work<Key>& work) {
    if (!work.entry.conn.suspected) return {};
    const Suspicion* const known = tables.suspicions.find(work.hash);
    return known == nullptr ? Suspicion{} : *known;
}

template <typename Key>
void keep(Shard& shard, FamilyTables<Key>& tables, Work<Key>& work, const Suspicion& suspicion) {
    if (suspicion.idle()) return clear_suspicion(tables, work);
    work.conn().suspected = tables.suspicions.put(work.hash, suspicion);
    if (!work.conn().suspected) shard.counters.suspicions_refused.add();
}

/// Its ends were asked. Where nobody answers, the way to both may be broken. (A connection whose handshake
/// was not seen is as good as any: what is asked is asked in numbers that both ends have vouched for.)
Confidence trust_in_silence(std::uint8_t lost) { return lost == 3 ? Confidence::medium : Confidence::high; }

/// What Ajar's questions have told, and what was answered.
FlowEvidence& accuse(Suspicion& suspicion, Reason sign, std::uint8_t lost, const Probing& found, Time now) {
    FlowEvidence& e = suspicion.evidence;
    suspicion.heard = now;
    if (e.began == Time{}) e.began = now;
    if (found.answer.time != Time{}) e.keep(found.answered_by, found.answer);
    e.sign = sign;
    e.lost = lost;
    e.count = found.rounds;
    return e;
}

}  // namespace

template <typename Key>
void note_signs(Shard& shard, FamilyTables<Key>& tables, Occasion& occasion, const Packet& packet,
                Work<Key>& work, const tcp::Step& step) {
    Suspicion suspicion = suspicion_of(tables, work);
    suspicion.told.pass(packet.time);
    const Conn& conn = work.entry.conn;
    const tcp::Scene scene{work.before, conn, work.entry.warm,    work.entry.tick,
                           packet,      step, shard.policy->signs};
    const Reason sign = tcp::hear(suspicion, scene);
    if (sign != Reason::none) {
        doubt(shard, work, suspicion.evidence);
        // Who recovers has shaken hands, and takes the place of another flow.
        if (sign == Reason::crash_reopen_recovered || suspicion.told.take(sign, packet.time))
            tell_verdict(shard, occasion, work, suspicion.evidence);
    }
    if (is_past(suspicion.evidence.sign, conn)) suspicion.evidence.sign = Reason::none;
    keep(shard, tables, work, suspicion);
}

template <typename Key>
std::optional<Suspicion> heritage_of(const FamilyTables<Key>& tables, const Work<Key>& over,
                                     const Packet& syn) {
    if (!over.before.suspected) return std::nullopt;
    const Suspicion* const known = tables.suspicions.find(over.hash);
    if (known == nullptr || known->reopening.phase < Reopening::Phase::reset ||
        known->reopening.by != syn.side)
        return std::nullopt;
    Suspicion next = *known;
    // A RST that is lost behind us has freed nothing: its sender is challenged and refuses once more.
    if (next.reopening.phase == Reopening::Phase::reset)
        next.evidence.predecessor = flow_id(over.hash, over.birth());
    next.reopening.phase = Reopening::Phase::opening;
    next.evidence.keep(syn);
    next.heard = syn.time;
    return next;
}

template <typename Key>
void bequeath(FamilyTables<Key>& tables, const Packet& syn, const Suspicion& heritage) {
    const Slot slot = find_slot(tables, key_of<Key>(syn), syn.hash);
    if (slot.store() != Store::embryonic && slot.store() != Store::confirmed) return;
    Work<Key> heir(tables.pool(slot.store()), slot, syn.hash);
    heir.conn().suspected = tables.suspicions.put(heir.hash, heritage);
    store(tables.pool(slot.store()), heir);
}

template <typename Key>
void note_silence(Shard& shard, FamilyTables<Key>& tables, Work<Key>& work, const Probing& found, Time at) {
    Suspicion suspicion = suspicion_of(tables, work);
    const std::uint8_t lost = silent_ends(found.pulse);
    FlowEvidence& e = accuse(suspicion, Reason::silent_after_probe, lost, found, at);
    e.confidence = trust_in_silence(lost);
    e.expected = work.conn().ends[(lost & 1U) != 0 ? 0 : 1].max_ack;
    e.seen = e.expected - 1;
    doubt(shard, work, e);
    count(shard, e.sign);
    keep(shard, tables, work, suspicion);
}

template <typename Key>
void note_gone(Shard& shard, FamilyTables<Key>& tables, Work<Key>& work, const Packet& rst,
               const Probing& found) {
    if (rst.flags.ack()) return;
    Suspicion suspicion = suspicion_of(tables, work);
    const auto lost = static_cast<std::uint8_t>(1U << rst.side);
    FlowEvidence& e = accuse(suspicion, Reason::active_side_discovery, lost, found, rst.time);
    e.confidence = tcp::limited(tcp::trust_in_rst(rst, work.conn(), work.entry.warm), work.conn());
    e.expected = e.seen = rst.seq;
    e.keep(rst);
    doubt(shard, work, e);
    count(shard, e.sign);
    keep(shard, tables, work, suspicion);
}

template <typename Key>
void note_alive(FamilyTables<Key>& tables, const Work<Key>& work, Side x) {
    Suspicion* const s = work.entry.conn.suspected ? tables.suspicions.find(work.hash) : nullptr;
    if (s == nullptr) return;
    if (s->vain.by != x) s->vain = {};
    if (s->reopening.by == x) s->reopening = {};
    if ((s->evidence.lost >> x & 1U) != 0) s->evidence.sign = Reason::none;
}

#define AJAR_INSTANTIATE(Key)                                                                       \
    template void note_signs(Shard&, FamilyTables<Key>&, Occasion&, const Packet&, Work<Key>&,      \
                             const tcp::Step&);                                                     \
    template std::optional<Suspicion> heritage_of(const FamilyTables<Key>&, const Work<Key>&,       \
                                                  const Packet&);                                   \
    template void bequeath(FamilyTables<Key>&, const Packet&, const Suspicion&);                    \
    template void note_silence(Shard&, FamilyTables<Key>&, Work<Key>&, const Probing&, Time);       \
    template void note_gone(Shard&, FamilyTables<Key>&, Work<Key>&, const Packet&, const Probing&); \
    template void note_alive(FamilyTables<Key>&, const Work<Key>&, Side);
AJAR_INSTANTIATE(KeyV4)
AJAR_INSTANTIATE(KeyV6)
#undef AJAR_INSTANTIATE

}  // namespace ajar::tracker
