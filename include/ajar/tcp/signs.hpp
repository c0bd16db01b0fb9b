// Does the traffic of a connection show that an end has lost it? (RFC 9293 3.5.1)
//
// Four machines beside the TCP machine, for packets that are unusual already. X is the end that has lost the
// connection, Y the one that still waits. Nothing is believed that one end's silence on our path alone could
// mean: both ends have been heard, in this connection.
//
// Reopening. X comes back and opens the same tuple.
//
//     X: SYN inside  -->  Y: challenge ACK  -->  X: RST at its ACK  -->  X: SYN, Y: SYN-ACK, X: ACK
//                              |                                          crash_reopen_recovered
//                              '--> X: SYN again, no RST, twice           crash_reopen_stuck
//
//     A segment of X in the connection's own numbers: it has forgotten nothing, the SYN was somebody else's.
//     A SYN after TIME_WAIT or CLOSE, one that repeats the connection's own, or one in a handshake is none.
//     Whoever knows the tuple can forge a SYN, and an X that lives and has nothing to say looks on: so SYNs
//     that come from another distance than X prove little, and no verdict moves the connection.
//
// Discovery. Y speaks first: its data or keep-alive is answered by the RST of a host without that socket,
// SEQ = the ACK of what it answers, no ACK of its own (RFC 9293 3.10.7.1): active_side_discovery. An end that
// still has its socket sets ACK when it aborts, and one that had closed before has sent a FIN.
//
// In vain. k times the same data or FIN, or k keep-alives (SEQ = SND.NXT-1, at most a byte, nothing
// outstanding), each at least kLeastGap after the one before, the last kLongAfter behind the first, and
// nothing back: unanswered_retransmission, unanswered_keepalive. Whatever the peer says ends it. Towards a
// closed window it is a probe of the window and no sign.
//
// Cut. A RST in A's name, and A goes on: made_by_middlebox. After an exact one A's next byte suffices, or,
// kLongAfter later, an ACK that brings news: no reordering lasts so long. After an inexact one, which its
// receiver need not have believed, news beyond its number, or so long after it.
//
// What Ajar asks itself (silent_after_probe) is the tracker's (tracker/probe.hpp).
#pragma once

#include <algorithm>

#include "ajar/flow/entry.hpp"
#include "ajar/flow/entry_words.hpp"
#include "ajar/flow/suspicions.hpp"
#include "ajar/packet/packet.hpp"
#include "ajar/policy/policy.hpp"
#include "ajar/tcp/machine.hpp"

namespace ajar::tcp {

/// Of copies of the same packet (mirror ports, loops) one counts.
inline constexpr Duration kLeastGap = std::chrono::milliseconds(10);
/// Longer than reordering and the ways to the ends and back.
inline constexpr Duration kLongAfter = std::chrono::seconds(1);
/// SYNs that came after a challenge ACK: one is a lost RST.
inline constexpr std::uint8_t kSynsInVain = 2;

/// A packet that the machine has judged, and its flow before and after.
struct Scene {
    const Conn& before;
    const Conn& conn;
    const Warm& warm;
    Tick tick;  ///< of the last packet that counted, before this one
    const Packet& packet;
    const Step& step;
    const SignPolicy& policy;
};

/// May hear() have anything to do with it? Costs an ordinary segment a few compares, and one that took the
/// short way (tracker/ordinary.hpp) nothing.
inline bool may_be_sign(const Conn& conn, const Step& step) {
    if (conn.suspected || conn.repeats != 0) return true;
    constexpr std::uint8_t both = Conn::kAckSeen << 0U | Conn::kAckSeen << 1U;
    if (conn.state == TcpState::close) return (conn.flags & both) == both;  // not what a closed port refuses
    if (step.reason == Reason::none) [[likely]]
        return false;
    return step.reason == Reason::ignored_syn || step.reason == Reason::unverified_rst;
}

/// How far a RST without ACK shows that its sender X has no such connection any more. A server whose accept
/// queue is full refuses what its client takes for a connection, so it must have sent data or acknowledged
/// some; and a box on the way that refuses in X's name rarely sits as many hops away. (Not what a history
/// tells: forged segments stand in it, too.)
inline Confidence trust_in_rst(const Packet& rst, const Conn& conn, const Warm& warm) {
    const Side x = rst.side, y = other(x);
    const bool went_on =
        after(conn.ends[x].end, warm.isn[x] + 1) || after(conn.ends[x].max_ack, warm.isn[y] + 1);
    const bool had_it = x == conn.originator() || went_on;
    return had_it && warm.sent[x].ttl == rst.ttl ? Confidence::high : Confidence::medium;
}

/// Where the handshake was not seen, a sign proves less. (What passes elsewhere is the tracker's to know.)
inline Confidence limited(Confidence wanted, const Conn& conn) {
    return conn.mark(Conn::kMidStream) ? std::min(wanted, Confidence::medium) : wanted;
}

/// Takes in a packet of a flow under suspicion, or perhaps of one that comes under it: then `suspicion` is
/// empty. The verdict that the packet completes, which is in the evidence too, or Reason::none.
Reason hear(Suspicion& suspicion, const Scene& scene);

}  // namespace ajar::tcp
