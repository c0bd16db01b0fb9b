// Do draws come as often as Zipf's law says?
#include <gtest/gtest.h>

#include <cmath>
#include <map>

#include "dataplane/bench/zipf.hpp"

namespace ajar::dataplane {
namespace {

double weight(std::uint32_t from, std::uint32_t to, double exponent) {
    double sum = 0;
    for (std::uint32_t k = from; k <= to; ++k) sum += std::pow(k, -exponent);
    return sum;
}

/// Share of evenly spread numbers that fall on ranks up to `rank`.
double share_up_to(const ZipfRank& ranks, std::uint32_t rank) {
    constexpr int kSteps = 1'000'000;
    int n = 0;
    for (int i = 0; i < kSteps; ++i) n += ranks((i + 0.5) / kSteps) <= rank ? 1 : 0;
    return static_cast<double>(n) / kSteps;
}

TEST(Zipf, RanksHaveTheirWeight) {
    constexpr std::uint32_t kAll = 100'000;
    for (const double exponent : {0.7, 1.0, 1.3}) {
        const ZipfRank ranks(kAll, exponent);
        for (const std::uint32_t rank : {1U, 2U, 100U, 1024U, 1025U, 10'000U, kAll}) {
            EXPECT_NEAR(share_up_to(ranks, rank), weight(1, rank, exponent) / weight(1, kAll, exponent), 2e-4)
                << "up to rank " << rank << ", exponent " << exponent;
        }
    }
}

TEST(Zipf, EveryRankIsInRange) {
    const ZipfRank ranks(5000, 1.0);
    EXPECT_EQ(ranks(0), 1U);
    EXPECT_EQ(ranks(std::nextafter(1.0, 0.0)), 5000U);
    const ZipfRank few(3, 1.0);
    EXPECT_EQ(few(std::nextafter(1.0, 0.0)), 3U);
}

TEST(Zipf, DrawsComeAgainAndAreShuffled) {
    constexpr std::size_t kDraws = 50'000;
    ZipfDraws draws(4096, 1.0, kDraws, 1);
    std::map<std::uint32_t, int> often;
    std::vector<std::uint32_t> first;
    for (std::size_t i = 0; i < kDraws; ++i) {
        first.push_back(draws.next());
        ASSERT_LT(first.back(), 4096U);
        ++often[first.back()];
    }
    for (std::size_t i = 0; i < kDraws; ++i) ASSERT_EQ(draws.next(), first[i]);
    EXPECT_GT(often[0], kDraws / 20) << "the most frequent keeps its number, 0";
    EXPECT_LT(often[1], often[0] / 4) << "its neighbours are anyone";
}

}  // namespace
}  // namespace ajar::dataplane
