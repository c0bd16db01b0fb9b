// Exact resets: to whom, with which sequence number, and when none may be sent.
#pragma once

#include "tracker/emit.hpp"
#include "tracker/shard.hpp"

namespace ajar::tracker {

/// Sends endpoint `to` the RST that it accepts: SEQ = its RCV.NXT, the highest ACK that it has sent (RFC
/// 5961 3.2). In `observe`, or where the rate or a missing link header forbids it, only an event or a counter
/// says so. True if the RST is on its way.
template <typename Key>
bool reset_end(Shard& shard, Partition& partition, Occasion& occasion, const View<Key>& flow, Side to);

/// For a flow whose tombstone nobody will read, behind reset_end(): while data is on its way to `to`, that
/// end expects the number of its first byte or, a moment later, the one behind its last. Sends the RST of the
/// latter; none where nothing is on its way.
template <typename Key>
void reset_behind_data(Shard& shard, Partition& partition, Occasion& occasion, const View<Key>& flow,
                       Side to);

/// Answers the SYN-ACK of a flow that its client has given up with the RST that refuses it: SEQ = its ACK
/// (RFC 9293 3.10.7.1).
template <typename Key>
bool refuse_answer(Shard& shard, Partition& partition, Occasion& occasion, const Packet& syn_ack,
                   const View<Key>& flow);

/// Answers a segment of an evicted flow: the RST that its sender accepts has SEQ = the segment's own ACK, or
/// what its sender acknowledged later. False if that end waits for nothing, or no RST may be sent.
bool reset_sender(Shard& shard, Partition& partition, Occasion& occasion, const Packet& packet,
                  const Tombstone& stone);

}  // namespace ajar::tracker
