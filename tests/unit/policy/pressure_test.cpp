// Marks, dwell and the rungs' gauges; pf's formula at its ends.
#include "ajar/policy/pressure.hpp"

#include <gtest/gtest.h>

namespace ajar {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;

constexpr Marks kMarks{.enter = 600, .leave = 500, .dwell = seconds(5)};
Time at(Duration since) { return Time(seconds(1000) + since); }

TEST(Gate, OpensAtItsUpperMarkAtOnce) {
    Gate gate;
    EXPECT_FALSE(gate.update(kMarks, 599, at(seconds(0))));
    EXPECT_TRUE(gate.update(kMarks, 600, at(seconds(0))));
    EXPECT_TRUE(gate.open());
    EXPECT_FALSE(gate.update(kMarks, 1000, at(seconds(1))));
}

TEST(Gate, ClosesBelowTheLowerMarkAfterTheDwell) {
    Gate gate;
    gate.update(kMarks, 700, at(seconds(0)));
    EXPECT_FALSE(gate.update(kMarks, 499, at(milliseconds(4999))));
    EXPECT_TRUE(gate.update(kMarks, 499, at(seconds(5))));
    EXPECT_FALSE(gate.open());
}

TEST(Gate, BetweenItsMarksItStaysAsItIs) {
    Gate gate;
    gate.update(kMarks, 599, at(seconds(0)));
    EXPECT_FALSE(gate.open());
    gate.update(kMarks, 600, at(seconds(1)));
    for (int s = 2; s < 100; ++s) gate.update(kMarks, 500, at(seconds(s)));
    EXPECT_TRUE(gate.open());
}

TEST(Gate, TheDwellBeginsAnewWithEachReturn) {
    Gate gate;
    gate.update(kMarks, 600, at(seconds(0)));
    gate.update(kMarks, 10, at(seconds(3)));
    gate.update(kMarks, 500, at(seconds(4)));
    EXPECT_FALSE(gate.update(kMarks, 10, at(seconds(8))));
    EXPECT_TRUE(gate.update(kMarks, 10, at(seconds(9))));
}

TEST(Gate, NeverOpenItNeverCloses) {
    Gate gate;
    EXPECT_FALSE(gate.update(kMarks, 0, at(seconds(100))));
}

TEST(Ladder, EmbryonicFlowsMoveItsLowerRungsAlone) {
    Ladder ladder;
    const auto lower = 1U << 0U | 1U << 1U | 1U << 2U;
    EXPECT_EQ(ladder.update(kLadderMarks, {.embryonic = 1000, .confirmed = 0}, at(seconds(0))), lower);
    EXPECT_TRUE(ladder.on(Rung::cookies));
    EXPECT_FALSE(ladder.on(Rung::refuse_new));
    EXPECT_EQ(ladder.update(kLadderMarks, {.embryonic = 1000, .confirmed = 1000}, at(seconds(1))),
              0x3fU ^ lower);
}

TEST(Ladder, IsClimbedInItsOrder) {
    Ladder ladder;
    std::uint32_t rungs = 0;
    for (std::uint32_t fill = 0; fill <= 1000; ++fill) {
        const auto entered = ladder.update(kLadderMarks, {fill, 0}, at(seconds(0)));
        EXPECT_EQ(entered & (entered - 1U), 0U) << "one at a time";
        rungs |= entered;
        EXPECT_EQ(rungs & (rungs + 1), 0U) << "from the lowest on";
    }
    EXPECT_EQ(rungs, 7U);
}

TEST(Ladder, EachLowerMarkIsBelowItsUpperOne) {
    for (const Marks& m : kLadderMarks) EXPECT_LT(m.leave, m.enter);
}

TEST(EmbryonicShare, FallsFromThreeFifthsOn) {
    EXPECT_EQ(embryonic_share(0), 32U);
    EXPECT_EQ(embryonic_share(600), 32U);
    EXPECT_EQ(embryonic_share(900), 16U);
    EXPECT_EQ(embryonic_share(1000), 10U);
    EXPECT_EQ(embryonic_share(1200), 5U);
    EXPECT_EQ(embryonic_share(4'000'000'000U), 5U);
    for (std::uint32_t fill = 1; fill <= 1300; ++fill)
        EXPECT_LE(embryonic_share(fill), embryonic_share(fill - 1));
}

TEST(EmbryonicShare, LeavesASynFiveSecondsOrSo) {
    EXPECT_EQ(scaled(seconds(30), 32), seconds(30));
    EXPECT_EQ(scaled(seconds(32), embryonic_share(1200)), seconds(5));
}

}  // namespace
}  // namespace ajar
