// Which endpoints do the connections of made traffic have?
//
// Connection n of a lot: 16 bits of n in the client's address, 14 in its port, 16 in the server's address.
// The server's port puts the tuple into a partition of the wanted worker. The Toeplitz hash is linear, so one
// XOR does it, whatever the other fields are.
#pragma once

#include <array>
#include <cstdint>

#include "ajar/flow/key.hpp"
#include "ajar/flow/steer.hpp"

namespace ajar::dataplane {

/// Addresses are the last 32 bits of whatever family the frames have; the prefixes are fixed.
struct Tuple {
    std::uint32_t client = 0, server = 0;
    std::uint16_t client_port = 0, server_port = 0;
};

/// Tuples of lots with different numbers differ.
struct Lot {
    std::uint8_t number = 0;
    Family family = Family::ipv4;
    std::uint32_t worker = 0, workers = 1;  ///< partition p of a tuple: p mod workers == worker
    std::uint32_t foreign_of_two = 0;       ///< of two connections, those of the next worker
    std::uint16_t rss_word = 0;
};

inline constexpr std::array<std::uint8_t, 12> kClientPrefix = {0x20, 0x01, 0x0d, 0xb8, 0, 0,
                                                               0,    0,    0,    0,    0, 0};
inline constexpr std::array<std::uint8_t, 12> kServerPrefix = {0x20, 0x01, 0x0d, 0xb8, 0, 0,
                                                               0,    0,    0,    0,    0, 1};

class Tuples {
public:
    static constexpr std::uint64_t kDifferent = std::uint64_t{1} << 46U;  ///< connections of a lot

    explicit Tuples(const Lot& lot);

    [[nodiscard]] Tuple of(std::uint64_t connection) const {
        const auto low = static_cast<std::uint32_t>(connection);
        Tuple t{.client = clients_ | (low & 0xffffU),
                .server = kServers | (static_cast<std::uint32_t>(connection >> 30U) & 0xffffU),
                .client_port = static_cast<std::uint16_t>(1024U + ((low >> 16U) & 0x3fffU)),
                .server_port = kServerPort};
        const bool foreign = (low & 1U) < lot_.foreign_of_two;
        if (lot_.workers > 1) t.server_port ^= turns_[foreign ? 1 : 0][partition_of(t)];
        return t;
    }
    [[nodiscard]] Family family() const { return lot_.family; }

private:
    static constexpr std::uint32_t kServers = 0xc0a80000U;
    static constexpr std::uint16_t kServerPort = 443;

    [[nodiscard]] std::uint8_t partition_of(const Tuple& t) const {
        const auto addresses = t.client ^ t.server;
        const auto folded = prefixes_ ^ addresses ^ (addresses >> 16U) ^ t.client_port ^ t.server_port;
        return toeplitz7(static_cast<std::uint16_t>(folded), lot_.rss_word);
    }

    Lot lot_;
    std::uint32_t clients_;
    std::uint32_t prefixes_ = 0;  // XOR of their words
    /// By partition: what to XOR the server's port with, for the lot's own worker and for the next one.
    std::array<std::array<std::uint16_t, kPartitionMask + 1U>, 2> turns_{};
};

}  // namespace ajar::dataplane
