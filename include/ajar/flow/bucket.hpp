// One cache line of the directory: ten places for flows, by tag and slot.
//
//   Bucket, 64 bytes       0  tags   10x16  15 bits of the hash, and whether this is the alternate bucket;
//                                           0 = empty
//                         20  moves  u32    low 8 bits: flows of this bucket that stand in their alternate
//                                           (255 stays); rest: flows moved out of here, for readers
//                         24  slots  10x32  store and index, 0 = empty, too
#pragma once

#include <array>
#include <bit>
#include <cstdint>

#if defined(__AVX2__)
#include <immintrin.h>
#endif

namespace ajar {

enum class Store : std::uint8_t { none, confirmed, embryonic, tombstone };

/// 2 bits of store, 30 of index; 0 is no flow.
struct Slot {
    static constexpr std::uint32_t kIndexMask = (1U << 30U) - 1;
    std::uint32_t bits = 0;

    static constexpr Slot of(Store store, std::uint32_t index) {
        return {(static_cast<std::uint32_t>(store) << 30U) | (index & kIndexMask)};
    }
    [[nodiscard]] constexpr Store store() const { return static_cast<Store>(bits >> 30U); }
    [[nodiscard]] constexpr std::uint32_t index() const { return bits & kIndexMask; }
    explicit constexpr operator bool() const { return bits != 0; }
    friend constexpr bool operator==(Slot, Slot) = default;
};

struct alignas(64) Bucket {
    static constexpr unsigned kPlaces = 10;
    static constexpr std::uint16_t kEmpty = 0;  ///< no flow's tag
    std::array<std::uint16_t, kPlaces> tags;
    std::uint32_t moves;
    std::array<std::uint32_t, kPlaces> slots;

    /// Bit 2i is set for each place i whose tag is `tag`.
    [[nodiscard]] std::uint32_t matches(std::uint16_t tag) const;
    /// The first empty place, or kPlaces.
    [[nodiscard]] unsigned empty_place() const {
        return static_cast<unsigned>(std::countr_zero(matches(kEmpty) | 1U << 2 * kPlaces)) / 2;
    }
    /// The first slot under `tag`, or none. Without a branch: whether there is one is often a coin toss.
    [[nodiscard]] Slot first_of(std::uint16_t tag) const {
        const auto found = matches(tag);
        const auto slot = slots[(static_cast<unsigned>(std::countr_zero(found)) & 31U) / 2];
        return {found != 0 ? slot : 0};
    }
    [[nodiscard]] bool overflowed() const { return (moves & 0xffU) != 0; }
};
static_assert(sizeof(Bucket) == 64);

inline std::uint32_t Bucket::matches(std::uint16_t tag) const {
#if defined(__AVX2__)
    // One load over tags, moves and two slots; only the tags' 20 bytes count.
    const auto line = _mm256_load_si256(reinterpret_cast<const __m256i*>(this));
    const auto equal = _mm256_cmpeq_epi16(line, _mm256_set1_epi16(static_cast<short>(tag)));
    return static_cast<std::uint32_t>(_mm256_movemask_epi8(equal)) & 0x55555U;
#else
    std::uint32_t found = 0;
    for (unsigned i = 0; i < kPlaces; ++i) found |= (tags[i] == tag ? 1U : 0U) << (2 * i);
    return found;
#endif
}

}  // namespace ajar
