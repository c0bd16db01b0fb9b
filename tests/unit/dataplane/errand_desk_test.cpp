// Do errands have a bound, an order and a budget?
#include "dataplane/errand_desk.hpp"

#include <gtest/gtest.h>

#include <string>
#include <thread>
#include <vector>

namespace ajar::dataplane {
namespace {

using namespace std::chrono_literals;
using control::Answer;
using control::Errand;

Answer at_once(const Errand& errand) { return {true, errand.word, {}}; }
Answer slowly(const Errand& errand) {
    std::this_thread::sleep_for(5ms);
    return at_once(errand);
}

TEST(ErrandDesk, AnswersInTheirOrderAndNoMoreThanItHolds) {
    ErrandDesk desk;
    std::vector<std::string> got;
    const auto done = [&](const Answer& a) { got.push_back(a.text); };
    for (std::size_t i = 0; i < ErrandDesk::kMost; ++i)
        EXPECT_TRUE(desk.add({Errand::What::posture, std::to_string(i), {}}, done));
    EXPECT_FALSE(desk.add({Errand::What::posture, "one too many", {}}, done));
    desk.work(at_once, 60s);
    ASSERT_EQ(got.size(), ErrandDesk::kMost);
    EXPECT_EQ(got.front(), "0");
    EXPECT_EQ(got.back(), std::to_string(ErrandDesk::kMost - 1));
}

/// Main has epochs to keep: whoever reloads without end slows down other errands alone.
TEST(ErrandDesk, OneIsDoneAndThenThereIsABudget) {
    ErrandDesk desk;
    int done = 0;
    for (int i = 0; i < 20; ++i)
        EXPECT_TRUE(desk.add({Errand::What::reload, {}, {}}, [&](const Answer&) { ++done; }));
    desk.work(slowly, 0s);
    EXPECT_EQ(done, 1);
    desk.work(slowly, 12ms);
    EXPECT_GE(done, 2);
    EXPECT_LE(done, 4);
}

}  // namespace
}  // namespace ajar::dataplane
