// Which of the 128 partitions a packet belongs to, and how a NIC is told to agree.
//
// steer = "rss": the index that a NIC's RSS takes, the low 7 bits of the Toeplitz hash of (source,
// destination, source port, destination port). Its key repeats one 16-bit word, which makes it symmetric
// (Woo, Park 2012): the key then looks the same from every 16-bit word of the input, so equal words at two
// places cancel, and the hash is a function of the XOR of all words. That function is linear and, when the
// word has an odd number of ones, invertible (it is odd, thus prime to x^16 + 1 = (x + 1)^16 over GF(2)):
// every partition gets the same share of the 65536 values. The zone stays outside, no NIC hashes it.
//
// steer = "hash": bits of the keyed hash, which nobody outside can aim at.
#pragma once

#include <array>
#include <bit>
#include <cstddef>
#include <cstdint>

#include "ajar/flow/hash.hpp"
#include "ajar/flow/key.hpp"
#include "ajar/packet/packet.hpp"

#if defined(__AVX2__)
#include <immintrin.h>
#endif

namespace ajar {

enum class Steer : std::uint8_t { rss, hash };

inline constexpr std::uint8_t kPartitionMask = 127;

/// The key to configure a NIC with; 40 bytes of it where it takes no more.
std::array<std::uint8_t, 52> rss_key(std::uint16_t word);

/// XOR of the 16-bit words of addresses and ports, which stand first in a key. XOR does not mind the order of
/// bytes, so that is put right once.
template <typename Address>
std::uint16_t fold16(const FlowKey<Address>& key) {
    constexpr std::size_t kBytes = offsetof(FlowKey<Address>, zone);
    const auto* const p = reinterpret_cast<const std::uint8_t*>(&key);
    std::uint32_t x = 0;
    for (std::size_t i = 0; i < kBytes; i += 4) x ^= load_unaligned<std::uint32_t>(p + i);
    return std::bit_cast<be16>(static_cast<std::uint16_t>(x ^ (x >> 16U))).value();
}

/// Low 7 bits of the Toeplitz hash of an input whose 16-bit words XOR to `folded`. Bit j of the hash is the
/// parity of the input under the key's word turned right by j + 1.
inline std::uint8_t toeplitz7(std::uint16_t folded, std::uint16_t word) {
#if defined(__AVX2__)
    // Lane j holds the word turned right by j + 1 in its low half; its parity ends in bit 0.
    const auto twice = _mm256_set1_epi32(static_cast<int>(word * 0x10001U));
    auto v = _mm256_srlv_epi32(twice, _mm256_set_epi32(8, 7, 6, 5, 4, 3, 2, 1));
    v = _mm256_and_si256(v, _mm256_set1_epi32(folded));
    v = _mm256_xor_si256(v, _mm256_srli_epi32(v, 8));
    v = _mm256_xor_si256(v, _mm256_srli_epi32(v, 4));
    v = _mm256_xor_si256(v, _mm256_srli_epi32(v, 2));
    v = _mm256_xor_si256(v, _mm256_srli_epi32(v, 1));
    const auto parities = _mm256_movemask_ps(_mm256_castsi256_ps(_mm256_slli_epi32(v, 31)));
    return static_cast<std::uint8_t>(parities & kPartitionMask);
#else
    unsigned hash = 0;
    for (int j = 0; j < 7; ++j) {
        const unsigned under = folded & std::rotr(word, j + 1);
        hash |= (static_cast<unsigned>(std::popcount(under)) & 1U) << static_cast<unsigned>(j);
    }
    return static_cast<std::uint8_t>(hash);
#endif
}

/// Of addresses and ports; the 2-tuple of a fragment is a key whose ports are zero.
template <typename Address>
std::uint8_t partition_rss(const FlowKey<Address>& key, std::uint16_t word) {
    return toeplitz7(fold16(key), word);
}

/// Bits that neither the bucket nor the tag uses.
constexpr std::uint8_t partition_hash(std::uint64_t hash) {
    return static_cast<std::uint8_t>((hash >> 40U) & kPartitionMask);
}

/// How packets find their partitions and their places in the directory, worked out once for all of them.
class Steering {
public:
    Steering() : Steering(HashKey{}, Steer::rss) {}
    Steering(const HashKey& key, Steer steer);

    [[nodiscard]] const HashKey& key() const { return key_; }

    /// Sets `hash` and `partition` of a packet that has a key (tcp, icmp_error, fragment); others stay as
    /// they are.
    void identify(Packet& packet) const {
        if (packet.kind == PacketKind::pass || packet.kind == PacketKind::refused) return;
        if (packet.kind == PacketKind::fragment) [[unlikely]] {
            identify_fragment(packet);
        } else if (packet.family == Family::ipv4) {
            identify_by(packet, packet.v4);
        } else {
            identify_by(packet, packet.v6);
        }
    }

private:
    template <typename Address>
    void identify_by(Packet& packet, const FlowKey<Address>& key) const {
        packet.hash = keyed_hash(key, prepared_);
        packet.partition = steer_ == Steer::rss ? by_rss(fold16(key)) : partition_hash(packet.hash);
    }
    /// toeplitz7(), which is linear: each byte's share of it stands in a table.
    [[nodiscard]] std::uint8_t by_rss(std::uint16_t folded) const {
        return static_cast<std::uint8_t>(of_low_[folded & 0xffU] ^ of_high_[folded >> 8U]);
    }
    /// Only the first fragment of a datagram has ports: all of them go by the 2-tuple.
    void identify_fragment(Packet& packet) const;

    HashKey key_;
    Steer steer_;
    PreparedHashKey prepared_;
    std::array<std::uint8_t, 256> of_low_{}, of_high_{};
};

}  // namespace ajar
