// Which headers may stand between IP and its transport, and how long they are.
#pragma once

#include "packet/parser.hpp"

namespace ajar::parser {

/// Bytes of an extension header that are needed to know its length.
inline constexpr std::size_t kLeastExtension = 8;

/// True for a header that is stepped over; the fragment header is not one of them.
constexpr bool is_extension(std::uint8_t type) {
    switch (type) {
        case ip_protocol::kHopByHop:
        case ip_protocol::kRouting:
        case ip_protocol::kDestination:
        case ip_protocol::kAh:
        case ip_protocol::kMobility:
        case ip_protocol::kHip:
        case ip_protocol::kShim6:
            return true;
        default:
            return false;
    }
}

/// Length of the extension header `type` at `h`, of which kLeastExtension bytes are there.
constexpr std::size_t extension_length(std::uint8_t type, const std::uint8_t* h) {
    return type == ip_protocol::kAh ? (h[1] + 2U) * 4U : (h[1] + 1U) * 8U;
}

/// Protocols whose fragments may turn out to be TCP's.
constexpr bool may_carry_tcp(std::uint8_t protocol) {
    return protocol == ip_protocol::kTcp || is_extension(protocol);
}

/// Why a packet with this extension header is not between the addresses of its IP header; none where it is.
/// ip_options_malformed where it cannot be read. `length` bytes are there.
Reason doubt_of(std::uint8_t type, const std::uint8_t* h, std::size_t length);

}  // namespace ajar::parser
