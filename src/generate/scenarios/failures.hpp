// How an attempt to connect comes to nothing: the dialogue of each cause. Each says how it ended and why.
#pragma once

#include "generate/scenario.hpp"

namespace ajar::gen {

/// Nobody answers; the client says its SYN again, up to six times.
void filtered(Draw& d, Script& s, std::size_t retransmissions);
/// A RST answers the SYN.
void refused(Draw& d, Script& s);
/// An ICMP error answers the SYN, once more after it was sent again.
void unreachable(Draw& d, Script& s);
/// An open port, found by one who goes away with a RST.
void half_open_scan(Draw& d, Script& s);
/// The same with a whole handshake, and nothing said.
void connect_scan(Draw& d, Script& s);
/// A SYN of nobody, which the server answers so many times, up to six.
void spoofed(Draw& d, Script& s, std::uint32_t syn_acks);
/// The server's accept queue is full: it ignores the last ACK and sends its SYN-ACK again.
void overflow(Draw& d, Script& s);
/// The other direction passes elsewhere: the box sees one end talk to itself.
void one_way(Draw& d, Script& s);

/// The most that filtered() and spoofed() can repeat.
inline constexpr std::size_t kMostSyns = 6;
inline constexpr std::uint32_t kMostSynAcks = 6;

}  // namespace ajar::gen
