// Which IP protocols other than TCP the parser knows, what it calls the rest, and TCP headers of impossible
// length.
#include "packet/network.hpp"
#include "packet/parser.hpp"
#include "packet/tcp.hpp"

namespace ajar::parser {

Reason uncommon_transport(Parser& p, std::uint8_t protocol) {
    switch (protocol) {
        case ip_protocol::kUdp:
            return udp(p);
        case ip_protocol::kIcmp:
            return p.out.family == Family::ipv4 ? icmp(p) : Reason::not_tcp;
        case ip_protocol::kIcmpv6:
            return p.out.family == Family::ipv6 ? icmpv6(p) : Reason::not_tcp;
        case ip_protocol::kIpip:
        case ip_protocol::kIpv6:
            return ip_in_ip(p, protocol);
        case ip_protocol::kGre:
            return gre(p);
        case ip_protocol::kEsp:
            return Reason::encrypted;
        case ip_protocol::kAh:
            return extensions(p, protocol);
        default:
            return Reason::not_tcp;
    }
}

Reason headless(Parser& p, Reason why) {
    if (!p.options.lenient) return why;
    const auto* h = p.here();
    auto& out = p.out;
    out.kind = PacketKind::tcp;
    out.headless = true;
    out.reason = why;
    out.l4_offset = static_cast<std::uint16_t>(p.at);
    out.seq = load_be32(h + 4);
    out.ack = load_be32(h + 8);
    // Below its least the offset makes all else doubtful: no SYN is read then.
    const bool tiny = (h[12] >> 4U) * 4U < kFixedHeader;
    out.flags.bits = static_cast<std::uint8_t>(tiny ? h[13] & ~TcpFlags::kSyn : h[13]);
    set_key(p, load_be16(h), load_be16(h + 2));
    return Reason::none;
}

}  // namespace ajar::parser
