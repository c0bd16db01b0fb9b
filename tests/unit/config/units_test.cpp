// Do numbers read as people write them, exactly, and print as they read?
#include <gtest/gtest.h>

#include "config/units.hpp"

namespace ajar::config {
namespace {

using namespace std::chrono_literals;

TEST(Duration, ReadsEveryUnit) {
    EXPECT_EQ(*parse_duration("5s"), 5s);
    EXPECT_EQ(*parse_duration("10ms"), 10ms);
    EXPECT_EQ(*parse_duration("7us"), 7us);
    EXPECT_EQ(*parse_duration("3ns"), 3ns);
    EXPECT_EQ(*parse_duration("2h"), 2h);
    EXPECT_EQ(*parse_duration("15d"), 360h);
    EXPECT_EQ(*parse_duration("2h4m"), 124min);
    EXPECT_EQ(*parse_duration("2 h 4 m"), 124min);
    EXPECT_EQ(*parse_duration("1.5s"), 1500ms);
    EXPECT_EQ(*parse_duration("0.1s"), 100ms);
    EXPECT_EQ(*parse_duration("1_000s"), 1000s);
}

TEST(Duration, RefusesWhatIsNone) {
    for (const char* text : {"", "5", "s", "5 parsecs", "5s5s", "4m2h", "-5s", "1.s", ".5s", "5s ,", "1e3s",
                             "0.1ns", "300000d", "9999999999999999999s", "106751d106751d"})
        EXPECT_FALSE(parse_duration(text)) << text;
}

TEST(Duration, PrintsTheLargestUnitsFirst) {
    EXPECT_EQ(format_duration(0s), "0s");
    EXPECT_EQ(format_duration(7440s), "2h4m");
    EXPECT_EQ(format_duration(432000s), "5d");
    EXPECT_EQ(format_duration(1500ms), "1s500ms");
}

TEST(Count, ReadsDecimalAndBinaryUnits) {
    EXPECT_EQ(*parse_count("0"), 0U);
    EXPECT_EQ(*parse_count("1_000"), 1000U);
    EXPECT_EQ(*parse_count("64k"), 64'000U);
    EXPECT_EQ(*parse_count("64K"), 64'000U);
    EXPECT_EQ(*parse_count("1M"), 1'000'000U);
    EXPECT_EQ(*parse_count("1Mi"), 1U << 20U);
    EXPECT_EQ(*parse_count("64MiB"), 64U << 20U);
    EXPECT_EQ(*parse_count("1.5k"), 1500U);
    EXPECT_EQ(*parse_count("2 G"), 2'000'000'000U);
}

TEST(Count, RefusesWhatIsNone) {
    for (const char* text : {"", "M", "1X", "1.0001k", "-1", "1 2", "1__", "9999999T", "0x10", "1MM", "1e6"})
        EXPECT_FALSE(parse_count(text)) << text;
}

TEST(Count, PrintsTheUnitThatIsExact) {
    EXPECT_EQ(format_count(1000), "1000");
    EXPECT_EQ(format_count(4096), "4096");
    EXPECT_EQ(format_count(16384), "16Ki");
    EXPECT_EQ(format_count(1U << 20U), "1Mi");
    EXPECT_EQ(format_count(1'000'000), "1M");
    EXPECT_EQ(format_count(1'000'001), "1000001");
    EXPECT_EQ(format_bytes(64U << 20U), "64MiB");
    EXPECT_EQ(format_bytes(512), "512B");
}

TEST(Percent, ReadsWithAndWithoutSign) {
    EXPECT_EQ(*parse_percent("25%"), 25U);
    EXPECT_EQ(*parse_percent("25 %"), 25U);
    EXPECT_EQ(*parse_percent("25"), 25U);
    for (const char* text : {"", "%", "25%%", "25.5%", "a quarter"})
        EXPECT_FALSE(parse_percent(text)) << text;
}

class RoundTrip : public testing::TestWithParam<std::int64_t> {};

TEST_P(RoundTrip, PrintsWhatItReads) {
    const auto n = static_cast<std::uint64_t>(GetParam());
    EXPECT_EQ(*parse_count(format_count(n)), n);
    EXPECT_EQ(*parse_count(format_bytes(n)), n);
    EXPECT_EQ(*parse_duration(format_duration(Duration(GetParam()))), Duration(GetParam()));
}

INSTANTIATE_TEST_SUITE_P(Numbers, RoundTrip,
                         testing::Values(0, 1, 999, 1000, 8192, 8193, 9999, 10'000, 16'384, 65'536, 1'048'576,
                                         1'500'000, 123'456'789, 86'400'000'000'000, 1LL << 40,
                                         999'999'999'999'999'999));

}  // namespace
}  // namespace ajar::config
