// How a frame of Ajar's own becomes an mbuf and finds its port.
#pragma once

#include "ajar/packet/craft.hpp"
#include "dataplane/egress.hpp"
#include "dataplane/wiring.hpp"

namespace ajar::dataplane {

/// Index of the port that it leaves by: zones carry the pair, and a link header the side on which its frames
/// arrive.
inline std::uint16_t port_for(const Craft& craft) {
    return static_cast<std::uint16_t>(2U * port_pair_of(craft.key.zone) + (craft.link.in_port ^ 1U));
}

/// Builds the frame and sends it out of the port opposite to the one where such frames arrive.
void send_craft(const Craft& craft, Tally& tally, Egress& egress);

}  // namespace ajar::dataplane
