// The keyed hash on AES instructions: four AES rounds for every 16 bytes, keyed before and in each round.
//
// Why four. What matters is not that two keys never collide but that nobody can choose keys that collide
// whatever the secret is. One AES round mixes four bytes, two mix all sixteen; after four at least 25 S-boxes
// are active in any differential (Daemen, Rijmen), and no difference of inputs leads to a given difference of
// outputs for more than about 2^-113 of the round keys (Keliher, Sui 2007). A CRC or XXH3 with a secret seed
// has input differences that collide for every seed. Longer keys are absorbed block after block with four
// rounds between them, as the Pelican MAC does. It is not used as a MAC: nobody outside sees its values.
#pragma once

#if defined(__AES__)
#include <immintrin.h>

#include <array>
#include <cstdint>

namespace ajar {

/// The secret as each round takes it.
struct AesRounds {
    __m128i key, first, second, third, fourth;

    /// Constants break the symmetry between the rounds (digits of pi, as in Blowfish).
    explicit AesRounds(const std::array<std::uint64_t, 2>& secret)
        : key(_mm_set_epi64x(static_cast<long long>(secret[1]), static_cast<long long>(secret[0]))),
          first(_mm_xor_si128(key, _mm_set1_epi64x(0x243f6a8885a308d3))),
          second(_mm_xor_si128(key, _mm_set1_epi64x(0x13198a2e03707344))),
          third(_mm_xor_si128(key, _mm_set_epi64x(0x082efa98ec4e6c89, 0))),
          fourth(_mm_xor_si128(key, _mm_set_epi64x(0, 0x452821e638d01377))) {}
};

/// Refers to the rounds that it is made from.
class AesHash {
public:
    explicit AesHash(const AesRounds& rounds) : rounds_(rounds), state_(rounds.key) {}

    void absorb(__m128i block) {
        state_ = _mm_xor_si128(state_, block);
        state_ = _mm_aesenc_si128(state_, rounds_.first);
        state_ = _mm_aesenc_si128(state_, rounds_.second);
        state_ = _mm_aesenc_si128(state_, rounds_.third);
        state_ = _mm_aesenc_si128(state_, rounds_.fourth);
    }
    [[nodiscard]] std::uint64_t value() const {
        return static_cast<std::uint64_t>(_mm_cvtsi128_si64(state_));
    }

private:
    const AesRounds& rounds_;
    __m128i state_;
};

}  // namespace ajar
#endif
