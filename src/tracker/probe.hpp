// Is a silent connection dead, or only silent? Both ends are asked, each in the name of its peer, before
// anything is done about it.
//
// A probe is a pure ACK at X's own highest ACK - 1, which X has received already: a living X answers with a
// duplicate ACK, a host without that socket with a RST whose number its peer accepts (RFC
// 9293 3.5.3, 3.10.7). The last two rounds, and with timestamps all but the first, carry a byte that X has
// had: neither a limit on answers to empty segments nor PAWS silences those (RFC 5961 7, RFC 7323 5.3).
//
//     timer runs out --> wait for budget --> round 1 .. tries, `interval` apart
//        an answer of an end        it is alive; absorbed
//        both are alive             the timer runs anew
//        a RST at the probe's ACK   it is gone; passed on, for its peer accepts it
//        the last round is over     who has not answered is silent: cause `proven_dead`, unless words of the
//                                   connection, or of an end's network, are known to pass elsewhere: then
//                                   nobody knows, and the timer runs anew
//        anything else that counts  the connection speaks for itself: no more questions
//        what would count, but for words that pass elsewhere: its sender is alive
//
// Data that was sent again in vain does not count: it says that its sender lives, and that its peer may not.
#pragma once

#include <optional>

#include "tracker/shard.hpp"

namespace ajar::tracker {

/// Must this confirmed flow be asked before its timer's end means anything? Not if nobody could be asked.
template <typename Key>
bool waits_for_proof(const Shard& shard, const View<Key>& flow);

/// The flow's timer has run out at `deadline`: its ends are asked, or, while there is no budget or place, its
/// timer is armed for later.
template <typename Key>
void ask(Shard& shard, Partition& partition, const View<Key>& flow, Time deadline, Time now);

/// Goes on with the rounds that end by `now`, within `budget`; true when none is left.
template <typename Key>
bool continue_asking(Shard& shard, Partition& partition, FamilyTables<Key>& tables, Time now,
                     std::size_t& budget);

/// A packet of a flow that is being asked, its numbers as the tracker counts: what it says of its sender is
/// noted. A verdict, if it was an answer to Ajar alone.
template <typename Key>
std::optional<Verdict> hear_answer(Shard& shard, Partition& partition, Occasion& occasion,
                                   const Packet& packet, Work<Key>& work);

/// A packet that was no such answer, judged by the timer that had run out: does the flow speak for itself?
template <typename Key>
void note_speech(Shard& shard, FamilyTables<Key>& tables, Work<Key>& work, const Packet& packet,
                 const tcp::Step& step);

/// A segment that is right but for its acknowledging what was never seen, or for its lying beyond what was
/// seen to be granted, shows that its receiver's words pass elsewhere, at least in part. (Out of the blue,
/// one segment in 2^32 / window is believed.)
bool answers_the_unheard(const Conn& before, const Packet& packet, const tcp::Step& step);
/// Of such a segment. Returns whether that is news.
bool note_one_way(Conn& conn, const Packet& packet);

inline bool is_asked(const Conn& conn) {
    return conn.timer == TimerClass::untimed && conn.state != TcpState::none;
}

/// Of a flow that is being asked.
template <typename Key>
Probing& probing_of(FamilyTables<Key>& tables, std::uint32_t index) {
    return tables.probes.at(tables.timers.parked(index));
}

/// The flow is no longer asked: it has a timer again, or ends.
template <typename Key>
void stop_asking(Shard& shard, FamilyTables<Key>& tables, std::uint32_t index) {
    tables.probes.end(tables.timers.parked(index));
    tables.timers.disarm(index);
    shard.counters.probing.sub();
}

}  // namespace ajar::tracker
