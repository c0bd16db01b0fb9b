// What is kept of a packet that may be evidence.
#pragma once

#include <algorithm>
#include <cstdint>
#include <limits>

#include "ajar/clock.hpp"
#include "ajar/packet/packet.hpp"

namespace ajar {

/// 24 bytes.
struct Glimpse {
    Time time{};
    std::uint32_t seq = 0, ack = 0;
    std::uint16_t payload = 0;  ///< bytes, saturating
    std::uint16_t window = 0;   ///< as on the wire
    TcpFlags flags{};
    std::uint8_t ttl = 0;

    static Glimpse of(const Packet& p) {
        constexpr std::uint32_t kMost = std::numeric_limits<std::uint16_t>::max();
        return {p.time,   p.seq,   p.ack, static_cast<std::uint16_t>(std::min(p.payload, kMost)),
                p.window, p.flags, p.ttl};
    }
};
static_assert(sizeof(Glimpse) == 24);

}  // namespace ajar
