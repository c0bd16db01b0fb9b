// A flood never floods the log.
#include "dataplane/change_log.hpp"

#include <gtest/gtest.h>

namespace ajar::dataplane {
namespace {

using namespace std::chrono_literals;

struct Log : testing::Test {
    ChangeLog log;
    Time now{Duration(1'700'000'000'000'000'000)};

    void change(unsigned n = 1) {
        Change c;
        c.time = now;
        for (unsigned i = 0; i < n; ++i) log.add(c);
    }
};

TEST_F(Log, TellsOfEachWhileThereAreFew) {
    change();
    ASSERT_EQ(log.take().size(), 1U);
    EXPECT_TRUE(log.take().empty());
    change(5);
    EXPECT_EQ(log.take_all().size(), 5U);
}

TEST_F(Log, CountsWhatItLeavesOut) {
    change(ChangeLog::kBurst + 100);
    EXPECT_EQ(log.take().size(), ChangeLog::kBurst);
    const auto rest = log.take_all();
    ASSERT_EQ(rest.size(), 1U);
    EXPECT_NE(rest[0].find("100 more changes"), std::string::npos) << rest[0];
    EXPECT_TRUE(log.take_all().empty());
}

TEST_F(Log, TellsOfTheRestBeforeTheNext) {
    change(ChangeLog::kBurst + 1);
    now += ChangeLog::kEvery;
    change();
    const auto lines = log.take();
    ASSERT_EQ(lines.size(), ChangeLog::kBurst + 2U);
    EXPECT_NE(lines[ChangeLog::kBurst].find("1 more change,"), std::string::npos);
}

TEST_F(Log, AnHourOfFloodMakesALineASecond) {
    std::size_t lines = 0;
    for (int n = 0; n < 3600; ++n, now += 1s) {
        change(1000);
        lines += log.take().size();
    }
    EXPECT_LE(lines, ChangeLog::kBurst + 2U * 3600);
}

TEST_F(Log, ForgivesAfterAPause) {
    change(ChangeLog::kBurst);
    EXPECT_EQ(log.take().size(), ChangeLog::kBurst);
    now += 10min;
    change(ChangeLog::kBurst + 5);
    EXPECT_EQ(log.take().size(), ChangeLog::kBurst);
}

}  // namespace
}  // namespace ajar::dataplane
