// Connections under suspicion: where the machines of tcp/signs.hpp meet the tables and the events.
//
// A flow comes under suspicion with its first sign, and leaves it when nothing is left of that, or with its
// end. Meanwhile it takes the long way (Facts::ordinary), so that its last packets are known. A verdict is an
// event of its own and changes nothing: what is done about the flow, its timers and the probes decide.
#pragma once

#include <optional>

#include "ajar/tcp/signs.hpp"
#include "tracker/emit.hpp"
#include "tracker/shard.hpp"

namespace ajar::tracker {

/// A packet that may be a sign (tcp::may_be_sign), judged and written down, its flow not stored yet. `tick`
/// is the flow's before the packet.
template <typename Key>
void note_signs(Shard& shard, FamilyTables<Key>& tables, Occasion& occasion, const Packet& packet,
                Work<Key>& work, const tcp::Step& step);

/// Of a flow under suspicion that is over: what the flow that `syn` begins is to be under, if its sender goes
/// on with what it has lost.
template <typename Key>
std::optional<Suspicion> heritage_of(const FamilyTables<Key>& tables, const Work<Key>& over,
                                     const Packet& syn);

/// To the flow that it has begun, if it has.
template <typename Key>
void bequeath(FamilyTables<Key>& tables, const Packet& syn, const Suspicion& heritage);

/// Its ends were asked, and `found` is what they said: who did not answer is under suspicion.
template <typename Key>
void note_silence(Shard& shard, FamilyTables<Key>& tables, Work<Key>& work, const Probing& found, Time at);

/// x has answered a question of Ajar's by an exact RST. Of a host without that socket it sets no ACK (RFC
/// 9293 3.10.7.1); an end that still has it and aborts just then has lost nothing.
template <typename Key>
void note_gone(Shard& shard, FamilyTables<Key>& tables, Work<Key>& work, const Packet& rst,
               const Probing& found);

/// x has answered it as a living end does.
template <typename Key>
void note_alive(FamilyTables<Key>& tables, const Work<Key>& work, Side x);

/// The flow is as good as any other.
template <typename Key>
void clear_suspicion(FamilyTables<Key>& tables, Work<Key>& work) {
    if (!work.conn().suspected) return;
    tables.suspicions.drop(work.hash);
    work.conn().suspected = false;
}

/// What is known about a flow under suspicion, as part of an event about it.
template <typename Key>
void attach_evidence(Event& event, const FamilyTables<Key>& tables, const View<Key>& flow) {
    if (!flow.conn().suspected) [[likely]]
        return;
    const Suspicion* const s = tables.suspicions.find(flow.hash);
    if (s == nullptr) return;
    event.evidenced = true;
    event.evidence = s->evidence;
}

}  // namespace ajar::tracker
