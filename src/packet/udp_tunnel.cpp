// Tunnels over UDP, known by their ports: VXLAN (RFC 7348), Geneve (RFC 8926), GTP-U (TS 29.281), Teredo
// (RFC 4380).
#include "packet/tunnel.hpp"

namespace ajar::parser {

namespace {

constexpr std::uint16_t kVxlanPort = 4789, kVxlanOldPort = 8472, kGenevePort = 6081, kGtpuPort = 2152,
                        kTeredoPort = 3544;

/// The tunnel that these ports speak of, or 0. Teredo's port is the server's or relay's, at either end.
std::uint16_t tunnel_of(std::uint16_t source_port, std::uint16_t destination_port) {
    switch (destination_port) {
        case kVxlanPort:
        case kVxlanOldPort:
            return Tunnels::kVxlan;
        case kGenevePort:
            return Tunnels::kGeneve;
        case kGtpuPort:
            return Tunnels::kGtpu;
        case kTeredoPort:
            return Tunnels::kTeredo;
        default:
            return source_port == kTeredoPort ? Tunnels::kTeredo : std::uint16_t{0};
    }
}

Reason vxlan(Parser& p) {
    constexpr std::size_t kHeader = 8;
    constexpr std::uint8_t kIdValid = 0x08;
    if (!p.has(kHeader) || (p.here()[0] & kIdValid) == 0) return Reason::tunnel_malformed;
    const auto id = load_be32(p.here() + 4) >> 8U;
    p.at += kHeader;
    if (const auto reason = enter_tunnel(p, Tunnels::kVxlan, id); reason != Reason::none) return reason;
    return ethernet(p);
}

Reason geneve(Parser& p) {
    constexpr std::size_t kHeader = 8;
    if (!p.has(kHeader)) return Reason::tunnel_malformed;
    const auto* h = p.here();
    const std::size_t length = kHeader + (h[0] & 0x3fU) * 4U;
    if ((h[0] >> 6U) != 0 || !p.has(length)) return Reason::tunnel_malformed;
    const auto type = load_be16(h + 2);
    const auto id = load_be32(h + 4) >> 8U;
    p.at += length;
    if (const auto reason = enter_tunnel(p, Tunnels::kGeneve, id); reason != Reason::none) return reason;
    return inner(p, type);
}

/// Steps over GTP-U's extension headers, whose last byte names the next one's type; false where one is cut.
bool skip_gtpu_extensions(Parser& p, std::uint8_t next) {
    for (unsigned i = 0; next != 0; ++i) {
        if (i == kMaxExtensions || !p.has(1)) return false;
        const std::size_t length = p.here()[0] * std::size_t{4};
        if (length == 0 || !p.has(length)) return false;
        next = p.here()[length - 1];
        p.at += length;
    }
    return true;
}

/// The tunnel endpoint identifier belongs to one direction alone, so it cannot be part of a flow's zone.
Reason gtpu(Parser& p) {
    constexpr std::size_t kHeader = 8, kOptional = 4;
    constexpr std::uint8_t kVersionMask = 0xf0, kVersion = 0x30, kUserData = 255;
    if (!p.has(kHeader)) return Reason::tunnel_malformed;
    const auto* h = p.here();
    if ((h[0] & kVersionMask) != kVersion) return Reason::tunnel_malformed;
    if (h[1] != kUserData) return Reason::not_tcp;
    const bool optional = (h[0] & 0x07U) != 0, extensions = (h[0] & 0x04U) != 0;
    if (optional && !p.has(kHeader + kOptional)) return Reason::tunnel_malformed;
    p.at += optional ? kHeader + kOptional : kHeader;
    if (extensions && !skip_gtpu_extensions(p, h[11])) return Reason::tunnel_malformed;
    if (const auto reason = enter_tunnel(p, Tunnels::kGtpu); reason != Reason::none) return reason;
    return by_version(p);
}

/// Authentication and origin indications (RFC 4380 5.1.1) may precede the IPv6 packet.
Reason teredo(Parser& p) {
    constexpr std::uint16_t kOrigin = 0x0000, kAuthentication = 0x0001;
    constexpr std::size_t kOriginLength = 8, kAuthenticationFixed = 13;
    if (p.has(4) && load_be16(p.here()) == kAuthentication) {
        const std::size_t length = kAuthenticationFixed + p.here()[2] + p.here()[3];
        if (!p.has(length)) return Reason::tunnel_malformed;
        p.at += length;
    }
    if (p.has(kOriginLength) && load_be16(p.here()) == kOrigin) p.at += kOriginLength;
    if (!p.has(1) || (p.here()[0] >> 4U) != 6) return Reason::tunnel_malformed;
    if (const auto reason = enter_tunnel(p, Tunnels::kTeredo); reason != Reason::none) return reason;
    return ipv6(p);
}

}  // namespace

Reason udp(Parser& p) {
    constexpr std::size_t kHeader = 8;
    if (!p.has(kHeader)) return Reason::not_tcp;
    const auto kind = tunnel_of(load_be16(p.here()), load_be16(p.here() + 2));
    if (kind == 0) return Reason::not_tcp;
    if (!p.options.decapsulate.has(kind)) return Reason::tunnel;
    p.at += kHeader;
    switch (kind) {
        case Tunnels::kVxlan:
            return vxlan(p);
        case Tunnels::kGeneve:
            return geneve(p);
        case Tunnels::kGtpu:
            return gtpu(p);
        default:
            return teredo(p);
    }
}

}  // namespace ajar::parser
