// From source and destination to the canonical key and the side: the step that both directions must agree on.
#pragma once

#include <compare>
#include <cstring>

#include "packet/parser.hpp"

namespace ajar::parser {

// Canonical order is that of (address, port) as one big-endian number. Each function fills key and side and
// is false where both endpoints are the same. IPv4's number fits a register, so both ends are swapped there.

inline bool set_key_v4(Packet& out, const std::uint8_t* source, const std::uint8_t* destination,
                       std::uint16_t source_port, std::uint16_t destination_port, Zone zone) {
    const std::uint64_t s = (std::uint64_t{load_be32(source)} << 16U) | source_port;
    const std::uint64_t d = (std::uint64_t{load_be32(destination)} << 16U) | destination_port;
    const Side side = s > d ? 1 : 0;
    const auto low = side == 0 ? s : d;
    const auto high = side == 0 ? d : s;
    out.side = side;
    out.v4 = KeyV4{
        {be32::of(static_cast<std::uint32_t>(low >> 16U)), be32::of(static_cast<std::uint32_t>(high >> 16U))},
        {be16::of(static_cast<std::uint16_t>(low)), be16::of(static_cast<std::uint16_t>(high))},
        zone};
    return s != d;
}

struct EndpointV6 {
    std::uint64_t high, low;
    std::uint16_t port;
    EndpointV6(const std::uint8_t* address, std::uint16_t p)
        : high(load_be64(address)), low(load_be64(address + 8)), port(p) {}
    // clang-tidy 14 takes the 0 that it compares with for a null pointer.
    friend auto operator<=>(const EndpointV6&, const EndpointV6&) = default;  // NOLINT(modernize-use-nullptr)
};

inline bool set_key_v6(Packet& out, const std::uint8_t* source, const std::uint8_t* destination,
                       std::uint16_t source_port, std::uint16_t destination_port, Zone zone) {
    const EndpointV6 s(source, source_port), d(destination, destination_port);
    const Side side = s > d ? 1 : 0;
    out.side = side;
    std::memcpy(out.v6.address[side].data(), source, sizeof(Ipv6Address));
    std::memcpy(out.v6.address[other(side)].data(), destination, sizeof(Ipv6Address));
    out.v6.port[side] = be16::of(source_port);
    out.v6.port[other(side)] = be16::of(destination_port);
    out.v6.zone = zone;
    return s != d;
}

inline bool set_key(Parser& p, std::uint16_t source_port, std::uint16_t destination_port) {
    const auto zone = p.full_zone();
    return p.out.family == Family::ipv4
               ? set_key_v4(p.out, p.source, p.destination, source_port, destination_port, zone)
               : set_key_v6(p.out, p.source, p.destination, source_port, destination_port, zone);
}

/// An address that one host can have: neither unspecified nor broadcast nor multicast.
inline bool unicast_v4(const std::uint8_t* address) {
    const auto a = load_be32(address);
    return a != 0 && a != 0xffffffffU && (a >> 28U) != 0xeU;
}
inline bool unicast_v6(const std::uint8_t* address) {
    const auto high = load_unaligned<std::uint64_t>(address);
    const auto low = load_unaligned<std::uint64_t>(address + 8);
    return address[0] != 0xff && (high | low) != 0;
}

/// Of a TCP packet: fills key and side, or says what is wrong with the endpoints. A port of 0 is nothing
/// wrong: hosts answer it, and floods like it.
inline Reason set_endpoints(Parser& p, std::uint16_t source_port, std::uint16_t destination_port) {
    const bool different = set_key(p, source_port, destination_port);
    const bool unicast = p.out.family == Family::ipv4 ? unicast_v4(p.source) && unicast_v4(p.destination)
                                                      : unicast_v6(p.source) && unicast_v6(p.destination);
    return different && unicast ? Reason::none : Reason::bad_address;
}

}  // namespace ajar::parser
