// What the rungs of the pressure ladder do to the flows of a shard.
#include "lab.hpp"
#include "support/services.hpp"

namespace ajar::test {
namespace {

struct Rungs : testing::Test {
    Rungs() { lab.posture = &posture; }
    void on(Rung r) { posture.rungs = static_cast<std::uint8_t>(1U << static_cast<unsigned>(r)); }

    Lab lab;
    Posture posture;
};

TEST_F(Rungs, WhatBothEndsHaveClosedEndsInAQuarterOfItsTime) {
    lab.connect({});
    lab.client({}, R, 1001);
    ASSERT_EQ(lab.flows(TcpState::close), 1U);
    on(Rung::closing_states);
    lab.pass(2400ms);
    EXPECT_EQ(lab.flows(TcpState::close), 1U);
    lab.pass(200ms);
    EXPECT_EQ(lab.flows(TcpState::close), 0U) << "a quarter of 10 s";
}

TEST_F(Rungs, ThatIsNoReasonToEndOneThatIsAlive) {
    lab.connect({});
    on(Rung::closing_states);
    lab.pass(1h);
    EXPECT_EQ(lab.flows(TcpState::established), 1U);
}

TEST_F(Rungs, WhatLooksDeadIsLookedAtInAQuarterOfItsTime) {
    lab.connect({});
    lab.client({}, F, 1001, 5001);
    on(Rung::dead_connections);
    lab.pass(29s);
    EXPECT_TRUE(lab.of(EventKind::flagged).empty());
    lab.pass(2s);
    EXPECT_EQ(lab.of(EventKind::flagged).size(), 1U) << "a quarter of two minutes";
    EXPECT_EQ(lab.counters().flows_ended.get(), 0U) << "what is done then is the policy's";
}

TEST_F(Rungs, ARungThatIsLeftGivesItsTimeBack) {
    lab.connect({});
    lab.client({}, F, 1001, 5001);
    on(Rung::dead_connections);
    lab.pass(20s);
    posture.rungs = 0;
    lab.pass(60s);
    EXPECT_TRUE(lab.of(EventKind::flagged).empty());
}

// Where services differ in their timers, stamps follow the longest; those of classes that were shortened are
// looked at anew, all others stay as they are.
TEST_F(Rungs, ShortenedTimersOfServicesAreMet) {
    Terms patient{Mode::enforce, lab.policy.timeouts};
    patient.timeouts[static_cast<std::size_t>(TimerClass::fin_wait)] = 10min;
    lab.policy.services = make_services(
        lab.policy, {{{"patient", {prefix_v4(0x0a0000ff, 32)}, {}, 0, false, lab.policy.defence}, patient}});
    lab.connect({});
    lab.client({}, F, 1001, 5001);
    lab.pass(10s);
    on(Rung::dead_connections);
    lab.pass(21s);
    EXPECT_EQ(lab.of(EventKind::flagged).size(), 1U);
}

}  // namespace
}  // namespace ajar::test
