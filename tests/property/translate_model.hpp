// What is a segment as numbers, what bytes has it, and what becomes of its numbers in translation?
//
// The plain way to all of it, which shares nothing with the code: numbers are translated as numbers, bytes
// are made anew, and the checksum is summed over all of them.
#pragma once

#include <array>
#include <cstdint>
#include <ostream>
#include <vector>

#include "ajar/tcp/translate.hpp"

namespace ajar::test {

using Octets = std::vector<std::uint8_t>;

inline constexpr std::size_t kChecksum = 16;  ///< where it stands in a TCP header

struct Option {
    enum class Kind { nop, other, timestamps, sack };
    Kind kind = Kind::nop;
    std::vector<std::uint32_t> numbers{};  ///< TSval and TSecr, or edges
    Octets value{};                        ///< of another kind
};

struct Segment {
    std::array<std::uint16_t, 2> port{};
    std::uint32_t seq = 0, ack = 0;
    std::uint8_t flags = 0;
    std::uint16_t window = 0, urgent = 0;
    std::vector<Option> options{};
    Octets ending{};  ///< none: NOPs fill the last word; else an end of options or a malformed one, and more
    Octets payload{};
    std::uint16_t pseudo = 0;  ///< sum of the pseudo-header
    std::uint16_t error = 0;   ///< that the checksum is wrong by

    [[nodiscard]] bool acknowledges() const { return (flags & 0x10) != 0; }
    [[nodiscard]] bool malformed() const { return !ending.empty() && ending[0] != 0; }
};

/// The ones' complement sum, 0 where it is 0xffff.
std::uint32_t sum_of(const Octets& bytes);
Octets options_of(const Segment& segment);
Octets encode(const Segment& segment);
std::ostream& operator<<(std::ostream& out, const Segment& segment);

Segment to_server(Segment segment, tcp::Translation by);
Segment to_client(Segment segment, tcp::Translation by);

}  // namespace ajar::test
