// The keyed hash of a flow key and of a key that is counted, and the secret behind it.
//
// Bits of a flow key's hash: the low 32 pick the bucket, 40..46 the partition where the hash steers, 49..63
// are the tag (flow/directory.hpp). Nothing else may use them. Those of a CountKey's hash are shared out in
// flow/count_min.hpp.
#pragma once

#include <array>
#include <bit>
#include <cstdint>
#include <cstring>
#include <type_traits>

#include "ajar/flow/aes_hash.hpp"
#include "ajar/flow/count_key.hpp"
#include "ajar/flow/key.hpp"
#include "ajar/flow/siphash.hpp"

namespace ajar {

/// 128 bits of secret and the 16-bit word that the symmetric RSS key repeats. All shards share it.
struct HashKey {
    std::array<std::uint64_t, 2> secret{};
    std::uint16_t rss_word = 0x6d5a;  ///< an odd number of ones (flow/steer.hpp says why)
};

/// The same key for the same seed, on any machine.
HashKey hash_key_from_seed(std::uint64_t seed);
/// From the kernel's generator. Throws std::system_error where that fails.
HashKey random_hash_key();

template <typename Key>
std::uint64_t siphash_key(const Key& key, const HashKey& secret) {
    static_assert(sizeof key % 8 == 0 && std::has_unique_object_representations_v<Key>);
    std::array<std::uint64_t, sizeof key / 8> words;
    std::memcpy(words.data(), &key, sizeof key);
    return siphash<1, 3>(secret.secret, words, 0, sizeof key);
}

#if defined(__AES__)
inline constexpr const char* kKeyedHashName = "AES, 4 rounds per 16 bytes";

/// A key as many hashes take it.
using PreparedHashKey = AesRounds;
inline PreparedHashKey prepare(const HashKey& key) { return PreparedHashKey(key.secret); }

inline std::uint64_t keyed_hash(const KeyV4& key, const PreparedHashKey& secret) {
    AesHash h(secret);
    h.absorb(_mm_loadu_si128(reinterpret_cast<const __m128i*>(&key)));
    return h.value();
}

/// The last 8 bytes stand alone in their block: all IPv6 keys have one length, so no padding is needed.
inline std::uint64_t keyed_hash(const KeyV6& key, const PreparedHashKey& secret) {
    const auto* const p = reinterpret_cast<const std::uint8_t*>(&key);
    AesHash h(secret);
    h.absorb(_mm_loadu_si128(reinterpret_cast<const __m128i*>(p)));
    h.absorb(_mm_loadu_si128(reinterpret_cast<const __m128i*>(p + 16)));
    h.absorb(_mm_loadl_epi64(reinterpret_cast<const __m128i*>(p + 32)));
    return h.value();
}

/// What an IPv4 key has stands in the first block, and the family is a part of that.
inline std::uint64_t keyed_hash(const CountKey& key, const PreparedHashKey& secret) {
    const auto words = std::bit_cast<std::array<long long, 3>>(key);
    AesHash h(secret);
    h.absorb(_mm_set_epi64x(words[1], words[0]));
    if (key.family != Family::ipv4) h.absorb(_mm_set_epi64x(0, words[2]));
    return h.value();
}

template <typename Key>
std::uint64_t keyed_hash(const Key& key, const HashKey& secret) {
    return keyed_hash(key, prepare(secret));
}
#else
inline constexpr const char* kKeyedHashName = "SipHash-1-3";

using PreparedHashKey = HashKey;
inline PreparedHashKey prepare(const HashKey& key) { return key; }

template <typename Key>
std::uint64_t keyed_hash(const Key& key, const HashKey& secret) {
    return siphash_key(key, secret);
}
#endif

}  // namespace ajar
