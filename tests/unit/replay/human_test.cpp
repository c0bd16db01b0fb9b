// Are numbers and the progress bar readable, at their edges too?
#include "export/human.hpp"

#include <gtest/gtest.h>

#include "replay/progress.hpp"

namespace ajar::replay {
namespace {

using namespace exporting;
using namespace std::chrono_literals;

TEST(Human, NumbersOfTheLiveViewAreShort) {
    EXPECT_EQ(human_short(0), "0");
    EXPECT_EQ(human_short(999), "999");
    EXPECT_EQ(human_short(1000), "1.0k");
    EXPECT_EQ(human_short(12'345'678), "12.3M");
    EXPECT_EQ(human_short(123'456'789), "123M");
    EXPECT_EQ(human_short(5e12), "5.0T");
}

TEST(Human, CountsHaveSeparators) {
    EXPECT_EQ(human_count(0), "0");
    EXPECT_EQ(human_count(999), "999");
    EXPECT_EQ(human_count(1000), "1,000");
    EXPECT_EQ(human_count(1234567), "1,234,567");
    EXPECT_EQ(counted(1, "flow", "flows"), "1 flow");
    EXPECT_EQ(counted(0, "flow", "flows"), "0 flows");
}

TEST(Human, BytesAndDurationsHaveThreeDigits) {
    EXPECT_EQ(human_bytes(999), "999 B");
    EXPECT_EQ(human_bytes(8'230'000), "8.23 MB");
    EXPECT_EQ(human_bytes(999'999), "1 MB");
    EXPECT_EQ(human_duration(0ns), "0 ns");
    EXPECT_EQ(human_duration(1500ns), "1.5 us");
    EXPECT_EQ(human_duration(12345ms), "12.3 s");
    EXPECT_EQ(human_duration(125s), "2 min 5 s");
    EXPECT_EQ(human_duration(60s), "1 min");
    EXPECT_EQ(human_duration(7440s), "2 h 4 min");
    EXPECT_EQ(human_duration(49h), "2 d 1 h");
}

TEST(Human, TimesAreUtc) { EXPECT_EQ(utc_text(Time(1700000000s + 7us)), "2023-11-14 22:13:20.000007 UTC"); }

TEST(Progress, ShowsBarRateAndTimeToGo) {
    EXPECT_EQ(progress_line(50, 100, 3'000'000, 10s),
              "[###############...............]  50 %  3,000,000 packets, 0.3 M/s  10 s to go");
    EXPECT_EQ(progress_line(200, 100, 1, 1s).substr(0, 41), "[##############################] 100 %  1");
}

TEST(Progress, OfAPipeShowsTheRateAlone) {
    EXPECT_EQ(progress_line(50, std::nullopt, 5'000'000, 1s), "5,000,000 packets, 5 M/s");
    EXPECT_EQ(progress_line(0, 0, 0, 0s), "0 packets, 0 M/s");
}

}  // namespace
}  // namespace ajar::replay
