// Which worker is stalled, and since when?
#include "dataplane/stall_watch.hpp"

#include <gtest/gtest.h>

#include <array>

namespace ajar::dataplane {
namespace {

using namespace std::chrono_literals;

struct StallWatchTest : testing::Test {
    StallWatch watch{2};
    std::array<std::uint64_t, 2> rounds{};
    StallWatch::Clock::time_point now{std::chrono::hours(1000)};

    StallWatchTest() { pass(0ms); }
    std::vector<StallWatch::News> pass(StallWatch::Clock::duration time, bool second_works = true,
                                       StallWatch::Clock::duration patience = 2s) {
        now += time;
        ++rounds[0];
        if (second_works) ++rounds[1];
        return watch.look(now, patience, rounds);
    }
    /// The first news of so many looks in a row, 100 ms each, in which the second makes no round.
    std::vector<StallWatch::News> stand_still(int looks, StallWatch::Clock::duration patience = 2s) {
        std::vector<StallWatch::News> all;
        for (int i = 0; i < looks; ++i)
            for (const auto& news : pass(100ms, false, patience)) all.push_back(news);
        return all;
    }
};

TEST_F(StallWatchTest, WhoMakesRoundsIsWell) {
    for (int i = 0; i < 100; ++i) EXPECT_TRUE(pass(100ms).empty());
}

TEST_F(StallWatchTest, WhoMakesNoneIsToldOfOnceAndWhenItGoesOn) {
    EXPECT_TRUE(stand_still(19).empty());
    const auto stalled = stand_still(30);
    ASSERT_EQ(stalled.size(), 1U);
    EXPECT_EQ(stalled[0].worker, 1U);
    EXPECT_TRUE(stalled[0].stalled);
    EXPECT_EQ(stalled[0].still, 2s);
    EXPECT_TRUE(watch.stalled(1) && !watch.stalled(0));
    const auto well = pass(100ms);
    EXPECT_FALSE(watch.stalled(1));
    ASSERT_EQ(well.size(), 1U);
    EXPECT_FALSE(well[0].stalled);
    EXPECT_EQ(well[0].still, 4900ms);
    EXPECT_EQ(stand_still(25).size(), 1U) << "and again";
}

TEST_F(StallWatchTest, AShortBreakIsNone) {
    EXPECT_TRUE(stand_still(19).empty());
    EXPECT_TRUE(pass(100ms).empty());
    EXPECT_TRUE(stand_still(19).empty());
}

TEST_F(StallWatchTest, WhileNobodyLookedNobodyWasStuck) {
    EXPECT_TRUE(pass(1h, false).empty()) << "the whole process was stopped";
    EXPECT_TRUE(stand_still(14).empty());
    EXPECT_EQ(stand_still(1).size(), 1U) << "but for the little that one look is good for";
}

TEST_F(StallWatchTest, WithoutPatienceNobodyLooks) { EXPECT_TRUE(stand_still(100, 0s).empty()); }

}  // namespace
}  // namespace ajar::dataplane
