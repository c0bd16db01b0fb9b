// Does a histogram tell percentiles to within a 64th?
#include <gtest/gtest.h>

#include "dataplane/bench/histogram.hpp"

namespace ajar::dataplane {
namespace {

TEST(Histogram, AnEmptyOneSaysNothing) {
    const Histogram h;
    EXPECT_EQ(h.percentile(0.5), 0U);
    EXPECT_EQ(h.most(), 0U);
}

TEST(Histogram, SmallNumbersAreExact) {
    Histogram h;
    for (std::uint64_t v = 1; v <= 100; ++v) h.add(v);
    EXPECT_EQ(h.percentile(0.5), 50U);
    EXPECT_EQ(h.percentile(0.99), 99U);
    EXPECT_EQ(h.percentile(1), 100U);
    EXPECT_EQ(h.percentile(0), 1U);
}

TEST(Histogram, AnyNumberIsKeptToWithinA64th) {
    for (std::uint64_t v = 1; v < std::uint64_t{1} << 63U; v += v / 3 + 1) {
        Histogram h;
        h.add(v);
        h.add(~std::uint64_t{0});
        const auto told = h.percentile(0.5);
        ASSERT_GE(told, v);
        ASSERT_LE(told - v, v / 64) << v;
        ASSERT_EQ(h.percentile(1), ~std::uint64_t{0});
    }
}

TEST(Histogram, TwoAddUp) {
    Histogram a, b;
    for (int i = 0; i < 999; ++i) a.add(10);
    b.add(5000);
    a.add(b);
    EXPECT_EQ(a.count(), 1000U);
    EXPECT_EQ(a.percentile(0.999), 10U);
    EXPECT_EQ(a.most(), 5000U);
    EXPECT_EQ(a.percentile(1), 5000U);
    a.clear();
    EXPECT_EQ(a.count(), 0U);
}

}  // namespace
}  // namespace ajar::dataplane
