// Byte order in the type: a be16 or be32 is bytes as they stand on the wire, and only value() gives the
// number.
#pragma once

#include <array>
#include <bit>
#include <cstdint>
#include <cstring>

namespace ajar {

template <typename T>
struct BigEndian {
    std::array<std::uint8_t, sizeof(T)> bytes;

    static constexpr BigEndian of(T v) {
        if constexpr (sizeof(T) == 2) {
            return std::bit_cast<BigEndian>(static_cast<std::uint16_t>(__builtin_bswap16(v)));
        } else if constexpr (sizeof(T) == 4) {
            return std::bit_cast<BigEndian>(__builtin_bswap32(v));
        } else {
            return std::bit_cast<BigEndian>(__builtin_bswap64(v));
        }
    }
    [[nodiscard]] constexpr T value() const {
        if constexpr (sizeof(T) == 2) {
            return __builtin_bswap16(std::bit_cast<std::uint16_t>(bytes));
        } else if constexpr (sizeof(T) == 4) {
            return __builtin_bswap32(std::bit_cast<std::uint32_t>(bytes));
        } else {
            return __builtin_bswap64(std::bit_cast<std::uint64_t>(bytes));
        }
    }
    friend constexpr bool operator==(const BigEndian&, const BigEndian&) = default;
};

using be16 = BigEndian<std::uint16_t>;
using be32 = BigEndian<std::uint32_t>;
using be64 = BigEndian<std::uint64_t>;
static_assert(sizeof(be16) == 2 && alignof(be16) == 1 && sizeof(be32) == 4 && alignof(be32) == 1);
static_assert(be16::of(0x0800).bytes[0] == 0x08 && be32::of(0x01020304).value() == 0x01020304);

/// Reads a T that may lie unaligned; the caller has checked the length.
template <typename T>
[[nodiscard]] inline T load_unaligned(const std::uint8_t* p) {
    T v;
    std::memcpy(&v, p, sizeof v);
    return v;
}
// Not by way of be16, and 16 bits as the upper half of 32: g++ 12 sends both be16 and a 16-bit swap through
// the stack (movbe knows memory only), which costs the parser a fifth of its time.
[[nodiscard]] inline std::uint16_t load_be16(const std::uint8_t* p) {
    return static_cast<std::uint16_t>(__builtin_bswap32(load_unaligned<std::uint16_t>(p)) >> 16U);
}
[[nodiscard]] inline std::uint32_t load_be32(const std::uint8_t* p) {
    return __builtin_bswap32(load_unaligned<std::uint32_t>(p));
}
[[nodiscard]] inline std::uint64_t load_be64(const std::uint8_t* p) {
    return __builtin_bswap64(load_unaligned<std::uint64_t>(p));
}
inline void store_be16(std::uint8_t* p, std::uint16_t v) {
    const auto swapped = __builtin_bswap16(v);
    std::memcpy(p, &swapped, sizeof swapped);
}
inline void store_be32(std::uint8_t* p, std::uint32_t v) {
    const auto swapped = __builtin_bswap32(v);
    std::memcpy(p, &swapped, sizeof swapped);
}

}  // namespace ajar
