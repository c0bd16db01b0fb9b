// Are the heaviest named, with the right counts, in bounded memory?
#include "causes/heavy_hitters.hpp"

#include <gtest/gtest.h>

namespace ajar::causes {
namespace {

Endpoint endpoint(std::uint32_t n) {
    Endpoint e;
    store_be32(e.address.data(), n);
    return e;
}

TEST(HeavyHitters, NamesTheHeaviestFirstAndEqualOnesByAddress) {
    HeavyHitters hitters;
    for (const std::uint32_t n : {3U, 1U, 2U, 1U, 2U, 1U, 9U}) hitters.add(endpoint(n));
    const auto top = hitters.top(3);
    ASSERT_EQ(top.size(), 3U);
    EXPECT_EQ(top[0], HeavyHitters::Row(endpoint(1), 3));
    EXPECT_EQ(top[1], HeavyHitters::Row(endpoint(2), 2));
    EXPECT_EQ(top[2], HeavyHitters::Row(endpoint(3), 1));
    EXPECT_EQ(hitters.distinct(), 4U);
    EXPECT_TRUE(hitters.exact());
}

TEST(HeavyHitters, AMillionAddressesDoNotDisplaceAHeavyOne) {
    HeavyHitters hitters;
    for (std::uint32_t n = 0; n < 1'000'000; ++n) {
        hitters.add(endpoint(1000 + n));
        if (n % 10 == 0) hitters.add(endpoint(1));
    }
    EXPECT_EQ(hitters.top(1).front(), HeavyHitters::Row(endpoint(1), 100'000));
    EXPECT_FALSE(hitters.exact());
    EXPECT_EQ(hitters.distinct(), 1'000'001U);
    EXPECT_LE(hitters.top(1'000'000).size(), HeavyHitters::kCapacity);
}

TEST(Endpoint, IsWrittenAsPeopleWriteIt) {
    Endpoint e = endpoint(0x0a000001);
    EXPECT_EQ(text_of(e), "10.0.0.1");
    e.port = 80;
    EXPECT_EQ(text_of(e), "10.0.0.1:80");
    e = {};
    e.family = Family::ipv6;
    e.address[15] = 1;
    EXPECT_EQ(text_of(e), "::1");
    e.port = 443;
    EXPECT_EQ(text_of(e), "[::1]:443");
}

}  // namespace
}  // namespace ajar::causes
