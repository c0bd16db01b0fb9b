// A frame that Ajar wants to send, as a value: who sends what to whom. build() (packet/build.hpp) makes the
// bytes.
#pragma once

#include <array>
#include <cstdint>

#include "ajar/flow/key.hpp"
#include "ajar/packet/packet.hpp"

namespace ajar {

/// Ethernet header with its tags, labels and PPPoE header, as a frame of that direction carried it.
struct LinkHeader {
    static constexpr std::size_t kCapacity = 46;
    std::uint8_t length = 0;  ///< bytes; 0 = unknown
    std::uint8_t in_port =
        0;  ///< port of the pair (0 or 1) on which such frames arrive; they leave by the other
    std::array<std::uint8_t, kCapacity> bytes{};
    friend bool operator==(const LinkHeader&, const LinkHeader&) = default;
};
static_assert(sizeof(LinkHeader) == 48);

/// A TCP segment, crafted as if the endpoint `from` of `key` had sent it. Without payload, but for the one
/// byte of a probe.
struct Craft {
    Family family = Family::ipv4;
    Side from = 0;
    TcpFlags flags{};
    std::uint8_t ttl = 64;
    std::uint8_t tos = 0;
    std::uint16_t window = 0;
    bool garbage = false;  ///< one byte of data, zero, that its receiver has had already
    std::uint32_t seq = 0;
    std::uint32_t ack = 0;
    std::uint32_t flow_label = 0;
    TcpOptions options{};  ///< those of a SYN, and timestamps; SACK blocks and Fast Open are never crafted
    LinkHeader link{};     ///< of the direction that `from` sends
    KeyV6 key{};           ///< an IPv4 address stands in the first four bytes of each address
    std::uint64_t ordinal = 0;  ///< of the packet or flow that caused it
};

}  // namespace ajar
