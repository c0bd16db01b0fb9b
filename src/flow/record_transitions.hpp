// The endpoint states of a record: what a packet's flags make of its sender and of the peer.
#pragma once

#include "ajar/packet/packet.hpp"
#include "flow/record_endpoint.hpp"

namespace ajar::record {

/// The packet's effect on the states. Returns true if the sender closes its side.
bool transit(Endpoint e, const Packet& packet);

/// A connection whose only packet was a SYN-ACK goes on with an ACK or data: no stealth scan, so the
/// SYN-ACK's sender is the responder after all.
void reconsider_roles(Endpoint e, const Packet& packet);

/// The sender closes: at once, or when its data and the peer's are complete.
void close(Endpoint e);

/// Looks whether a closing endpoint's data is complete by now; a close that waited for it follows.
void check_end(Endpoint e);

}  // namespace ajar::record
