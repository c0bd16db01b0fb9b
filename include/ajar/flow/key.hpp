// What identifies a flow: both endpoints in canonical order, and the zone.
//
// Canonical order: the endpoint whose (address, port), read as a big-endian number, is smaller comes first.
// So both directions give the same key, and one bit, `Packet::side`, says which endpoint sent a packet. The
// zone keeps equal tuples apart: bits 31..24 the port pair, bits 23..12 the outer and 11..0 the inner VLAN ID
// (0 = untagged). Inside a decapsulated tunnel the low 24 bits are mixed with the tunnel's identifier.
#pragma once

#include <array>
#include <cstdint>
#include <cstring>
#include <type_traits>

#include "ajar/packet/byte_order.hpp"

namespace ajar {

enum class Family : std::uint8_t { ipv4 = 4, ipv6 = 6 };

using Ipv4Address = be32;
using Ipv6Address = std::array<std::uint8_t, 16>;
using Zone = std::uint32_t;

template <typename Address>
struct FlowKey {
    std::array<Address, 2> address;  ///< wire order bytes; [0] is the canonical first endpoint
    std::array<be16, 2> port;
    Zone zone;  ///< host order

    /// In one piece: the default, field by field, costs three calls of memcmp on the hot path.
    friend bool operator==(const FlowKey& a, const FlowKey& b) { return std::memcmp(&a, &b, sizeof a) == 0; }
};

using KeyV4 = FlowKey<Ipv4Address>;
using KeyV6 = FlowKey<Ipv6Address>;
static_assert(sizeof(KeyV4) == 16 && sizeof(KeyV6) == 40);
static_assert(std::has_unique_object_representations_v<KeyV4> &&
              std::has_unique_object_representations_v<KeyV6>);

/// One of the two endpoints of a flow: an index into every two-element array below. `other` is its peer.
using Side = std::uint8_t;
constexpr Side other(Side s) { return static_cast<Side>(s ^ 1U); }

constexpr Zone zone_of(std::uint8_t port_pair, std::uint16_t outer_vlan, std::uint16_t inner_vlan) {
    return (Zone{port_pair} << 24U) | (Zone{outer_vlan & 0xfffU} << 12U) | Zone{inner_vlan & 0xfffU};
}
constexpr std::uint8_t port_pair_of(Zone z) { return static_cast<std::uint8_t>(z >> 24U); }

}  // namespace ajar
