// How long does the end wait for connections that die with the process?
#include "dataplane/drain.hpp"

#include <gtest/gtest.h>

namespace ajar::dataplane {
namespace {

using namespace std::chrono_literals;

constexpr Drain::Clock::time_point kDrainBegins{std::chrono::hours(1000)};

struct BegunDrain : testing::Test {
    BegunDrain() { drain.begin(kDrainBegins, 30s); }
    Drain drain;
};

TEST(NoDrain, IsNothing) {
    const Drain drain;
    EXPECT_FALSE(drain.begun());
    EXPECT_EQ(drain.spent(kDrainBegins), 0s);
}

TEST_F(BegunDrain, WaitsWhileOneIsLeft) {
    EXPECT_TRUE(drain.begun());
    EXPECT_FALSE(drain.over(kDrainBegins, 1));
    EXPECT_FALSE(drain.over(kDrainBegins + 29'999ms, 1));
    EXPECT_TRUE(drain.over(kDrainBegins + 3s, 0));
}

TEST_F(BegunDrain, ButNoLongerThanItMay) {
    EXPECT_TRUE(drain.over(kDrainBegins + 30s, 1));
    EXPECT_EQ(drain.left(kDrainBegins + 10s), 20s);
    EXPECT_EQ(drain.left(kDrainBegins + 31s), 0s);
    EXPECT_EQ(drain.spent(kDrainBegins + 30s), 30s);
}

TEST_F(BegunDrain, WaitsForCookiesThatAreOnTheirWay) {
    EXPECT_FALSE(drain.over(kDrainBegins + kLastCookies - 1ms, 0));
    EXPECT_TRUE(drain.over(kDrainBegins + kLastCookies, 0));
}

TEST(ShortDrain, WaitsForThemNoLongerThanItMay) {
    Drain drain;
    drain.begin(kDrainBegins, 1s);
    EXPECT_FALSE(drain.over(kDrainBegins + 999ms, 0));
    EXPECT_TRUE(drain.over(kDrainBegins + 1s, 0));
}

}  // namespace
}  // namespace ajar::dataplane
