// Reset challenges: a flooded service's SYNs are answered by a wrong ACK, and who refuses that has proven
// himself (tcp/challenge.hpp says how). Nothing is translated, no server speaks, and its way back need not be
// seen. So what a cookie cannot answer is challenged, whatever the method: a SYN with options that concern
// the ends alone, or one to a server whose answers nobody knows. Else one option would open the gate to a
// flood.
//
//   SYN of a tuple that is    what becomes of it
//     unknown, or once        a challenge
//     twice challenged        a cookie, where the method has it and the server's answers are known; else it
//                             passes, if the partition has a waiver left; else another challenge
//     proven                  passes, for ten seconds, and is tracked as any
//
// Twice, because the first answer may be lost. Who leaves two unanswered may be real: his firewall has eaten
// our ACK, or his RST. But so looks a flood that sends each SYN three times. So what passes then is little:
// all partitions together let 128 by at once, and 13 a second; while SYNs come with ever new tuples, those
// few are the real ones'.
//
// Half-open probing will meet a kindred segment here: a host that crashed and asks anew on an established
// tuple is challenged by its peer itself (Reason::ignored_syn, then challenge_ack), and its RST is exact for
// the peer, not for us. Such a RST belongs to a flow and is never seen by hear_reset().
#pragma once

#include <optional>

#include "tracker/asked.hpp"
#include "tracker/shard.hpp"

namespace ajar::tracker {

enum class Demand : std::uint8_t {
    nothing,    ///< the SYN passes
    challenge,  ///< then challenge() it
    cookie,     ///< if that can be
};

/// What is asked of a flooded service's SYN. `cookie_possible`: else a waiver, or a challenge, takes its
/// place.
Demand demand_of(Shard& shard, Partition& partition, const Packet& syn, const Asked& asked,
                 bool cookie_possible);

/// Answers the SYN, or drops it where no frame can be crafted.
std::optional<Verdict> challenge(Shard& shard, Partition& partition, const Packet& syn, const Asked& asked);

/// A RST that no flow is the better for. Absorbed if it answers a challenge, else not ours.
std::optional<Verdict> hear_reset(Shard& shard, Partition& partition, const Packet& rst, const Asked& asked);

}  // namespace ajar::tracker
