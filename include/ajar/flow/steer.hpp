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
#include <cstdint>

#include "ajar/flow/hash.hpp"
#include "ajar/flow/key.hpp"
#include "ajar/packet/packet.hpp"

namespace ajar {

enum class Steer : std::uint8_t { rss, hash };

inline constexpr std::uint8_t kPartitionMask = 127;

/// The key to configure a NIC with; 40 bytes of it where it takes no more.
std::array<std::uint8_t, 52> rss_key(std::uint16_t word);

/// XOR of the 16-bit words of an address, in wire order.
inline std::uint16_t fold16(const Ipv4Address& a) {
    const auto v = a.value();
    return static_cast<std::uint16_t>(v ^ (v >> 16U));
}
inline std::uint16_t fold16(const Ipv6Address& a) {
    std::uint16_t x = 0;
    for (std::size_t i = 0; i < a.size(); i += 2) x = static_cast<std::uint16_t>(x ^ load_be16(&a[i]));
    return x;
}

/// Low 7 bits of the Toeplitz hash of an input whose 16-bit words XOR to `folded`. Bit j of the hash is the
/// parity of the input under the key's word turned right by j + 1.
inline std::uint8_t toeplitz7(std::uint16_t folded, std::uint16_t word) {
    unsigned hash = 0;
    for (int j = 0; j < 7; ++j) {
        const unsigned under = folded & std::rotr(word, j + 1);
        hash |= (static_cast<unsigned>(std::popcount(under)) & 1U) << static_cast<unsigned>(j);
    }
    return static_cast<std::uint8_t>(hash);
}

/// Of addresses and ports; the 2-tuple of a fragment is a key whose ports are zero.
template <typename Address>
std::uint8_t partition_rss(const FlowKey<Address>& key, std::uint16_t word) {
    const auto ports = key.port[0].value() ^ key.port[1].value();
    const auto folded = fold16(key.address[0]) ^ fold16(key.address[1]) ^ ports;
    return toeplitz7(static_cast<std::uint16_t>(folded), word);
}

/// Bits that neither the bucket nor the tag uses.
constexpr std::uint8_t partition_hash(std::uint64_t hash) {
    return static_cast<std::uint8_t>((hash >> 40U) & kPartitionMask);
}

/// Sets `hash` and `partition` of a packet that has a key (tcp, icmp_error, fragment); others stay as they
/// are. A fragment goes by its 2-tuple: only the first one has ports.
void identify(Packet& packet, const HashKey& secret, Steer steer);

}  // namespace ajar
