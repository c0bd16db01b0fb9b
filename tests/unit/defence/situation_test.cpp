// What stands, from what was told.
#include <gtest/gtest.h>

#include "ajar/defence/change.hpp"

namespace ajar {
namespace {

using namespace std::chrono_literals;

Change about(ChangeKind kind, std::uint32_t address, int second) {
    Change c;
    c.kind = kind;
    c.subject = Subject::name;
    c.name = count_key(CountKind::source, be32::of(address), 0);
    c.time = Time(1s * second);
    return c;
}
Change about(ChangeKind kind, Rung rung) {
    Change c;
    c.kind = kind;
    c.subject = Subject::rung;
    c.rung = rung;
    return c;
}

TEST(Situation, HoldsWhatHasBegunUntilItIsOver) {
    Situation s;
    s.add(about(ChangeKind::source_blocked, 1, 10));
    s.add(about(ChangeKind::source_blocked, 2, 20));
    ASSERT_EQ(s.now().size(), 2U);
    s.add(about(ChangeKind::source_unblocked, 1, 30));
    ASSERT_EQ(s.now().size(), 1U);
    EXPECT_EQ(s.now()[0].name, about(ChangeKind::source_blocked, 2, 0).name);
    EXPECT_EQ(s.count(ChangeKind::source_blocked), 2U);
    EXPECT_EQ(s.count(ChangeKind::source_unblocked), 1U);
}

TEST(Situation, KeepsTheLatestWordAndTheBeginning) {
    Situation s;
    s.add(about(ChangeKind::source_blocked, 1, 10));
    Change calm = about(ChangeKind::source_subsided, 1, 40);
    calm.until = Time(100s);
    s.add(calm);
    ASSERT_EQ(s.now().size(), 1U);
    EXPECT_EQ(s.now()[0].until, Time(100s));
    EXPECT_EQ(s.now()[0].since, Time(10s));
}

TEST(Situation, WhatHappensOnceDoesNotStand) {
    Situation s;
    Change freed;
    freed.kind = ChangeKind::backlog_freed;
    s.add(freed);
    EXPECT_TRUE(s.now().empty());
    EXPECT_EQ(s.count(ChangeKind::backlog_freed), 1U);
}

TEST(Situation, StagesAndMeasuresAreDifferentMatters) {
    Situation s;
    s.add(about(ChangeKind::rung_entered, Rung::cookies));
    s.add(about(ChangeKind::rung_entered, Rung::shorter_timers));
    s.add(about(ChangeKind::flooded, 1, 0));
    s.add(about(ChangeKind::limit_reached, 1, 0));
    EXPECT_EQ(s.now().size(), 4U);
    s.add(about(ChangeKind::rung_left, Rung::cookies));
    EXPECT_EQ(s.now().size(), 3U);
    EXPECT_EQ(s.now()[0].rung, Rung::shorter_timers);
}

TEST(Situation, AnEndWithoutABeginningChangesNothing) {
    Situation s;
    s.add(about(ChangeKind::flood_over, 1, 0));
    EXPECT_TRUE(s.now().empty());
}

}  // namespace
}  // namespace ajar
