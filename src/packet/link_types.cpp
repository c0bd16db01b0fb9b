// How the frames of captures begin that are not Ethernet.
#include "packet/link.hpp"
#include "packet/parser.hpp"

namespace ajar::parser {

namespace {

/// BSD loopback: an address family in the byte order of the capturing host (null) or big-endian (loop).
/// AF_INET is 2 everywhere, AF_INET6 is not.
Reason loopback(Parser& p) {
    constexpr std::size_t kHeader = 4;
    if (!p.has(kHeader)) return p.at == p.end ? Reason::empty_frame : Reason::truncated_link;
    const auto word = load_be32(p.here());
    const auto family = (word & 0xffff0000U) == 0 ? word : __builtin_bswap32(word);
    p.at += kHeader;
    switch (family) {
        case 2:
            return ipv4(p);
        case 10:
        case 24:
        case 28:
        case 30:
            return ipv6(p);
        default:
            return Reason::not_ip;
    }
}

/// Linux cooked captures; `type_offset` says where the header keeps the EtherType.
Reason cooked(Parser& p, std::size_t header, std::size_t type_offset) {
    if (!p.has(header)) return p.at == p.end ? Reason::empty_frame : Reason::truncated_link;
    const auto type = load_be16(p.here() + type_offset);
    p.at += header;
    return by_ether_type(p, type);
}

/// Netfilter's log: attributes, one of which is the packet. Their integers are of the capturing host's order;
/// all that write this format today are little-endian.
Reason nflog(Parser& p) {
    constexpr std::size_t kHeader = 4, kAttribute = 4;
    constexpr unsigned kPayload = 9;
    if (!p.has(kHeader)) return p.at == p.end ? Reason::empty_frame : Reason::truncated_link;
    p.at += kHeader;
    while (p.has(kAttribute)) {
        const auto* h = p.here();
        const std::size_t length = h[0] + unsigned{h[1]} * 256U;
        const unsigned type = h[2] + unsigned{h[3]} * 256U;
        if (length < kAttribute || p.at + length > p.end) return Reason::truncated_link;
        if (type == kPayload) {
            p.narrow(length);
            p.at += kAttribute;
            return by_version(p);
        }
        p.at += (length + 3) & ~std::size_t{3};
    }
    return p.at >= p.end ? Reason::not_ip : Reason::truncated_link;
}

}  // namespace

Reason by_link_type(Parser& p) {
    switch (p.options.link) {
        case LinkType::ethernet:
            return ethernet(p);
        case LinkType::null:
        case LinkType::loop:
            return loopback(p);
        case LinkType::ppp:
            return ppp(p);
        case LinkType::raw:
            return by_version(p);
        case LinkType::ipv4:
            return ipv4(p);
        case LinkType::ipv6:
            return ipv6(p);
        case LinkType::linux_sll:
            return cooked(p, 16, 14);
        case LinkType::linux_sll2:
            return cooked(p, 20, 0);
        case LinkType::nflog:
            return nflog(p);
    }
    return Reason::not_ip;
}

}  // namespace ajar::parser
