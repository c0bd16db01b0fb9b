// Is the keyed hash the published function, does it follow its key, and does it spread its bits?
#include "ajar/flow/hash.hpp"

#include <gtest/gtest.h>

#include <bit>
#include <set>

namespace ajar {
namespace {

KeyV4 key_v4(std::uint32_t n) {
    return {{be32::of(0x0a000000U + n), be32::of(0xc0a80001U)}, {be16::of(1024), be16::of(443)}, 0};
}
KeyV6 key_v6(std::uint8_t byte, std::size_t at) {
    KeyV6 key{};
    key.port = {be16::of(1), be16::of(2)};
    key.address[at / 16][at % 16] = byte;
    return key;
}

// Key 00 01 .. 0f, message 00 01 .. 0e: the example of the SipHash paper, appendix A.
TEST(SipHash, IsTheOneOfThePaper) {
    const std::array<std::uint64_t, 2> key = {0x0706050403020100U, 0x0f0e0d0c0b0a0908U};
    const std::array<std::uint64_t, 1> words = {0x0706050403020100U};
    EXPECT_EQ((siphash<2, 4>(key, words, 0x000e0d0c0b0a0908U, 15)), 0xa129ca6149be45e5U);
}

// The first of the reference implementation's vectors for 1-3 and the same key: the empty message.
TEST(SipHash, HasTheReducedRounds) {
    const std::array<std::uint64_t, 2> key = {0x0706050403020100U, 0x0f0e0d0c0b0a0908U};
    EXPECT_EQ((siphash<1, 3>(key, {}, 0, 0)), 0xabac0158050fc4dcU);
}

TEST(KeyedHash, DependsOnEachHalfOfTheSecret) {
    const auto key = key_v4(1);
    const HashKey a{{1, 2}, 0x6d5a}, b{{3, 2}, 0x6d5a}, c{{1, 3}, 0x6d5a};
    EXPECT_NE(keyed_hash(key, a), keyed_hash(key, b));
    EXPECT_NE(keyed_hash(key, a), keyed_hash(key, c));
    EXPECT_NE(siphash_key(key, a), siphash_key(key, b));
    EXPECT_NE(siphash_key(key, a), siphash_key(key, c));
}

TEST(KeyedHash, DependsOnEveryByteOfTheKey) {
    const auto secret = hash_key_from_seed(1);
    std::set<std::uint64_t> seen, seen_sip;
    for (std::size_t at = 0; at < 32; ++at) {
        seen.insert(keyed_hash(key_v6(1, at), secret));
        seen_sip.insert(siphash_key(key_v6(1, at), secret));
    }
    KeyV6 zone = key_v6(0, 0);
    seen.insert(keyed_hash(zone, secret)), seen_sip.insert(siphash_key(zone, secret));
    zone.zone = 1;
    seen.insert(keyed_hash(zone, secret)), seen_sip.insert(siphash_key(zone, secret));
    zone.port[1] = be16::of(3);
    seen.insert(keyed_hash(zone, secret)), seen_sip.insert(siphash_key(zone, secret));
    EXPECT_EQ(seen.size(), 35U);
    EXPECT_EQ(seen_sip.size(), 35U);
}

// One flipped input bit flips each output bit half of the time: 2000 pairs, so 1000 +- 6 sigma (134).
template <typename Hash>
void expect_avalanche(Hash&& hash) {
    std::array<int, 64> flips{};
    for (std::uint32_t n = 0; n < 2000; ++n) {
        const auto differ = hash(key_v4(n)) ^ hash(key_v4(n ^ (1U << (n % 20))));
        for (std::size_t b = 0; b < 64; ++b) flips[b] += static_cast<int>((differ >> b) & 1U);
    }
    for (std::size_t b = 0; b < 64; ++b) EXPECT_NEAR(flips[b], 1000, 134) << "bit " << b;
}

TEST(KeyedHash, Avalanches) {
    const auto secret = hash_key_from_seed(2);
    expect_avalanche([&](const KeyV4& k) { return keyed_hash(k, secret); });
    expect_avalanche([&](const KeyV4& k) { return siphash_key(k, secret); });
}

TEST(HashKey, FollowsTheSeed) {
    const auto a = hash_key_from_seed(5), b = hash_key_from_seed(5), c = hash_key_from_seed(6);
    EXPECT_EQ(a.secret, b.secret);
    EXPECT_EQ(a.rss_word, b.rss_word);
    EXPECT_NE(a.secret, c.secret);
    EXPECT_NE(random_hash_key().secret, random_hash_key().secret);
}

TEST(HashKey, RssWordAlwaysHasAnOddNumberOfOnes) {
    for (std::uint64_t seed = 0; seed < 200; ++seed) {
        EXPECT_EQ(std::popcount(hash_key_from_seed(seed).rss_word) % 2, 1);
        EXPECT_EQ(std::popcount(random_hash_key().rss_word) % 2, 1);
    }
}

}  // namespace
}  // namespace ajar
