// Under which names flows are counted: destination, service, source, the source's network, either end's.
//
// 24 bytes that compare and hash as they stand, so every field that a name does not need is zero. The kind is
// a part of the key: all names share one sketch and never meet but by chance.
#pragma once

#include <array>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <type_traits>

#include "ajar/flow/key.hpp"

namespace ajar {

enum class CountKind : std::uint8_t {
    destination,  ///< an address
    service,      ///< an address and a port
    source,       ///< an IPv4 address, an IPv6 /64: what one subscriber has
    network,      ///< the source's /24 or /48: what one site has
    heard,        ///< an end's /24 or /48, and our port that its peer is behind: its words come by,
    unheard,      ///< or pass elsewhere (defence/coverage.hpp)
};

struct CountKey {
    CountKind kind{};
    Family family{};
    be16 port{};  ///< of a service; of a network that is heard or not, ours
    Zone zone = 0;
    std::array<std::uint8_t, 16> address{};  ///< an IPv4 address in the first four

    friend bool operator==(const CountKey& a, const CountKey& b) {
        return std::memcmp(&a, &b, sizeof a) == 0;
    }
    /// Some order that is the same everywhere.
    friend bool operator<(const CountKey& a, const CountKey& b) { return std::memcmp(&a, &b, sizeof a) < 0; }
};
static_assert(sizeof(CountKey) == 24 && std::has_unique_object_representations_v<CountKey>);

/// Bytes of an address that a name keeps.
constexpr std::size_t prefix_bytes(CountKind kind, Family family) {
    const bool v4 = family == Family::ipv4;
    switch (kind) {
        case CountKind::source:
            return v4 ? 4 : 8;
        case CountKind::network:
        case CountKind::heard:
        case CountKind::unheard:
            return v4 ? 3 : 6;
        default:
            return v4 ? 4 : 16;
    }
}

constexpr bool has_port(CountKind kind) {
    return kind == CountKind::service || kind == CountKind::heard || kind == CountKind::unheard;
}

namespace detail {
constexpr std::uint64_t low_bytes(std::size_t n) {
    return n >= 8 ? ~std::uint64_t{0} : (std::uint64_t{1} << 8 * n) - 1;
}
/// By whole words, which stay in registers until the key is hashed. Fields written one by one and then read
/// as a word wait for the store buffer.
inline CountKey count_key(CountKind kind, Family family, std::array<std::uint64_t, 2> address, Zone zone,
                          be16 port) {
    static_assert(std::endian::native == std::endian::little);
    const auto bytes = prefix_bytes(kind, family);
    const std::uint64_t named = has_port(kind) ? std::bit_cast<std::uint16_t>(port) : 0;
    const auto head = static_cast<std::uint64_t>(kind) | static_cast<std::uint64_t>(family) << 8U |
                      named << 16U | std::uint64_t{zone} << 32U;
    return std::bit_cast<CountKey>(
        std::array{head, address[0] & low_bytes(bytes), bytes > 8 ? address[1] & low_bytes(bytes - 8) : 0});
}
}  // namespace detail

/// The port counts where has_port() says so.
inline CountKey count_key(CountKind kind, const Ipv4Address& address, Zone zone, be16 port = {}) {
    return detail::count_key(kind, Family::ipv4, {std::bit_cast<std::uint32_t>(address), 0}, zone, port);
}
inline CountKey count_key(CountKind kind, const Ipv6Address& address, Zone zone, be16 port = {}) {
    const auto words = std::bit_cast<std::array<std::uint64_t, 2>>(address);
    return detail::count_key(kind, Family::ipv6, words, zone, port);
}
/// Of either family: an IPv4 address in the first four bytes.
inline CountKey count_key(CountKind kind, Family family, const std::array<std::uint8_t, 16>& address,
                          Zone zone, be16 port = {}) {
    const auto words = std::bit_cast<std::array<std::uint64_t, 2>>(address);
    return detail::count_key(kind, family, words, zone, port);
}

}  // namespace ajar
