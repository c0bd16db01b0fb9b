// Is nothing lost when bins are made wider, and does the order of adding mean nothing?
#include "page/time_bins.hpp"

#include <gtest/gtest.h>

#include <map>
#include <random>

namespace ajar::page {
namespace {

using namespace std::chrono_literals;

struct Count {
    std::uint64_t n = 0;
    Count& operator+=(const Count& other) {
        n += other.n;
        return *this;
    }
    friend bool operator==(const Count&, const Count&) = default;
};
using Bins = TimeBins<Count>;

constexpr Time kStart{Duration(1700000000s)};

Bins of(const std::vector<Time>& times) {
    Bins bins;
    for (const Time t : times) ++bins.at(t).n;
    return bins;
}

std::int64_t floored(std::int64_t a, std::int64_t b) { return a / b - (a % b < 0 ? 1 : 0); }

/// The least width of which kMost bins reach from the first to the last, and what is in each.
void expect_as_counted(const Bins& bins, const std::vector<Time>& times) {
    const auto [first, last] = std::minmax_element(times.begin(), times.end());
    const auto number = [](Time t, Duration width) {
        return floored(t.time_since_epoch().count(), width.count());
    };
    const auto* width = kBinWidths.begin();
    while (number(*last, *width) - number(*first, *width) >= static_cast<std::int64_t>(Bins::kMost)) ++width;
    EXPECT_EQ(bins.width(), *width);
    EXPECT_EQ(bins.begin(), Time(number(*first, *width) * *width));
    std::vector<Count> rows(static_cast<std::size_t>(number(*last, *width) - number(*first, *width)) + 1);
    for (const Time t : times) ++rows[static_cast<std::size_t>(number(t, *width) - number(*first, *width))].n;
    EXPECT_TRUE(std::equal(rows.begin(), rows.end(), bins.rows().begin(), bins.rows().end()));
}

TEST(TimeBins, AreNoneAtFirst) {
    const Bins bins;
    EXPECT_TRUE(bins.rows().empty());
    EXPECT_EQ(bins.begin(), bins.end());
}

TEST(TimeBins, BeginAtRoundTimes) {
    const auto bins = of({kStart + 7s, kStart + 30min});
    EXPECT_EQ(bins.width(), Duration(10s));
    EXPECT_EQ(bins.begin(), kStart);
    EXPECT_EQ(bins.rows().size(), 181U);
    EXPECT_EQ(bins.rows().front().n, 1U);
    EXPECT_EQ(bins.rows().back().n, 1U);
}

TEST(TimeBins, AgreeWithCountingInAnyOrder) {
    std::mt19937_64 random(7);
    for (int round = 0; round < 300; ++round) {
        const auto span = std::uint64_t{1} << (10 + random() % 50);
        std::vector<Time> times(1 + random() % 400);
        for (Time& t : times)
            t = Time(Duration(static_cast<std::int64_t>(random() % (std::uint64_t{1} << 60)) % 1'000'000'000 *
                                  1'000 +
                              static_cast<std::int64_t>(random() % span)));
        const auto bins = of(times);
        expect_as_counted(bins, times);
        std::shuffle(times.begin(), times.end(), random);
        const auto others = of(times);
        EXPECT_EQ(others.begin(), bins.begin());
        EXPECT_TRUE(
            std::equal(bins.rows().begin(), bins.rows().end(), others.rows().begin(), others.rows().end()));
    }
}

TEST(TimeBins, HaveRoomForAnyTwoTimes) {
    const std::vector<Time> times = {Time(Duration::min() / 2), Time{}, Time(Duration::max() / 2)};
    const auto bins = of(times);
    EXPECT_LE(bins.rows().size(), Bins::kMost);
    expect_as_counted(bins, times);
}

TEST(TimeBins, ReachBackwards) {
    const auto bins = of({kStart + 1ms, kStart, kStart + 2ms});
    EXPECT_EQ(bins.begin(), kStart);
    expect_as_counted(bins, {kStart + 1ms, kStart, kStart + 2ms});
}

}  // namespace
}  // namespace ajar::page
