// The keyed MAC of SYN cookies: AES-128 in CBC-MAC, or SipHash-2-4 where there are no AES instructions.
//
// CBC-MAC is a pseudo-random function of messages of one length (Bellare, Kilian, Rogaway 2000), so a key is
// for messages of one length. All ten rounds and the key schedule of FIPS 197: unlike a table's hash, a
// cookie's must stand even where somebody sees any number of its values. Measured on Zen 3
// (bench/hash_bench.cpp, IPv4): 5.6 ns in a burst, 33 ns alone, against 23 and 26 ns of SipHash-2-4.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>

#include "ajar/flow/key.hpp"

#if defined(__AES__)
#include <immintrin.h>
#else
#include <cstring>

#include "ajar/flow/siphash.hpp"
#endif

namespace ajar::tcp::cookie {

/// 128 bits of secret.
using Secret = std::array<std::uint64_t, 2>;

#if defined(__AES__)

inline constexpr const char* kMacName = "AES-128 CBC-MAC";

class Mac {
public:
    Mac() = default;
    explicit Mac(const Secret& secret);

    /// 64 bits of the MAC of a tuple and a word of at most 48 bits. A key is for tuples of one family.
    [[nodiscard]] std::uint64_t of(const KeyV4& key, std::uint64_t word) const {
        return low(absorb(encrypt(load(&key)), _mm_cvtsi64_si128(static_cast<long long>(word))));
    }
    [[nodiscard]] std::uint64_t of(const KeyV6& key, std::uint64_t word) const {
        const auto* const p = reinterpret_cast<const std::uint8_t*>(&key);
        const auto rest = _mm_loadl_epi64(reinterpret_cast<const __m128i*>(p + 32));
        const auto last = _mm_unpacklo_epi64(rest, _mm_cvtsi64_si128(static_cast<long long>(word)));
        return low(absorb(absorb(encrypt(load(p)), load(p + 16)), last));
    }
    [[nodiscard]] __m128i encrypt(__m128i block) const {
        block = _mm_xor_si128(block, round_[0]);
        for (std::size_t r = 1; r < kRounds; ++r) block = _mm_aesenc_si128(block, round_[r]);
        return _mm_aesenclast_si128(block, round_[kRounds]);
    }

private:
    static constexpr std::size_t kRounds = 10;

    static __m128i load(const void* p) { return _mm_loadu_si128(static_cast<const __m128i*>(p)); }
    static std::uint64_t low(__m128i block) { return static_cast<std::uint64_t>(_mm_cvtsi128_si64(block)); }
    [[nodiscard]] __m128i absorb(__m128i state, __m128i block) const {
        return encrypt(_mm_xor_si128(state, block));
    }

    struct alignas(16) RoundKeys {
        std::array<std::array<std::uint64_t, 2>, kRounds + 1> words{};
        __m128i operator[](std::size_t r) const {
            return _mm_load_si128(reinterpret_cast<const __m128i*>(words[r].data()));
        }
    };
    RoundKeys round_;
};

#else

inline constexpr const char* kMacName = "SipHash-2-4";

class Mac {
public:
    Mac() = default;
    explicit Mac(const Secret& secret) : secret_(secret) {}

    template <typename Address>
    [[nodiscard]] std::uint64_t of(const FlowKey<Address>& key, std::uint64_t word) const {
        std::array<std::uint64_t, sizeof key / 8> words;
        std::memcpy(words.data(), &key, sizeof key);
        return siphash<2, 4>(secret_, words, word, sizeof key + 6);
    }

private:
    Secret secret_{};
};

#endif

}  // namespace ajar::tcp::cookie
