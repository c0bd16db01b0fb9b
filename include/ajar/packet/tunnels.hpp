// Which tunnels the parser looks into.
#pragma once

#include <array>
#include <cstdint>
#include <string_view>

namespace ajar {

/// Tunnels whose inner flows are tracked; a bit set. kIpip is IP protocol 4, kSixInFour protocol 41, whatever
/// the outer family.
struct Tunnels {
    static constexpr std::uint16_t kIpip = 1, kSixInFour = 2, kGre = 4, kVxlan = 8, kGeneve = 16, kGtpu = 32,
                                   kTeredo = 64, kAll = 127;
    static constexpr std::array<std::string_view, 7> kNames = {"ipip",   "6in4", "gre",   "vxlan",
                                                               "geneve", "gtpu", "teredo"};  ///< bit 0 first
    std::uint16_t bits = 0;
    [[nodiscard]] bool has(std::uint16_t t) const { return (bits & t) != 0; }
    friend bool operator==(const Tunnels&, const Tunnels&) = default;
};

}  // namespace ajar
