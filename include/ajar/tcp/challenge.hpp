// The reset challenge: does whoever sends a SYN stand where he says? Asked without memory and without taking
// the server's place.
//
//     client                     Ajar                                server
//       | SYN x ------------------>|                                    |   nothing passes
//       |<-- ACK w ----------------|                                    |   w: not what was asked for
//       | RST w ------------------>|                                    |   only who saw w can know it
//       | SYN x ------------------>|-- SYN x -------------------------->|   untouched, and all that follows
//
// A host that has sent a SYN refuses an ACK of anything but that SYN by a RST whose SEQ is that ACK's number
// (RFC 9293 3.10.7.3), and goes on asking: it believes that its peer knows an older connection. Linux asks
// again after 11 ms. A SYN-ACK of a wrong number would do as well, but for firewalls on the client's side,
// which drop it as invalid and let such an ACK pass.
//
// The number is a keyed MAC over both endpoints, as a cookie's (tcp/cookie.hpp), with the same keys and
// lives: 31 bits of it and, lowest, which of the two keys sealed it. So a guess is tried against one key
// only, and succeeds once in 2^31. The client's own number is no part of it, for the RST does not bring that
// back; once in 2^32 the wrong number is the right one, and the challenge stays unanswered.
//
// What it proves is that the address is alive and sees what we send there. Not that it asked: a host without
// that socket refuses the ACK just so. But such a host refuses its server's SYN-ACK, too, so a flood in its
// name (each SYN twice, the second behind its RST) leaves nothing half open. (Behind a firewall that lets our
// ACK in and not the SYN-ACK it leaves one connection for each pair; those count, and time out.)
//
// What cannot be asked for by a RST is asked for by the next SYN: who has proven himself, and who has left
// challenges unanswered, is remembered for some seconds (flow/challenges.hpp).
#pragma once

#include <cstdint>

#include "ajar/packet/packet.hpp"
#include "ajar/tcp/cookie.hpp"

namespace ajar::tcp::challenge {

/// Numbers of the ACK that challenges a SYN.
struct Numbers {
    std::uint32_t seq = 0;  ///< as good as random; nobody looks at it
    std::uint32_t ack = 0;  ///< the one that comes back
};

/// Of the ACK that answers `syn`.
Numbers numbers_for(const cookie::Keys& keys, const Packet& syn);

/// Does `rst` answer a challenge to its own endpoints? By its SEQ; whatever else it bears.
bool met_by(const cookie::Keys& keys, const Packet& rst);

}  // namespace ajar::tcp::challenge
