// Is a server that is away left in peace, and found again soon?
#include "share/back_off.hpp"

#include <gtest/gtest.h>

namespace ajar::share {
namespace {

using namespace std::chrono_literals;

TEST(BackOff, WaitsTwiceAsLongEachTimeUpToABound) {
    BackOff off(1);
    const Clock::time_point now{};
    auto mean = 100ms;
    for (int n = 0; n < 20; ++n) {
        const auto wait = off.failed(now) - now;
        EXPECT_GE(wait, mean / 2) << n;
        EXPECT_LE(wait, mean * 3 / 2) << n;
        mean = std::min<std::chrono::milliseconds>(2 * mean, 10s);
    }
}

TEST(BackOff, BeginsAnewAfterASuccess) {
    BackOff off(1);
    for (int n = 0; n < 20; ++n) static_cast<void>(off.failed({}));
    off.succeeded();
    EXPECT_LE(off.failed({}) - Clock::time_point{}, 150ms);
}

TEST(BackOff, AFleetDoesNotComeBackAsOne) {
    std::vector<Clock::time_point> next;
    for (std::uint64_t box = 0; box < 16; ++box) next.push_back(BackOff(box).failed({}));
    std::sort(next.begin(), next.end());
    EXPECT_GT(std::unique(next.begin(), next.end()) - next.begin(), 12);
}

}  // namespace
}  // namespace ajar::share
