// Handshakes in the server's place: the cookie for a client of a flooded service, and what follows a good
// one.
//
//     client                     Ajar                                server
//       | SYN x ------------------>|                                    |   nothing is remembered
//       |<-- SYN-ACK C, window 0 --|                                    |   the cookie
//       | ACK C+1 ---------------->|-- SYN x -------------------------->|   a flow, awaits_server()
//       | probe, data ------------>|   (again each second, six times)   |
//       |<-- ACK C+1, window 0 ----|                                    |
//       |                          |<------------------- SYN-ACK S -----|
//       |<-- ACK C+1, window w ----|-- ACK S+1 ------------------------>|   established, kTranslated
//       | <== numbers translated by S - C from here on, for life ======> |
//
// What the server answers instead is passed on: a refusal as the RST that the client accepts, silence as one
// after six tries. A client that is refused may try again, and learns what anybody would.
#pragma once

#include <optional>

#include "tracker/numbers.hpp"
#include "tracker/shard.hpp"

namespace ajar::tracker {

/// From one SYN to the server to the next.
inline constexpr Duration kServerPatience = std::chrono::seconds(1);

/// What stands where a packet would begin a flow.
enum class Occupied : std::uint8_t {
    no,
    loosely,  ///< by a tombstone, or a flow picked up in mid-stream of which only one end was heard
};

/// A packet without a flow, if that is the defence's business: a SYN that is answered or dropped, an ACK that
/// brings a cookie back, a RST that answers a challenge. In observe it is only counted what would be done.
/// What occupies its place loosely gives way to a good ACK, and to nothing else here.
template <typename Key>
std::optional<Verdict> proxy(Shard& shard, Partition& partition, Occasion& occasion, const Packet& packet,
                             Occupied occupied = Occupied::no);

/// A packet of a flow that awaits its server, from where its sender stands.
template <typename Key>
Verdict judge_awaiting(Shard& shard, Partition& partition, Occasion& occasion, const Packet& packet,
                       Work<Key>& work);

/// A flow that awaits its server has waited for one period more: the SYN is sent again. False when that is no
/// use: then nothing was done, and the flow's `deadline` is the last one.
template <typename Key>
bool remind_server(Shard& shard, FamilyTables<Key>& tables, const View<Key>& flow, Time& deadline, Time now);

/// The server refuses, or never answers, or not as promised: both ends get their RST, the flow is over.
template <typename Key>
void give_up_on_server(Shard& shard, Partition& partition, Occasion& occasion, const View<Key>& flow,
                       Reason reason);

/// A SYN-ACK, or a RST, which may be a refusal.
inline bool tells_of_server(const Packet& packet) {
    return (packet.flags.syn() && packet.flags.ack()) || packet.flags.rst();
}

/// Notes what a server's SYN-ACK says of it, or its refusal, where that is news.
void observe_server(Shard& shard, Partition& partition, const Packet& packet, const Conn& before);

}  // namespace ajar::tracker
