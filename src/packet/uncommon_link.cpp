// What stands between Ethernet and IP on provider networks, and the frames that carry no IP at all.
#include "packet/link.hpp"
#include "packet/parser.hpp"

namespace ajar::parser {

namespace {

/// A tag of `length` bytes, the last two of which name what follows. IEEE 802.1BR's and Cisco's name a port
/// of a bridge, nothing that tells flows apart: the next VLAN tag is still the outer one.
Reason port_tag(Parser& p, std::size_t length) {
    if (!p.has(length)) return Reason::truncated_link;
    if (!p.follow_tag()) return Reason::too_many_tags;
    const auto type = load_be16(p.here() + length - 2);
    p.at += length;
    return by_ether_type(p, type);
}

/// A whole Ethernet frame behind a header of `length` bytes: IEEE 802.1ah, Cisco FabricPath.
Reason bridged(Parser& p, std::size_t length) {
    if (!p.has(length)) return Reason::truncated_link;
    if (!p.follow_tag()) return Reason::too_many_tags;
    p.at += length;
    return ethernet(p);
}

/// RFC 3032. Labels differ between the directions of a flow, so they are not in the zone. What follows the
/// bottom of the stack is not named; as routers do, it is taken from the first nibble.
Reason mpls(Parser& p) {
    constexpr std::size_t kLabel = 4;
    constexpr std::uint8_t kBottom = 0x01;
    bool bottom = false;
    while (!bottom) {
        if (!p.has(kLabel)) return Reason::truncated_link;
        if (!p.follow_tag()) return Reason::too_many_tags;
        bottom = (p.here()[2] & kBottom) != 0;
        p.at += kLabel;
    }
    return by_version(p);
}

/// RFC 2516. The length field cuts off Ethernet's padding.
Reason pppoe(Parser& p) {
    constexpr std::size_t kHeader = 6;
    constexpr std::uint8_t kVersionAndType = 0x11, kSession = 0;
    if (!p.has(kHeader)) return Reason::truncated_link;
    const auto* h = p.here();
    const std::size_t length = load_be16(h + 4);
    if (h[0] != kVersionAndType || h[1] != kSession) return Reason::not_ip;
    p.at += kHeader;
    if (p.at + length > p.end) return Reason::truncated_link;
    p.narrow(length);
    return ppp(p);
}

/// Spanning tree and other bridges' talk goes to reserved groups.
bool to_reserved_group(const Parser& p) {
    constexpr std::uint32_t kIeee = 0x0180c200, kCisco = 0x01000ccc;
    if (p.options.link != LinkType::ethernet || p.tunnels != 0) return false;
    const auto group = load_be32(p.frame);
    return group == kIeee || group == kCisco;
}

/// IEEE 802.3 with a length instead of an EtherType, which SNAP (RFC 1042) brings back.
Reason logical_link(Parser& p, std::uint16_t length) {
    constexpr std::size_t kSnap = 8;
    constexpr std::uint32_t kSnapHeader = 0xaaaa0300;
    if (to_reserved_group(p)) return Reason::link_control;
    if (!p.has(kSnap) || load_be32(p.here()) != kSnapHeader || p.here()[4] != 0 || p.here()[5] != 0) {
        return Reason::not_ip;
    }
    const auto type = load_be16(p.here() + 6);
    if (p.at + length <= p.end) p.narrow(length);
    p.at += kSnap;
    return type >= ether_type::kFirst ? by_ether_type(p, type) : Reason::not_ip;
}

}  // namespace

Reason by_version(Parser& p) {
    if (!p.has(1)) return p.at == p.end ? Reason::empty_frame : Reason::truncated_ip;
    const auto version = p.here()[0] >> 4U;
    if (version == 4) return ipv4(p);
    if (version == 6) return ipv6(p);
    return Reason::not_ip;
}

/// RFC 1661, with the compressions of its header that a capture may show (6.5, 6.6).
Reason ppp(Parser& p) {
    constexpr std::uint16_t kAddressControl = 0xff03, kIpv4 = 0x0021, kIpv6 = 0x0057, kControl = 0x8000;
    if (p.has(2) && load_be16(p.here()) == kAddressControl) p.at += 2;
    if (!p.has(1)) return p.at == p.end ? Reason::empty_frame : Reason::truncated_link;
    const bool compressed = (p.here()[0] & 1U) != 0;
    if (!compressed && !p.has(2)) return Reason::truncated_link;
    const std::uint16_t protocol = compressed ? p.here()[0] : load_be16(p.here());
    p.at += compressed ? 1 : 2;
    if (protocol == kIpv4) return ipv4(p);
    if (protocol == kIpv6) return ipv6(p);
    return protocol >= kControl ? Reason::link_control : Reason::not_ip;
}

Reason uncommon_ether_type(Parser& p, std::uint16_t type) {
    switch (type) {
        case ether_type::kMpls:
        case ether_type::kMplsMulticast:
            return mpls(p);
        case ether_type::kPppoe:
            return pppoe(p);
        case ether_type::kEtag:
            return port_tag(p, 8);
        case ether_type::kVnTag:
            return port_tag(p, 6);
        case ether_type::kBackbone:
            return bridged(p, 4);
        case ether_type::kFabricPath:
            return bridged(p, 2);
        case ether_type::kArp:
        case ether_type::kRarp:
            return Reason::arp;
        case ether_type::kSlow:
        case ether_type::kLldp:
        case ether_type::kPause:
        case ether_type::kPppoeDiscovery:
            return Reason::link_control;
        default:
            return type < ether_type::kFirst ? logical_link(p, type) : Reason::not_ip;
    }
}

}  // namespace ajar::parser
