// Are counts where they belong in time, whatever the clock does, in bounded memory?
#include "live/trail.hpp"

#include <gtest/gtest.h>

namespace ajar::live {
namespace {

using namespace std::chrono_literals;

constexpr Time kMidnight{1'700'006'400s};

Sums packets(std::uint64_t n, std::uint64_t half_open = 0) {
    Sums out;
    out.counted[static_cast<std::size_t>(Counted::packets)] = n;
    out.half_open = half_open;
    return out;
}
double packets_in(const Trail::Bin& bin) { return bin.counted[static_cast<std::size_t>(Counted::packets)]; }
double packets_in(const Trail& trail) {
    double sum = 0;
    for (const auto& bin : trail.bins()) sum += packets_in(bin);
    return sum;
}

TEST(Trail, CountsFromItsFirstMomentOn) {
    Trail trail;
    trail.add(packets(1'000'000), kMidnight);
    EXPECT_TRUE(trail.bins().empty()) << "what was before is of no known time";
    trail.add(packets(1'000'100, 7), kMidnight + 1s);
    ASSERT_EQ(trail.bins().size(), 1U);
    EXPECT_EQ(trail.bins()[0].begin, kMidnight);
    EXPECT_DOUBLE_EQ(trail.bins()[0].seconds, 1);
    EXPECT_DOUBLE_EQ(packets_in(trail.bins()[0]), 100);
    EXPECT_EQ(trail.bins()[0].half_open, 7U);
}

TEST(Trail, SpreadsWhatCameOverTheTimeInWhichItCame) {
    Trail trail;
    trail.add(packets(0), kMidnight + 4s);
    trail.add(packets(1200), kMidnight + 16s);  // main was busy with something else
    ASSERT_EQ(trail.bins().size(), 4U);
    const double expected[] = {100, 500, 500, 100};
    for (std::size_t i = 0; i < 4; ++i) EXPECT_NEAR(packets_in(trail.bins()[i]), expected[i], 0.01) << i;
    EXPECT_NEAR(trail.bins()[1].seconds, 5, 1e-9);
    EXPECT_EQ(trail.bins()[3].begin, kMidnight + 15s);
}

TEST(Trail, KeepsTheMostThatStoodAtATime) {
    Trail trail;
    trail.add(packets(0), kMidnight);
    trail.add(packets(0, 3), kMidnight + 1s);
    trail.add(packets(0, 900), kMidnight + 2s);
    trail.add(packets(0, 5), kMidnight + 3s);
    EXPECT_EQ(trail.bins().back().half_open, 900U);
}

TEST(Trail, HasAQuarterOfAnHourAndNoMore) {
    Trail trail;
    for (std::uint64_t s = 0; s < 3600; ++s) trail.add(packets(10 * s), kMidnight + std::chrono::seconds(s));
    EXPECT_EQ(trail.bins().size(), Trail::kSteps);
    EXPECT_EQ(trail.bins().back().begin, kMidnight + 3595s);
    EXPECT_NEAR(packets_in(trail.bins().front()), 50, 0.01);
    for (std::size_t i = 1; i < Trail::kSteps; ++i)
        EXPECT_EQ(trail.bins()[i].begin - trail.bins()[i - 1].begin, Trail::kStep);
}

TEST(Trail, OutlivesAClockThatIsSet) {
    Trail trail;
    trail.add(packets(0), kMidnight);
    trail.add(packets(100), kMidnight + 1s);
    trail.add(packets(200), kMidnight - 3600s);
    EXPECT_TRUE(trail.bins().empty()) << "two times that do not fit together";
    trail.add(packets(300), kMidnight - 3599s);
    EXPECT_NEAR(packets_in(trail), 100, 0.01);
    trail.add(packets(400), kMidnight + 24h * 365);
    EXPECT_LE(trail.bins().size(), Trail::kSteps + 1);
    trail.add(packets(500), kMidnight + 24h * 365 + 1s);
    EXPECT_EQ(trail.bins().size(), Trail::kSteps);
    EXPECT_NEAR(packets_in(trail.bins().back()), 100, 0.01);
    trail.add(packets(100), kMidnight + 24h * 365 + 2s);  // a count that does not grow is none
    EXPECT_NEAR(packets_in(trail.bins().back()), 100, 0.01);
}

}  // namespace
}  // namespace ajar::live
