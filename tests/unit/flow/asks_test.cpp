// What do samples say together, and how far can chance have led them astray?
#include "ajar/flow/asks.hpp"

#include <gtest/gtest.h>

#include <cmath>

namespace ajar {
namespace {

Ask ask_of(std::uint32_t source, std::uint16_t port = 80, Zone zone = 0) {
    Ask out{count_key(CountKind::service, be32::of(0xc0000201), zone, be16::of(port)), {}};
    for (std::size_t i = 0; i < 4; ++i) out.source[i] = static_cast<std::uint8_t>(source >> (24 - 8 * i));
    return out;
}
CountKey source(std::uint32_t n, Zone zone = 0) { return count_key(CountKind::source, be32::of(n), zone); }
CountKey network(std::uint32_t n) { return count_key(CountKind::network, be32::of(n), 0); }

TEST(Asks, NamesServicesSourcesAndNetworks) {
    const auto asked = sum_up(7, {{3, {ask_of(0x0a000001), ask_of(0x0a000002), ask_of(0x0a000101)}},
                                  {1, {ask_of(0x0a000001, 443)}}});
    EXPECT_EQ(asked.second, 7U);
    EXPECT_EQ(asked.count, 4U);
    EXPECT_EQ(asked.weight, 1U);
    ASSERT_EQ(asked.ranked[kServices].size(), 2U);
    EXPECT_EQ(asked.ranked[kServices][0], (Talker{ask_of(0).service, 3}));
    EXPECT_EQ(asked.ranked[kServices][1], (Talker{ask_of(0, 443).service, 1}));
    EXPECT_EQ(asked.ranked[kSources][0], (Talker{source(0x0a000001), 2}));
    ASSERT_EQ(asked.ranked[kNetworks].size(), 2U);
    EXPECT_EQ(asked.ranked[kNetworks][0], (Talker{network(0x0a000000), 3}));
}

TEST(Asks, IPv6SourcesAreSubscribers) {
    Ask one{count_key(CountKind::service, Ipv6Address{0x20, 1}, 0, be16::of(80)), {}};
    one.source = {0x20, 0x01, 0x0d, 0xb8, 1, 2, 3, 4, 5};
    Ask two = one;
    two.source[15] = 9;
    const auto asked = sum_up(7, {{2, {one, two}}});
    ASSERT_EQ(asked.ranked[kSources].size(), 1U);
    EXPECT_EQ(asked.ranked[kSources][0].key,
              count_key(CountKind::source, Ipv6Address{0x20, 0x01, 0x0d, 0xb8, 1, 2, 3, 4}, 0));
    EXPECT_EQ(asked.ranked[kNetworks][0].key,
              count_key(CountKind::network, Ipv6Address{0x20, 0x01, 0x0d, 0xb8, 1, 2}, 0));
}

TEST(Asks, KeepsLanesOfAWireApart) {
    const auto asked = sum_up(7, {{2, {ask_of(1, 80, 1), ask_of(1, 80, 2)}}});
    EXPECT_EQ(asked.ranked[kServices].size(), 2U);
    EXPECT_EQ(asked.ranked[kSources].size(), 2U);
}

TEST(Asks, AnAskOfALargerPartitionStandsForMore) {
    AskPart full{AskSample::kAsks * 4, std::vector<Ask>(AskSample::kAsks, ask_of(1))};
    full.sample[0] = ask_of(2);
    const auto asked = sum_up(7, {full, {1, {ask_of(2)}}});
    EXPECT_EQ(asked.count, AskSample::kAsks * 4 + 1);
    EXPECT_EQ(asked.weight, 4U);
    EXPECT_EQ(asked.ranked[kSources][0], (Talker{source(1), 4 * (AskSample::kAsks - 1)}));
    EXPECT_EQ(asked.ranked[kSources][1], (Talker{source(2), 5}));
}

TEST(Asks, DoesNotDependOnTheOrderOfItsParts) {
    std::vector<AskPart> parts;
    for (std::uint32_t p = 0; p < 20; ++p) {
        AskPart part{AskSample::kAsks + 7 * p, {}};
        for (std::uint32_t n = 0; n < AskSample::kAsks; ++n) part.sample.push_back(ask_of(n * n % (p + 40)));
        parts.push_back(part);
    }
    const auto asked = sum_up(7, parts);
    EXPECT_EQ(asked.ranked[kSources].size(), Asks::kMost);
    std::reverse(parts.begin(), parts.end());
    EXPECT_EQ(sum_up(7, parts), asked);
}

TEST(Asks, BoundsAreExactWhereAllAreThere) {
    EXPECT_EQ(bounds_of(1234, 1).least, 1234U);
    EXPECT_EQ(bounds_of(1234, 1).most, 1234U);
}

/// The header's formulas, solved for the mean: at the bound, the chance of what was seen is one in 13000.
TEST(Asks, BoundsAreThoseOfChernoff) {
    for (const std::uint64_t weight : {2U, 16U, 200U}) {
        for (const std::uint64_t samples : {0U, 1U, 10U, 1000U}) {
            const auto [least, most] = bounds_of(samples * weight, weight);
            const double s = static_cast<double>(samples), w = static_cast<double>(weight);
            const double high = static_cast<double>(most) / w, low = static_cast<double>(least) / w;
            EXPECT_NEAR(std::exp(-(high - s) * (high - s) / (2 * high)), 1.0 / 13360, 2e-5);
            if (least == 0) continue;
            const double t = s - low;
            EXPECT_LE(std::exp(-t * t / (2 * (low + t / 3))), 1.0 / 13000);
        }
    }
}

TEST(Busiest, IsTheSecondOfTheMostAsks) {
    Busiest busiest;
    EXPECT_EQ(busiest.get().count, 0U);
    busiest.add(1, {{2, {ask_of(1), ask_of(1)}}});
    busiest.add(2, {{1, {ask_of(2)}}, {2, {ask_of(3), ask_of(3)}}});
    busiest.add(3, {{3, {ask_of(4), ask_of(4), ask_of(4)}}});
    EXPECT_EQ(busiest.get().second, 2U);
    EXPECT_EQ(busiest.get().ranked[kSources][0], (Talker{source(3), 2}));
}

}  // namespace
}  // namespace ajar
