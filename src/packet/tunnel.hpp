// How the parser enters a tunnel: only one that the configuration names, and only so deep.
#pragma once

#include "packet/link.hpp"
#include "packet/parser.hpp"

namespace ajar::parser {

/// Reason::none: go on into the tunnel of this kind; `id` tells its inner flows from those of others. Kinds
/// whose identifier differs between the directions (GTP-U, PPTP) have none.
inline Reason enter_tunnel(Parser& p, std::uint16_t kind, std::uint32_t id = 0) {
    if (++p.tunnels > kMaxTunnels) return Reason::tunnel_too_deep;
    p.out.tunnelled = true;
    p.zone = mix_zone(p.zone, (std::uint32_t{kind} << 24U) ^ id);
    p.tags = 0;
    p.vlans = 0;
    p.extensions = 0;
    p.doubt = Reason::none;
    return Reason::none;
}

/// The payload of a tunnel by the EtherType that its header names.
inline Reason inner(Parser& p, std::uint16_t type) {
    switch (type) {
        case ether_type::kBridged:
            return ethernet(p);
        case ether_type::kPpp:
            return ppp(p);
        case ether_type::kIpv4:
        case ether_type::kIpv6:
        case ether_type::kMpls:
            return by_ether_type(p, type);
        default:
            return Reason::not_ip;
    }
}

}  // namespace ajar::parser
