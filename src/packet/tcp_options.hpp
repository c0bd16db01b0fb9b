// Where does each option of a TCP header stand? (RFC 9293 3.1)
#pragma once

#include <cstddef>
#include <cstdint>

#include "ajar/packet/byte_order.hpp"

namespace ajar::parser {

namespace tcp_option {
inline constexpr std::uint8_t kEnd = 0, kNop = 1, kMss = 2, kWindowScale = 3, kSackPermitted = 4, kSack = 5,
                              kTimestamps = 8, kSignature = 19, kAuthentication = 29, kMultipath = 30,
                              kFastOpen = 34;
inline constexpr std::uint8_t kMaxWindowScale = 14;
}  // namespace tcp_option

/// Nearly all segments of a living connection: NOP, NOP, timestamps, whose value begins at 4.
inline bool are_aligned_timestamps(const std::uint8_t* options, std::size_t length) {
    constexpr std::uint32_t kAlignedTimestamps = 0x0101080a;
    return length == 12 && load_be32(options) == kAlignedTimestamps;
}

/// Calls visit(kind, at, length): an option's kind, and where in `options` its value stands. False where an
/// option's length is impossible: nothing is known of that one and what follows it.
template <typename Visit>
inline bool for_each_option(const std::uint8_t* options, std::size_t length, const Visit& visit) {
    std::size_t i = 0;
    while (i < length && options[i] != tcp_option::kEnd) {
        if (options[i] == tcp_option::kNop) {
            ++i;
            continue;
        }
        if (i + 1 == length || options[i + 1] < 2 || i + options[i + 1] > length) return false;
        // Read before the visit, which may write.
        const std::size_t whole = options[i + 1];
        visit(options[i], i + 2, whole - 2U);
        i += whole;
    }
    return true;
}

}  // namespace ajar::parser
