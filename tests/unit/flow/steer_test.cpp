// Does software agree with a NIC's RSS bit by bit, for both directions, and is the load even?
#include "ajar/flow/steer.hpp"

#include <gtest/gtest.h>

#include <random>
#include <span>
#include <vector>

namespace ajar {
namespace {

using Bytes = std::vector<std::uint8_t>;

/// Toeplitz as a NIC's manual has it: for each input bit that is set, XOR the 32 key bits that start there.
std::uint32_t toeplitz(std::span<const std::uint8_t> input, std::span<const std::uint8_t> key) {
    const auto key_bit = [&](std::size_t i) { return (key[i / 8] >> (7 - i % 8)) & 1U; };
    std::uint32_t hash = 0;
    for (std::size_t i = 0; i < input.size() * 8; ++i) {
        if (((input[i / 8] >> (7 - i % 8)) & 1U) == 0) continue;
        std::uint32_t window = 0;
        for (std::size_t b = 0; b < 32; ++b) window = (window << 1U) | key_bit(i + b);
        hash ^= window;
    }
    return hash;
}

void append(Bytes& out, const Ipv4Address& a) { out.insert(out.end(), a.bytes.begin(), a.bytes.end()); }
void append(Bytes& out, const Ipv6Address& a) { out.insert(out.end(), a.begin(), a.end()); }

/// Source, destination, source port, destination port, as endpoint `from` sends.
template <typename Address>
Bytes rss_input(const FlowKey<Address>& key, Side from) {
    Bytes out;
    append(out, key.address[from]);
    append(out, key.address[other(from)]);
    for (const auto s : {from, other(from)}) {
        out.insert(out.end(), key.port[s].bytes.begin(), key.port[s].bytes.end());
    }
    return out;
}

template <typename Key>
Key random_key(std::mt19937_64& random) {
    std::array<std::uint8_t, sizeof(Key)> bytes;
    for (auto& b : bytes) b = static_cast<std::uint8_t>(random());
    return std::bit_cast<Key>(bytes);
}

template <typename Key>
void expect_like_a_nic(std::size_t key_bytes) {
    std::mt19937_64 random(1);
    for (int i = 0; i < 500; ++i) {
        const auto word = hash_key_from_seed(random()).rss_word;
        const auto rss = rss_key(word);
        const auto key = random_key<Key>(random);
        for (const Side from : {Side{0}, Side{1}}) {
            const auto nic = toeplitz(rss_input(key, from), std::span(rss).first(key_bytes));
            ASSERT_EQ(partition_rss(key, word), nic & kPartitionMask);
        }
    }
}

TEST(Steer, AgreesWithToeplitzForIpv4) { expect_like_a_nic<KeyV4>(40); }
TEST(Steer, AgreesWithToeplitzForIpv6) { expect_like_a_nic<KeyV6>(40); }
TEST(Steer, AgreesWithToeplitzOfTheLongKey) { expect_like_a_nic<KeyV6>(52); }

// The verification suite of the RSS specification: 66.9.149.187:2794 to 161.142.100.80:1766, its own key.
TEST(Steer, TheReferenceItselfIsRight) {
    const Bytes key = {0x6d, 0x5a, 0x56, 0xda, 0x25, 0x5b, 0x0e, 0xc2, 0x41, 0x67, 0x25, 0x3d, 0x43, 0xa3,
                       0x8f, 0xb0, 0xd0, 0xca, 0x2b, 0xcb, 0xae, 0x7b, 0x30, 0xb4, 0x77, 0xcb, 0x2d, 0xa3,
                       0x80, 0x30, 0xf2, 0x0c, 0x6a, 0x42, 0xb7, 0x3b, 0xbe, 0xac, 0x01, 0xfa};
    const Bytes input = {66, 9, 149, 187, 161, 142, 100, 80, 0x0a, 0xea, 0x06, 0xe6};
    EXPECT_EQ(toeplitz(input, key), 0x51ccc178U);
}

TEST(Steer, EveryPartitionGetsTheSameShareOfTheFoldedValues) {
    for (std::uint64_t seed = 0; seed < 20; ++seed) {
        const auto word = hash_key_from_seed(seed).rss_word;
        std::array<int, 128> count{};
        for (std::uint32_t folded = 0; folded < 65536; ++folded) {
            ++count[toeplitz7(static_cast<std::uint16_t>(folded), word)];
        }
        for (const auto c : count) ASSERT_EQ(c, 512) << "seed " << seed;
    }
}

Packet packet_of(PacketKind kind) {
    Packet p;
    p.kind = kind;
    p.v4 = {{be32::of(0x01020304), be32::of(0x05060708)}, {be16::of(80), be16::of(4000)}, 9};
    return p;
}

TEST(Identify, GivesFlowsOfBothKindsTheSamePlace) {
    const auto secret = hash_key_from_seed(3);
    auto tcp = packet_of(PacketKind::tcp), icmp = packet_of(PacketKind::icmp_error);
    const Steering rss(secret, Steer::rss);
    rss.identify(tcp);
    rss.identify(icmp);
    EXPECT_EQ(tcp.hash, keyed_hash(tcp.v4, secret));
    EXPECT_EQ(tcp.partition, partition_rss(tcp.v4, secret.rss_word));
    EXPECT_EQ(icmp.hash, tcp.hash);
    EXPECT_EQ(icmp.partition, tcp.partition);
    Steering(secret, Steer::hash).identify(tcp);
    EXPECT_EQ(tcp.partition, partition_hash(tcp.hash));
}

TEST(Identify, GivesAllFragmentsOfADatagramOnePlace) {
    const auto secret = hash_key_from_seed(3);
    for (const auto steer : {Steer::rss, Steer::hash}) {
        auto first = packet_of(PacketKind::fragment), later = packet_of(PacketKind::fragment);
        later.v4.port = {};
        const Steering steering(secret, steer);
        steering.identify(first);
        steering.identify(later);
        EXPECT_EQ(first.hash, later.hash);
        EXPECT_EQ(first.partition, later.partition);
        EXPECT_EQ(first.v4.port[0], be16::of(80)) << "the packet's own key stays";
    }
}

TEST(Identify, AgreesWithToeplitzForAnyPorts) {
    const auto secret = hash_key_from_seed(5);
    const Steering steering(secret, Steer::rss);
    auto p = packet_of(PacketKind::tcp);
    for (std::uint32_t port = 0; port < 65536; ++port) {
        p.v4.port[0] = be16::of(static_cast<std::uint16_t>(port));
        steering.identify(p);
        ASSERT_EQ(p.partition, partition_rss(p.v4, secret.rss_word)) << port;
    }
}

TEST(Identify, LeavesPacketsWithoutAKeyAlone) {
    auto p = packet_of(PacketKind::pass);
    Steering(hash_key_from_seed(3), Steer::hash).identify(p);
    EXPECT_EQ(p.hash, 0U);
    EXPECT_EQ(p.partition, 0U);
}

}  // namespace
}  // namespace ajar
