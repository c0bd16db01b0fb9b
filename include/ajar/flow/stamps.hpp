// How eight timer stamps are judged at once: how many ticks each has left under its class's timeout.
#pragma once

#include <algorithm>
#include <array>
#include <cstdint>
#include <span>

#include "ajar/clock.hpp"
#include "ajar/tcp/state.hpp"

#if defined(__AVX2__)
#include <immintrin.h>
#endif

namespace ajar {

/// Ticks, by TimerClass. The value for `untimed` is not read.
using StampTimeouts = std::array<std::uint32_t, kTimerClassCount>;

/// Bits 31..4 the tick, bits 3..0 the complement of the class: fresh memory, all zero, is class `untimed`.
struct Stamp {
    std::uint32_t bits = 0;

    static constexpr Stamp of(Tick tick, TimerClass cls) {
        return {(tick.count << 4U) | (static_cast<std::uint32_t>(cls) ^ 0xfU)};
    }
    [[nodiscard]] constexpr TimerClass timer_class() const {
        return static_cast<TimerClass>((bits & 0xfU) ^ 0xfU);
    }
};
static_assert(Stamp{}.timer_class() == TimerClass::untimed);

inline constexpr std::uint32_t kStampBlock = 8;

/// The ticks that stamps have left at one instant: 0 or less when due, more than kNever when free.
class StampClock {
public:
    static constexpr std::int32_t kNever = 1 << 29;  ///< longer than any timeout

    StampClock(Tick now, const StampTimeouts& timeouts);

    [[nodiscard]] std::int32_t remaining(Stamp s) const {
        const auto age = static_cast<std::int32_t>((now_shifted_ - (s.bits & ~0xfU)) >> 4U);
        return left_[s.bits & 0xfU] - age;
    }

    /// One bit for each stamp of the block that is due; lowers `soonest` to the least of what others have
    /// left.
    std::uint32_t look(const Stamp* block, std::int32_t& soonest) const;

private:
    std::uint32_t now_shifted_;
    alignas(32) std::array<std::int32_t, kTimerClassCount> left_;  // timeouts, by complement of the class

#if defined(__AVX2__)
    [[nodiscard]] __m256i remaining8(const Stamp* block) const;
#endif
};

/// A free stamp's age is below 2^28, so it keeps more than kNever.
inline StampClock::StampClock(Tick now, const StampTimeouts& timeouts) : now_shifted_(now.count << 4U) {
    for (std::size_t c = 0; c < timeouts.size(); ++c)
        left_[c ^ 0xfU] = static_cast<std::int32_t>(timeouts[c]);
    left_[0] = 0x7fffffff;
}

#if defined(__AVX2__)

inline __m256i StampClock::remaining8(const Stamp* block) const {
    const auto stamps = _mm256_loadu_si256(reinterpret_cast<const __m256i*>(block));
    const auto low = _mm256_load_si256(reinterpret_cast<const __m256i*>(left_.data()));
    const auto high = _mm256_load_si256(reinterpret_cast<const __m256i*>(left_.data() + 8));
    // A lane's timeout: the permutes go by the low three bits of the class, bit 3 picks one of the two.
    const auto pick = _mm256_castsi256_ps(_mm256_slli_epi32(stamps, 28));
    const auto timeout = _mm256_castps_si256(
        _mm256_blendv_ps(_mm256_castsi256_ps(_mm256_permutevar8x32_epi32(low, stamps)),
                         _mm256_castsi256_ps(_mm256_permutevar8x32_epi32(high, stamps)), pick));
    const auto tick = _mm256_andnot_si256(_mm256_set1_epi32(0xf), stamps);
    const auto now = _mm256_set1_epi32(static_cast<int>(now_shifted_));
    return _mm256_sub_epi32(timeout, _mm256_srli_epi32(_mm256_sub_epi32(now, tick), 4));
}

inline std::uint32_t StampClock::look(const Stamp* block, std::int32_t& soonest) const {
    const auto left = remaining8(block);
    const auto alive = _mm256_cmpgt_epi32(left, _mm256_setzero_si256());
    const auto nearer = _mm256_and_si256(alive, _mm256_cmpgt_epi32(_mm256_set1_epi32(soonest), left));
    if (_mm256_testz_si256(nearer, nearer) == 0) {
        alignas(32) std::array<std::int32_t, kStampBlock> lanes;
        _mm256_store_si256(reinterpret_cast<__m256i*>(lanes.data()), left);
        for (const auto l : lanes) soonest = l > 0 ? std::min(soonest, l) : soonest;
    }
    return static_cast<unsigned>(_mm256_movemask_ps(_mm256_castsi256_ps(alive))) ^ 0xffU;
}

#else

inline std::uint32_t StampClock::look(const Stamp* block, std::int32_t& soonest) const {
    std::uint32_t due = 0;
    for (std::uint32_t i = 0; i < kStampBlock; ++i) {
        const auto left = remaining(block[i]);
        due |= (left <= 0 ? 1U : 0U) << i;
        if (left > 0) soonest = std::min(soonest, left);
    }
    return due;
}

#endif

}  // namespace ajar
