// How a frame of Ajar's own becomes an mbuf and finds its port.
#pragma once

#include "ajar/packet/craft.hpp"
#include "dataplane/egress.hpp"
#include "dataplane/wiring.hpp"

namespace ajar::dataplane {

/// Builds the frame and sends it out of the port opposite to the one where such frames arrive.
void send_craft(const Craft& craft, const Wiring& wiring, Tally& tally, Egress& egress);

}  // namespace ajar::dataplane
