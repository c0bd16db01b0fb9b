// ICMP and ICMPv6: an error is led back to the flow whose packet it quotes; only 8 bytes of TCP are certain.
#include "packet/endpoints.hpp"
#include "packet/parser.hpp"

namespace ajar::parser {

namespace {

constexpr std::size_t kIcmpHeader = 8;  ///< of ICMP, before the quoted packet
constexpr std::size_t kQuotedTcp = 8;   ///< ports and sequence number (RFC 792; RFC 4443 quotes more)

/// The quoted packet's own lengths say nothing about the quotation's, so only `readable` bounds it.
Reason quoted_tcp(Parser& p, Family family, const std::uint8_t* source, const std::uint8_t* destination) {
    if (!p.has(kQuotedTcp)) return Reason::truncated_icmp;
    const auto* h = p.here();
    auto& out = p.out;
    out.family = family;
    p.source = source;
    p.destination = destination;
    if (set_endpoints(p, load_be16(h), load_be16(h + 2)) != Reason::none) return Reason::icmp;
    out.quote_offset = static_cast<std::uint16_t>(p.at);
    out.seq = load_be32(h + 4);
    out.kind = PacketKind::icmp_error;
    return Reason::none;
}

Reason quoted_ipv4(Parser& p) {
    constexpr std::size_t kFixed = 20;
    constexpr std::uint16_t kOffset = 0x1fff;
    if (!p.has(kFixed)) return Reason::truncated_icmp;
    const auto* h = p.here();
    const std::size_t length = (h[0] & 0xfU) * 4U;
    const bool later_fragment = (load_be16(h + 6) & kOffset) != 0;
    if ((h[0] >> 4U) != 4 || length < kFixed) return Reason::icmp;
    if (h[9] != ip_protocol::kTcp || later_fragment) return Reason::icmp;
    p.at += length;
    return quoted_tcp(p, Family::ipv4, h + 12, h + 16);
}

/// Steps over the quoted packet's extension headers; `next` becomes the protocol, or kNone for a later
/// fragment.
Reason quoted_extensions(Parser& p, std::uint8_t& next) {
    constexpr std::size_t kLeast = 8;
    for (unsigned i = 0; i < kMaxExtensions; ++i) {
        const bool ordinary = next == ip_protocol::kHopByHop || next == ip_protocol::kRouting ||
                              next == ip_protocol::kDestination;
        if (!ordinary && next != ip_protocol::kFragment) return Reason::none;
        if (!p.has(kLeast)) return Reason::truncated_icmp;
        const auto* h = p.here();
        const bool later_fragment = !ordinary && (load_be16(h + 2) & 0xfff8U) != 0;
        next = later_fragment ? ip_protocol::kNone : h[0];
        p.at += ordinary ? (h[1] + 1U) * 8U : kLeast;
    }
    return Reason::none;
}

Reason quoted_ipv6(Parser& p) {
    constexpr std::size_t kFixed = 40;
    if (!p.has(kFixed)) return Reason::truncated_icmp;
    const auto* h = p.here();
    if ((h[0] >> 4U) != 6) return Reason::icmp;
    p.at += kFixed;
    auto next = h[6];
    if (const auto reason = quoted_extensions(p, next); reason != Reason::none) return reason;
    return next == ip_protocol::kTcp ? quoted_tcp(p, Family::ipv6, h + 8, h + 24) : Reason::icmp;
}

}  // namespace

/// RFC 792: destination unreachable, source quench, redirect, time exceeded, parameter problem.
Reason icmp(Parser& p) {
    if (!p.has(kIcmpHeader)) return Reason::icmp;
    const auto type = p.here()[0];
    const bool error = type == 3 || type == 4 || type == 5 || type == 11 || type == 12;
    if (!error) return Reason::icmp;
    p.out.l4_offset = static_cast<std::uint16_t>(p.at);
    p.at += kIcmpHeader;
    return quoted_ipv4(p);
}

/// RFC 4443 (types 1 to 4 are errors) and RFC 4861 (133 to 137).
Reason icmpv6(Parser& p) {
    if (!p.has(kIcmpHeader)) return Reason::icmp;
    const auto type = p.here()[0];
    if (type >= 133 && type <= 137) return Reason::neighbour_discovery;
    if (type < 1 || type > 4) return Reason::icmp;
    p.out.l4_offset = static_cast<std::uint16_t>(p.at);
    p.at += kIcmpHeader;
    return quoted_ipv6(p);
}

}  // namespace ajar::parser
