// Tunnels that are IP protocols: IPv4 or IPv6 in either (RFC 2003, 2473, 4213) and GRE (RFC 2784, 2890,
// 2637).
#include "packet/tunnel.hpp"

namespace ajar::parser {

namespace {

constexpr std::uint16_t kChecksum = 0x8000, kRouting = 0x4000, kKey = 0x2000, kSequence = 0x1000,
                        kAcknowledgment = 0x0080, kVersion = 0x0007;

/// Length of a GRE header with these flags.
std::size_t gre_length(std::uint16_t flags) {
    constexpr std::size_t kFixed = 4, kOptional = 4;
    std::size_t length = kFixed;
    for (const auto flag : {kChecksum, kKey, kSequence, kAcknowledgment}) {
        if ((flags & flag) != 0) length += kOptional;
    }
    return length;
}

/// PPTP's GRE (version 1) acknowledges without carrying anything: there is a payload if there is a sequence
/// number. Its key holds a call id that differs between the directions.
Reason pptp(Parser& p, std::uint16_t flags) {
    p.at += gre_length(flags);
    if ((flags & kSequence) == 0) return Reason::not_tcp;
    if (const auto reason = enter_tunnel(p, Tunnels::kGre); reason != Reason::none) return reason;
    return ppp(p);
}

}  // namespace

Reason ip_in_ip(Parser& p, std::uint8_t protocol) {
    const bool four = protocol == ip_protocol::kIpip;
    const auto kind = four ? Tunnels::kIpip : Tunnels::kSixInFour;
    if (!p.options.decapsulate.has(kind)) return Reason::tunnel;
    if (const auto reason = enter_tunnel(p, kind); reason != Reason::none) return reason;
    return four ? ipv4(p) : ipv6(p);
}

Reason gre(Parser& p) {
    constexpr std::size_t kFixed = 4;
    if (!p.options.decapsulate.has(Tunnels::kGre)) return Reason::tunnel;
    if (!p.has(kFixed)) return Reason::tunnel_malformed;
    const auto* h = p.here();
    const auto flags = load_be16(h);
    const auto type = load_be16(h + 2);
    const auto version = flags & kVersion;
    if ((flags & kRouting) != 0 || version > 1 || !p.has(gre_length(flags))) return Reason::tunnel_malformed;
    if (version == 1) return type == ether_type::kPpp ? pptp(p, flags) : Reason::tunnel_malformed;
    const std::size_t key_offset = kFixed + ((flags & kChecksum) != 0 ? 4U : 0U);
    const auto key = (flags & kKey) != 0 ? load_be32(h + key_offset) : 0;
    p.at += gre_length(static_cast<std::uint16_t>(flags & ~kAcknowledgment));
    if (const auto reason = enter_tunnel(p, Tunnels::kGre, key); reason != Reason::none) return reason;
    return inner(p, type);
}

}  // namespace ajar::parser
