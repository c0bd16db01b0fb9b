// Does a segment come from the side of the box where its sender stands?
//
// A forger on one side can write both addresses, but not send from the other side. So each end is bound to
// the port from which it was first heard in an accepted segment, and its peer never to the same one. (pf
// calls that if-bound states.) Where the network has moved an end, the first segment that continues the
// connection binds it anew: its SEQ must be exact, and its ACK name what its peer has sent and nobody
// acknowledged yet. A forger would have to guess 32 bits, and the ACK to within the data in flight.
//
// Until both ends have been heard, the one that was may be a forger's invention, from the side where its peer
// stands. So it must not keep out anybody who could have begun the flow: the latest counts.
#pragma once

#include "ajar/flow/entry.hpp"
#include "ajar/packet/packet.hpp"
#include "ajar/policy/policy.hpp"
#include "ajar/tcp/machine.hpp"
#include "ajar/tcp/serial.hpp"

namespace ajar::tracker {

/// Where its sender was heard before; its first segment: anywhere but where its peer stands.
inline bool in_place(const Policy& policy, const std::array<std::uint8_t, 2>& heard, const Packet& packet) {
    const unsigned port = packet.port + 1U;
    if (heard[packet.side] == port || policy.binding == Binding::floating) return true;
    return heard[packet.side] == 0 && heard[other(packet.side)] != port;
}

/// May this packet, which is out of place, take the flow's place? One that may begin a flow, where nobody has
/// answered the first one. Behind a SYN that is another SYN only: else a forged ACK would end each handshake.
inline bool displaces(const Conn& conn, const Packet& packet, const Policy& policy) {
    const bool both = conn.flag(Conn::kSeen, 0) && conn.flag(Conn::kSeen, 1);
    if (both && conn.state != TcpState::syn_sent) return false;
    return (packet.flags.syn() || conn.mark(Conn::kMidStream)) &&
           tcp::admit(packet, policy).outcome == tcp::Outcome::accepted;
}

/// SEQ is what the sender sends next, or what its peer waits for; the ACK is not behind the sender's last
/// one, nor ahead of what the peer has sent. SYNs and RSTs prove nothing.
inline bool continues(const Conn& conn, const Packet& packet) {
    const Side s = packet.side, r = other(s);
    const End &sends = conn.ends[s], &receives = conn.ends[r];
    const bool known = conn.flag(Conn::kSeen, s) && conn.flag(Conn::kSeen, r);
    if (!known || !packet.flags.ack() || packet.flags.has(TcpFlags::kSyn | TcpFlags::kRst)) return false;
    const bool awaited = conn.flag(Conn::kAckSeen, r) && packet.seq == receives.max_ack;
    const bool fresh = conn.flag(Conn::kAckSeen, s) && !tcp::before(packet.ack, sends.max_ack) &&
                       !tcp::after(packet.ack, receives.end);
    return (awaited || packet.seq == sends.end) && (fresh || packet.ack == receives.end);
}

}  // namespace ajar::tracker
