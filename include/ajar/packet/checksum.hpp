// The Internet checksum (RFC 1071): sums, pseudo-headers, verification and filling in software.
//
// The data plane asks the hardware first; this is for replay, tests and the few frames that Ajar crafts.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>

#include "ajar/packet/packet.hpp"

namespace ajar::checksum {

/// A ones' complement sum under way: add spans and numbers in any order, then fold. Each span but the last
/// must have an even length.
class Sum {
public:
    Sum& add(std::span<const std::uint8_t> bytes);
    Sum& add16(std::uint16_t word) {
        total_ += word;
        return *this;
    }
    Sum& add32(std::uint32_t words) {
        return add16(static_cast<std::uint16_t>(words >> 16U)).add16(low(words));
    }
    [[nodiscard]] std::uint16_t folded() const;
    /// The 16 bits that go into a header's checksum field, as a number.
    [[nodiscard]] std::uint16_t checksum() const { return static_cast<std::uint16_t>(~folded()); }

private:
    static constexpr std::uint16_t low(std::uint32_t v) { return static_cast<std::uint16_t>(v); }
    std::uint64_t total_ = 0;  ///< of 16-bit words: overflows after 2^48 of them
};

/// Does a header or message whose checksum field is filled sum to nothing?
bool holds(std::span<const std::uint8_t> bytes);

/// The pseudo-header of RFC 9293 3.1 (IPv4) and RFC 8200 8.1 (IPv6). `length` is the transport header's and
/// payload's.
Sum pseudo_header(std::span<const std::uint8_t> source, std::span<const std::uint8_t> destination,
                  std::uint8_t protocol, std::uint32_t length);

/// Verifies the TCP checksum of a packet of kind tcp over its whole frame. `unknown` where the segment is not
/// whole in `frame` (cut by a capture, or reassembled from fragments) or the packet is of another kind.
Checksum verify_tcp(const Packet& packet, std::span<const std::uint8_t> frame);

/// The same of a segment whose bytes were summed before: `length` of them, to `segment`.
Checksum verify_tcp(const Packet& packet, const Sum& segment, std::uint32_t length);

/// The folded sum of what a fragment carries of its datagram; nothing where that is not whole in `frame`.
std::optional<std::uint16_t> piece_sum(const Packet& fragment, std::span<const std::uint8_t> frame);

}  // namespace ajar::checksum
