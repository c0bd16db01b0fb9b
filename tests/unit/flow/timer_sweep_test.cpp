// Is a stamp handed out at its deadline, not before, across wraps, jumps and changes of timeouts?
#include "ajar/flow/timer_sweep.hpp"

#include <gtest/gtest.h>

#include <vector>

namespace ajar {
namespace {

constexpr std::uint32_t kDay = 100U * 86400U;
constexpr auto kClass = TimerClass::established;

StampTimeouts timeouts(std::uint32_t established, std::uint32_t rest = 50) {
    StampTimeouts t;
    t.fill(rest);
    t[static_cast<std::size_t>(kClass)] = established;
    return t;
}

struct TimerSweepTest : testing::Test {
    PageMemory memory;
    TimerSweep timers{memory, 100};
    StampTimeouts limits = timeouts(100);

    /// One whole pass; what is due is disarmed.
    std::vector<std::uint32_t> due(Tick now) {
        std::vector<std::uint32_t> out;
        const auto done = timers.sweep(now, limits, 1000, 100, [&](std::uint32_t i) {
            out.push_back(i);
            timers.disarm(i);
        });
        EXPECT_TRUE(done.clear);
        return out;
    }
};
using List = std::vector<std::uint32_t>;

TEST_F(TimerSweepTest, FiresAtTheDeadlineAndNotBefore) {
    timers.arm(17, Tick{1000}, kClass);
    EXPECT_EQ(due(Tick{1099}), List{});
    EXPECT_EQ(due(Tick{1100}), List{17});
    EXPECT_EQ(due(Tick{1200}), List{});
}

TEST_F(TimerSweepTest, EveryClassHasItsOwnTimeout) {
    for (std::uint32_t c = 0; c < kTimerClassCount; ++c) limits[c] = 10 * (c + 1);
    for (std::uint32_t c = 0; c + 1 < kTimerClassCount; ++c)
        timers.arm(c, Tick{0}, static_cast<TimerClass>(c));
    for (std::uint32_t c = 0; c + 1 < kTimerClassCount; ++c) {
        EXPECT_EQ(timers.timer_class(c), static_cast<TimerClass>(c));
        EXPECT_EQ(due(Tick{10 * c + 9}), List{});
        EXPECT_EQ(due(Tick{10 * c + 10}), List{c});
        EXPECT_EQ(timers.timer_class(c), TimerClass::untimed);
    }
}

TEST_F(TimerSweepTest, FifteenDaysFitBeforeTheWrapOfTheStamp) {
    limits = timeouts(15 * kDay);
    for (const std::uint32_t start : {0U, (1U << 28U) - 5U, 0xffffff00U}) {
        timers.arm(1, Tick{start}, kClass);
        EXPECT_EQ(due(Tick{start} + (15 * kDay - 1)), List{});
        EXPECT_EQ(due(Tick{start} + 15 * kDay), List{1});
        timers.arm(1, Tick{start}, kClass);
        EXPECT_EQ(due(Tick{start} + 30 * kDay), List{1}) << "collected fifteen days late";
    }
}

TEST_F(TimerSweepTest, SweepsNothingUntilSomethingCanBeDue) {
    timers.arm(3, Tick{1000}, kClass);
    (void)due(Tick{1000});  // the first sweep learns the timeouts
    EXPECT_EQ(timers.bound(), Tick{1100});
    const auto idle = timers.sweep(Tick{1099}, limits, 1000, 100, [](std::uint32_t) { FAIL(); });
    EXPECT_EQ(idle.visited, 0U);
    EXPECT_TRUE(idle.clear);
    timers.arm(4, Tick{990}, kClass);
    EXPECT_EQ(timers.bound(), Tick{1090}) << "arming lowers it";
    EXPECT_EQ(due(Tick{1090}), List{4});
    EXPECT_EQ(timers.bound(), Tick{1100}) << "a pass finds it anew";
    EXPECT_EQ(due(Tick{1100}), List{3});
    EXPECT_EQ(timers.bound(), std::nullopt);
}

TEST_F(TimerSweepTest, AShorterTimeoutReachesTheWholeClassAtOnce) {
    timers.arm(3, Tick{1000}, kClass);
    (void)due(Tick{1001});
    limits = timeouts(5);
    EXPECT_EQ(due(Tick{1005}), List{3});
}

TEST_F(TimerSweepTest, AStaleStampIsArmedAgain) {
    timers.arm(3, Tick{1000}, kClass);
    int calls = 0;
    const auto done = timers.sweep(Tick{1100}, limits, 1000, 100, [&](std::uint32_t i) {
        ++calls;
        timers.arm(i, Tick{1070}, kClass);
    });
    EXPECT_TRUE(done.clear);
    EXPECT_EQ(calls, 1);
    EXPECT_EQ(due(Tick{1169}), List{});
    EXPECT_EQ(due(Tick{1170}), List{3});
}

TEST_F(TimerSweepTest, ABudgetSplitsThePass) {
    for (std::uint32_t i = 0; i < 100; ++i) timers.arm(i, Tick{i}, kClass);
    List seen;
    int calls = 0;
    for (Sweep done; !done.clear; ++calls) {
        done = timers.sweep(Tick{300}, limits, 16, 100, [&](std::uint32_t i) {
            seen.push_back(i);
            timers.disarm(i);
        });
        EXPECT_LE(done.visited, 16U);
    }
    EXPECT_EQ(calls, 7);
    EXPECT_EQ(seen.size(), 100U);
}

TEST_F(TimerSweepTest, WhatComesDueBehindTheCursorIsNotCalledClear) {
    timers.arm(0, Tick{1}, kClass);
    timers.arm(99, Tick{0}, kClass);
    const auto first = timers.sweep(Tick{100}, limits, 16, 100, [](std::uint32_t) { FAIL(); });
    EXPECT_FALSE(first.clear);
    const auto second =
        timers.sweep(Tick{101}, limits, 1000, 100, [&](std::uint32_t i) { timers.disarm(i); });
    EXPECT_FALSE(second.clear) << "stamp 0 ran out behind the cursor";
    EXPECT_EQ(due(Tick{101}), List{0});
}

TEST_F(TimerSweepTest, ACalleeMayTouchOthersOfTheSameBlock) {
    timers.arm(0, Tick{0}, kClass);
    timers.arm(1, Tick{0}, kClass);
    List seen;
    (void)timers.sweep(Tick{100}, limits, 1000, 100, [&](std::uint32_t i) {
        seen.push_back(i);
        timers.disarm(0);
        timers.disarm(1);
    });
    EXPECT_EQ(seen, List{0});
}

TEST_F(TimerSweepTest, NoTimeoutMakesAFreeStampDue) {
    limits.fill(0);
    EXPECT_EQ(due(Tick{0xfffffff0U}), List{});
    timers.arm(1, Tick{7}, kClass);
    EXPECT_EQ(due(Tick{7}), List{1});
}

}  // namespace
}  // namespace ajar
