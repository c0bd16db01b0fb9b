// Does a name keep just the bytes that it stands for, and is its hash the same one in every build?
#include "ajar/flow/count_key.hpp"

#include <gtest/gtest.h>

#include <set>
#include <vector>

#include "ajar/flow/hash.hpp"

namespace ajar {
namespace {

constexpr Ipv6Address kLongAddress = {0x20, 0x01, 0x0d, 0xb8, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12};
const auto kAddress = be32::of(0xc0000201U);
const auto kPort = be16::of(443);

CountKey v4(CountKind kind) { return count_key(kind, kAddress, 7, kPort); }
CountKey v6(CountKind kind) { return count_key(kind, kLongAddress, 7, kPort); }
std::size_t bytes_kept(const CountKey& key) {
    std::size_t n = 16;
    while (n > 0 && key.address[n - 1] == 0) --n;
    return n;
}

TEST(CountKey, KeepsThePrefixOfItsName) {
    EXPECT_EQ(bytes_kept(v4(CountKind::destination)), 4U);
    EXPECT_EQ(bytes_kept(v4(CountKind::service)), 4U);
    EXPECT_EQ(bytes_kept(v4(CountKind::source)), 4U);
    EXPECT_EQ(bytes_kept(v4(CountKind::network)), 3U);
    EXPECT_EQ(bytes_kept(v6(CountKind::destination)), 16U);
    EXPECT_EQ(bytes_kept(v6(CountKind::service)), 16U);
    EXPECT_EQ(bytes_kept(v6(CountKind::source)), 8U);
    EXPECT_EQ(bytes_kept(v6(CountKind::network)), 6U);
    for (const auto kind : {CountKind::heard, CountKind::unheard}) {
        EXPECT_EQ(bytes_kept(v4(kind)), 3U);
        EXPECT_EQ(bytes_kept(v6(kind)), 6U);
    }
}

TEST(CountKey, HasAPortWhereThatIsPartOfTheName) {
    for (const auto kind : {CountKind::destination, CountKind::source, CountKind::network}) {
        EXPECT_EQ(v4(kind).port, be16{});
    }
    for (const auto kind : {CountKind::service, CountKind::heard, CountKind::unheard})
        EXPECT_EQ(v4(kind).port, kPort);
}

TEST(CountKey, HashesEachOfItsFields) {
    const auto secret = hash_key_from_seed(1);
    std::vector<CountKey> keys = {v6(CountKind::destination), v6(CountKind::service), v4(CountKind::source),
                                  v4(CountKind::destination)};
    for (auto port : {1, 2}) keys.push_back(count_key(CountKind::service, kAddress, 7, be16::of(port & 3)));
    keys.push_back(count_key(CountKind::source, kAddress, 8));
    for (std::size_t i = 0; i < 16; ++i) {
        keys.push_back(v6(CountKind::destination));
        keys.back().address[i] ^= 1U;
        if (i < 4) keys.push_back(v4(CountKind::destination)), keys.back().address[i] ^= 1U;
    }
    std::set<std::uint64_t> hashes, siphashes;
    for (const auto& k : keys) hashes.insert(keyed_hash(k, secret)), siphashes.insert(siphash_key(k, secret));
    EXPECT_EQ(hashes.size(), keys.size());
    EXPECT_EQ(siphashes.size(), keys.size());
}

// Worked out apart, from the definitions of SipHash and of the AES round: machines that share a seed agree on
// every cell.
TEST(CountKey, HashStaysWhatItIs) {
    const auto secret = hash_key_from_seed(1);
    EXPECT_EQ(siphash_key(v4(CountKind::service), secret), 0xcbfb426e87ebffc5U);
    EXPECT_EQ(siphash_key(v6(CountKind::service), secret), 0xda26fba483fe6b30U);
#if defined(__AES__)
    EXPECT_EQ(keyed_hash(v4(CountKind::service), secret), 0x12dd8b397963db9aU);
    EXPECT_EQ(keyed_hash(v6(CountKind::service), secret), 0x83d67473461070a9U);
#else
    EXPECT_EQ(keyed_hash(v4(CountKind::service), secret), siphash_key(v4(CountKind::service), secret));
    EXPECT_EQ(keyed_hash(v6(CountKind::service), secret), siphash_key(v6(CountKind::service), secret));
#endif
    EXPECT_EQ(keyed_hash(v6(CountKind::service), secret),
              keyed_hash(v6(CountKind::service), prepare(secret)));
}

}  // namespace
}  // namespace ajar
