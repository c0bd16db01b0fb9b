// Which port looks like a server's: decides who the originator of a flow is whose SYN was not seen.
#pragma once

#include "ajar/packet/packet.hpp"

namespace ajar {

/// Is the sender of a flow's first packet more likely its responder?
bool responder_spoke_first(const Packet& packet);

}  // namespace ajar
