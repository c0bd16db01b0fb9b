// Is it told who has changed what, and is the log never flooded?
#include "control/journal.hpp"

#include <gtest/gtest.h>

#include <vector>

namespace ajar::control {
namespace {

using namespace std::chrono_literals;

TEST(Journal, ALineEachAndNeverAFlood) {
    std::vector<std::string> log;
    Journal journal([&](const std::string& line) { log.push_back(line); });
    auto now = Journal::Clock::now();
    journal.tell("user 0, process 7", "{\"do\":\"flush\"}\x1b[2J\r", now);
    ASSERT_EQ(log.size(), 1U);
    EXPECT_EQ(log[0], "control: user 0, process 7: {\"do\":\"flush\"}?[2J?");
    for (int i = 0; i < 10'000; ++i) journal.tell("x", "y", now);
    EXPECT_EQ(log.size(), Journal::kAtOnce);
    now += 10s;
    journal.tell("x", std::string(1000, 'z'), now);
    ASSERT_EQ(log.size(), Journal::kAtOnce + 2);
    EXPECT_EQ(log[Journal::kAtOnce], "control: 9951 further requests are not told here");
    EXPECT_LT(log.back().size(), 250U);
}

}  // namespace
}  // namespace ajar::control
