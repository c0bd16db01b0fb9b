// Where the generator's chances come from: SplitMix64, integers only, so a seed gives the same bytes on every
// machine.
#pragma once

#include <cstdint>

namespace ajar::gen {

class Rng {
public:
    explicit constexpr Rng(std::uint64_t seed) : state_(seed) {}

    constexpr std::uint64_t next() {
        std::uint64_t z = (state_ += 0x9e3779b97f4a7c15U);
        z = (z ^ (z >> 30U)) * 0xbf58476d1ce4e5b9U;
        z = (z ^ (z >> 27U)) * 0x94d049bb133111ebU;
        return z ^ (z >> 31U);
    }
    constexpr std::uint32_t word() { return static_cast<std::uint32_t>(next() >> 32U); }
    /// 0 <= result < n; n > 0. The bias is n / 2^32.
    constexpr std::uint32_t below(std::uint32_t n) {
        return static_cast<std::uint32_t>((std::uint64_t{word()} * n) >> 32U);
    }
    /// low <= result <= high.
    constexpr std::uint32_t between(std::uint32_t low, std::uint32_t high) {
        return low + below(high - low + 1);
    }
    /// True `parts` times in a million.
    constexpr bool chance(std::uint32_t parts) { return below(1'000'000) < parts; }

private:
    std::uint64_t state_;
};

/// A generator of its own for item `n` of `seed`: what one conversation draws never shifts another's.
constexpr Rng rng_for(std::uint64_t seed, std::uint64_t n) { return Rng(Rng(seed ^ Rng(n).next()).next()); }

}  // namespace ajar::gen
