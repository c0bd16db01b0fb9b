// Are the marks of an axis round, few and apart?
#include "page/ticks.hpp"

#include <gtest/gtest.h>

#include <cmath>

namespace ajar::page {
namespace {

using namespace std::chrono_literals;

constexpr Time kEvening{Duration(1700000000s)};  // 2023-11-14 22:13:20

std::vector<std::string> texts(const std::vector<TimeTick>& ticks) {
    std::vector<std::string> out;
    for (const auto& tick : ticks) out.push_back(tick.text);
    return out;
}

TEST(RoundTicks, BeginAtZeroAndReachBeyondTheMost) {
    for (double most = 1e-3; most < 1e12; most *= 1.7) {
        const auto ticks = round_ticks(most);
        EXPECT_EQ(ticks.front(), 0);
        EXPECT_GE(ticks.back() * (1 + 1e-9), most);
        EXPECT_LE(ticks.size(), 7U) << most;
        EXPECT_GE(ticks.size(), 3U) << most;
    }
    EXPECT_EQ(round_ticks(720), (std::vector<double>{0, 200, 400, 600, 800}));
    EXPECT_EQ(round_ticks(0), (std::vector<double>{0, 1}));
    EXPECT_EQ(round_ticks(-5), (std::vector<double>{0, 1}));
}

TEST(RoundTicks, OfCountedThingsAreWhole) {
    for (double most = 1; most < 1e9; most = std::ceil(most * 1.3))
        for (const double tick : round_ticks(most, true)) EXPECT_EQ(tick, std::floor(tick)) << most;
    EXPECT_EQ(round_ticks(1, true), (std::vector<double>{0, 1}));
    EXPECT_EQ(round_ticks(12, true), (std::vector<double>{0, 5, 10, 15}));
}

TEST(TickText, IsShort) {
    EXPECT_EQ(tick_text(0), "0");
    EXPECT_EQ(tick_text(1500), "1,500");
    EXPECT_EQ(tick_text(12000), "12k");
    EXPECT_EQ(tick_text(2500000), "2.5M");
    EXPECT_EQ(tick_text(0.25), "0.25");
}

TEST(TimeTicks, OfAMinuteAndMoreAreRoundTimesOfTheDay) {
    EXPECT_EQ(texts(time_ticks(kEvening, kEvening + 10min, 5)), (std::vector<std::string>{"22:15", "22:20"}));
    EXPECT_EQ(texts(time_ticks(kEvening, kEvening + 2min, 5)),
              (std::vector<std::string>{"22:13:30", "22:14:00", "22:14:30", "22:15:00"}));
}

TEST(TimeTicks, CallMidnightByItsDay) {
    EXPECT_EQ(texts(time_ticks(kEvening, kEvening + 4h, 5)),
              (std::vector<std::string>{"23:00", "2023-11-15", "01:00", "02:00"}));
}

TEST(TimeTicks, OfLessCountSeconds) {
    EXPECT_EQ(texts(time_ticks(kEvening + 250ms, kEvening + 1250ms, 5)),
              (std::vector<std::string>{"0", "0.5", "1"}));
    EXPECT_EQ(time_axis_text(kEvening + 250ms, kEvening + 1250ms),
              "seconds since 2023-11-14 22:13:20.250 UTC");
}

TEST(TimeTicks, AreFewOverAnySpan) {
    for (Duration span = 1us; span < 24h * 36500; span = span / 10 * 13) {
        const auto ticks = time_ticks(kEvening, kEvening + span, 5);
        EXPECT_LE(ticks.size(), 6U) << span.count();
        for (const auto& tick : ticks) EXPECT_TRUE(tick.time >= kEvening && tick.time <= kEvening + span);
    }
    EXPECT_EQ(time_ticks(kEvening, kEvening, 5).size(), 1U);
}

TEST(TimeAxis, NamesItsDays) {
    EXPECT_EQ(time_axis_text(kEvening, kEvening + 1h), "UTC, 2023-11-14");
    EXPECT_EQ(time_axis_text(kEvening, kEvening + 4h), "UTC, 2023-11-14 to 2023-11-15");
}

}  // namespace
}  // namespace ajar::page
