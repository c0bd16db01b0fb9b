// The Ethernet header and VLAN tags: the first step of the hot path.
#pragma once

#include "packet/network.hpp"
#include "packet/parser.hpp"

namespace ajar::parser {

constexpr bool is_vlan(std::uint16_t type) {
    return type == ether_type::kVlan || type == ether_type::kVlanService || type == ether_type::kVlanOld;
}

/// The first tag is the outer VLAN ID of the zone, the second the inner one; further tags only pass. Inside a
/// tunnel they are mixed.
inline void add_tag(Parser& p, std::uint16_t id) {
    ++p.vlans;
    if (p.tunnels != 0) {
        p.zone = mix_zone(p.zone, id);
    } else if (p.vlans <= 2) {
        p.zone |= static_cast<std::uint32_t>(id) << (p.vlans == 1 ? 12U : 0U);
    }
}

inline Reason by_ether_type(Parser& p, std::uint16_t type) {
    for (;;) {
        if (type == ether_type::kIpv4) return ipv4(p);
        if (type == ether_type::kIpv6) return ipv6(p);
        if (!is_vlan(type)) return uncommon_ether_type(p, type);
        constexpr std::size_t kTag = 4;
        if (!p.has(kTag)) return Reason::truncated_link;
        if (!p.follow_tag()) return Reason::too_many_tags;
        const auto* h = p.here();
        add_tag(p, load_be16(h) & 0xfffU);
        type = load_be16(h + 2);
        p.at += kTag;
    }
}

inline Reason ethernet(Parser& p) {
    constexpr std::size_t kHeader = 14;
    if (!p.has(kHeader)) return p.at == p.end ? Reason::empty_frame : Reason::truncated_link;
    const auto type = load_be16(p.here() + 12);
    p.at += kHeader;
    return by_ether_type(p, type);
}

}  // namespace ajar::parser
