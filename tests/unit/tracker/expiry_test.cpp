// When flows leave, under which Reason, and that it does not matter when their expiry is collected.
#include "ajar/flow/timer_sweep.hpp"
#include "lab.hpp"

namespace ajar::test {
namespace {

TEST(Expiry, StaleSynIsEvictedAtItsDeadlineHoweverLateItIsCollected) {
    Lab lab;
    lab.client({}, S, 1000);
    lab.pass(1h);
    const auto evicted = lab.of(EventKind::evicted);
    ASSERT_EQ(evicted.size(), 1U);
    EXPECT_EQ(evicted[0].reason, Reason::stale_syn_sent);
    EXPECT_EQ(evicted[0].cause, Cause::embryonic_stale);
    EXPECT_GE(evicted[0].time, kStart + 30s);
    EXPECT_LE(evicted[0].time, kStart + 30s + 2 * kTickLength);
    EXPECT_TRUE(lab.frames.empty()) << "nobody has a socket that a RST could free";
    EXPECT_EQ(lab.counters().flows_ended.get(), 1U);
}

TEST(Expiry, NeverEarly) {
    Lab lab;
    lab.client({}, S, 1000);
    lab.pass(30s);
    EXPECT_TRUE(lab.events.empty());
}

TEST(Expiry, SynRetransmissionsDoNotRenewTheTimer) {
    Lab lab;
    for (int i = 0; i < 4; ++i) {
        lab.client({}, S, 1000);
        lab.pass(8s);
    }
    EXPECT_EQ(lab.of(EventKind::evicted).size(), 1U);
}

TEST(Expiry, SynAckRetransmissionsDoNotRenewTheTimer) {
    Lab lab;
    lab.client({}, S, 1000);
    for (int i = 0; i < 7; ++i) {
        lab.server({}, SA, 5000, 1001);
        lab.pass(10s);
    }
    ASSERT_EQ(lab.of(EventKind::evicted).size(), 1U);
    EXPECT_EQ(lab.of(EventKind::evicted)[0].reason, Reason::stale_syn_recv);
}

TEST(Expiry, APacketFindsAnOverdueFlowGone) {
    Lab swept, touched;
    for (Lab* lab : {&swept, &touched}) {
        lab->client({}, S, 1000);
        lab->now += 40s;
    }
    swept.pass(0s);
    for (Lab* lab : {&swept, &touched}) {
        lab->client({}, S, 7777);
        lab->pass(1h);
    }
    ASSERT_EQ(swept.events.size(), touched.events.size());
    for (std::size_t i = 0; i < swept.events.size(); ++i) {
        EXPECT_EQ(swept.events[i].time, touched.events[i].time);
        EXPECT_EQ(swept.events[i].ordinal, touched.events[i].ordinal);
        EXPECT_EQ(swept.events[i].kind, touched.events[i].kind);
        EXPECT_EQ(swept.events[i].reason, touched.events[i].reason);
    }
}

TEST(Expiry, IdleIsFlaggedOnceAndTheFlowStays) {
    Lab lab;
    lab.connect({});
    lab.pass(7441s);
    ASSERT_EQ(lab.of(EventKind::flagged).size(), 1U);
    EXPECT_EQ(lab.of(EventKind::flagged)[0].reason, Reason::idle);
    lab.pass(100h);
    EXPECT_EQ(lab.of(EventKind::flagged).size(), 1U);
    EXPECT_EQ(lab.flows(TcpState::established), 1U);
    EXPECT_EQ(lab.client({}, A, 1001, 5001, 10).ct, CtVerdict::established)
        << "and it goes on as if nothing was";
    lab.server({}, A, 5001, 1011);
    lab.pass(7441s);
    EXPECT_EQ(lab.of(EventKind::flagged).size(), 2U) << "a flow that lived again can fall silent again";
}

TEST(Expiry, TrafficRenewsTheTimer) {
    Lab lab;
    lab.connect({});
    for (std::uint32_t i = 0; i < 5; ++i) {
        lab.pass(7000s);
        lab.client({}, A, 1001 + i, 5001, 1);
        lab.server({}, A, 5001, 1002 + i);
    }
    EXPECT_TRUE(lab.events.empty());
}

TEST(Expiry, AFinishedConnectionEndsInSilence) {
    Lab lab;
    lab.connect({});
    lab.client({}, F, 1001, 5001);
    lab.server({}, F, 5001, 1002);
    lab.client({}, A, 1002, 5002);
    EXPECT_EQ(lab.flows(TcpState::time_wait), 1U);
    lab.pass(16s);
    ASSERT_EQ(lab.events.size(), 1U);
    EXPECT_EQ(lab.events[0].kind, EventKind::flow_end);
    EXPECT_EQ(lab.events[0].reason, Reason::closed_by_fin);
}

TEST(Expiry, IcmpErrorsRenewNothing) {
    Lab lab;
    lab.policy.actions[static_cast<std::size_t>(Cause::idle)] = Action::evict;
    lab.client(tuple(1), S, 1000);
    lab.connect({});
    const auto error_about = [&](const Tuple& t) {
        Packet p = lab.packet(t, false, 0, 1001);
        p.kind = PacketKind::icmp_error;
        EXPECT_EQ(lab.feed(p).ct, CtVerdict::related);
    };
    lab.pass(25s);
    error_about(tuple(1));
    lab.pass(6s);
    ASSERT_EQ(lab.of(EventKind::evicted).size(), 1U);
    lab.pass(7400s);
    error_about({});
    lab.pass(11s);
    ASSERT_EQ(lab.of(EventKind::evicted).size(), 2U);
    EXPECT_EQ(lab.of(EventKind::evicted)[1].reason, Reason::idle);
}

TEST(Expiry, AnInexactRstAloneNeverEndsAFlow) {
    Lab lab;
    lab.policy.actions.fill(Action::evict_reset);
    lab.connect({});
    lab.client({}, R, 1001 + 100);
    lab.pass(31s);
    ASSERT_EQ(lab.of(EventKind::flagged).size(), 1U);
    EXPECT_EQ(lab.of(EventKind::flagged)[0].reason, Reason::unverified_rst_idle);
    EXPECT_TRUE(lab.frames.empty());
    EXPECT_EQ(lab.flows(TcpState::established), 1U);
}

TEST(Expiry, AfterAnInexactRstTheStatesOwnTimerStillRuns) {
    Lab lab;
    lab.policy.actions.fill(Action::evict);
    lab.connect({});
    lab.client({}, R, 1001 + 100);
    const Time armed = lab.now;
    lab.pass(7441s);
    ASSERT_EQ(lab.of(EventKind::flagged).size(), 1U);
    const Time flagged = lab.of(EventKind::flagged)[0].time;
    EXPECT_NEAR(static_cast<double>((flagged - armed).count()), 30e9, 10e6);
    ASSERT_EQ(lab.of(EventKind::evicted).size(), 1U);
    EXPECT_EQ(lab.of(EventKind::evicted)[0].reason, Reason::idle);
    EXPECT_EQ(lab.of(EventKind::evicted)[0].time, flagged + 7410s) << "both are counted from the RST";
}

TEST(Expiry, AnInexactRstDoesNotProlongAShortTimer) {
    Lab lab;
    lab.connect({});
    lab.client({}, F, 1001, 5001);
    lab.server({}, F, 5001, 1002);
    EXPECT_EQ(lab.flows(TcpState::last_ack), 1U);
    lab.pass(10s);
    lab.client({}, R, 1001 + 100);
    lab.pass(6s);
    EXPECT_TRUE(lab.of(EventKind::flagged).empty());
    ASSERT_EQ(lab.of(EventKind::flow_end).size(), 1U);
    EXPECT_EQ(lab.of(EventKind::flow_end)[0].reason, Reason::closing_idle);
}

/// SYN and SYN-ACK inside a living flow, as two forgers could send them.
void begin_again(Lab& lab) {
    lab.client({}, S, 0xdead0000);
    ASSERT_EQ(lab.server({}, SA, 0x77770000, 0xdead0001).state, TcpState::syn_recv);
}

TEST(Expiry, ARebirthThatNobodyAcknowledgesEndsInSilence) {
    Lab lab;
    lab.policy.actions.fill(Action::evict_reset);
    lab.connect({});
    begin_again(lab);
    lab.pass(61s);
    ASSERT_EQ(lab.events.size(), 1U);
    EXPECT_EQ(lab.events[0].kind, EventKind::flow_end);
    EXPECT_EQ(lab.events[0].reason, Reason::stale_rebirth);
    EXPECT_TRUE(lab.frames.empty());
    EXPECT_EQ(lab.counters().tombstones.get(), 0U);
    EXPECT_EQ(lab.client({}, A, 1001, 5001, 10).disposal, Disposal::forward);
}

TEST(Expiry, TheOperatorsEvictionOfARebirthFreesItsServerAlone) {
    Lab lab;
    lab.connect({});
    begin_again(lab);
    EXPECT_TRUE(lab.tracker().evict(lab.packet({}, true, 0, 0), lab.now, lab.policy));
    ASSERT_EQ(lab.tracker().outbox().size(), 1U);
    EXPECT_EQ(lab.tracker().outbox()[0].seq, 0xdead0001U);
    EXPECT_EQ(lab.counters().resets_due.get(), 1U) << "its client may be forged";
}

TEST(Expiry, KeepAlivesThatNobodyAnswersKeepNothingAlive) {
    Lab lab;
    lab.policy.actions.fill(Action::evict);
    lab.connect({});
    for (int i = 0; i < 8; ++i) {
        lab.pass(75s);
        lab.client({}, A, 1000, 5001);
    }
    ASSERT_EQ(lab.of(EventKind::evicted).size(), 1U) << "the third armed 300 s";
    EXPECT_EQ(lab.of(EventKind::evicted)[0].reason, Reason::unacknowledged_idle);
}

TEST(Expiry, NothingRenewsLastAckNorTimeWait) {
    Lab lab;
    lab.connect({});
    lab.client({}, F, 1001, 5001);
    lab.server({}, F, 5001, 1002);
    lab.pass(10s);
    lab.server({}, F, 5001, 1002);
    EXPECT_EQ(lab.flows(TcpState::last_ack), 1U);
    lab.pass(6s);
    EXPECT_EQ(lab.flows(TcpState::last_ack), 0U);

    Lab closed;
    closed.connect({});
    closed.client({}, F, 1001, 5001);
    closed.server({}, F, 5001, 1002);
    closed.client({}, A, 1002, 5002);
    closed.pass(10s);
    closed.client({}, A, 1002, 5002);
    EXPECT_EQ(closed.flows(TcpState::time_wait), 1U);
    closed.pass(6s);
    EXPECT_EQ(closed.flows(TcpState::time_wait), 0U);
}

TEST(Expiry, NothingRenewsCloseNorAHandshakeBegunAgain) {
    Lab closed;
    closed.connect({});
    closed.client({}, R, 1001);
    for (int i = 0; i < 2; ++i) {
        closed.server({}, A, 5001, 1001, 1);
        closed.pass(6s);
    }
    EXPECT_EQ(closed.flows(TcpState::close), 0U);

    Lab reborn;
    reborn.connect({});
    for (std::uint32_t n = 1; n <= 2; ++n) {
        reborn.client({}, S, n * 100000);
        reborn.server({}, SA, n * 300000, n * 100000 + 1);
        EXPECT_EQ(reborn.flows(TcpState::syn_recv), 1U);
        reborn.pass(40s);
    }
    EXPECT_EQ(reborn.flows(TcpState::syn_recv), 0U);
}

TEST(Expiry, SmallBudgetsCollectTheSame) {
    Lab big, small;
    for (Lab* lab : {&big, &small})
        for (std::uint32_t n = 0; n < 300; ++n) lab->client(tuple(n), S, n);
    big.pass(31s);
    small.pass(31s, 5);
    EXPECT_EQ(big.of(EventKind::evicted).size(), 300U);
    EXPECT_EQ(small.of(EventKind::evicted).size(), 300U);
}

TEST(Expiry, ABudgetBoundsOneCall) {
    Lab lab;
    for (std::uint32_t n = 0; n < 300; ++n) lab.client(tuple(n), S, n);
    lab.now += 1h;
    EXPECT_FALSE(lab.tracker().advance(lab.now, 4 * TimerSweep::kDueCost, lab.policy));
    EXPECT_LE(lab.counters().flows_ended.get(), 8U);
    EXPECT_GT(lab.counters().timer_backlog.get(), 100U) << "partitions";
    lab.pass(0s);
    EXPECT_EQ(lab.counters().timer_backlog.get(), 0U);
}

TEST(Expiry, ABudgetBoundsOneCallThatMeetsManyOverdueFlows) {
    Lab lab;
    lab.policy.actions[static_cast<std::size_t>(Cause::idle)] = Action::evict;
    const auto partition = lab.packet(tuple(0), true, S, 1).partition;
    for (std::uint32_t n = 0; n < 10000; ++n)
        if (lab.packet(tuple(n), true, S, 1).partition == partition) lab.connect(tuple(n));
    const auto flows = lab.flows(TcpState::established);
    ASSERT_GT(flows, 50U);
    lab.now += 3h;
    while (lab.flows(TcpState::established) == flows)
        lab.tracker().advance(lab.now, 4 * TimerSweep::kDueCost, lab.policy);
    EXPECT_LE(flows - lab.flows(TcpState::established), 8U);
}

TEST(Expiry, NextDeadlineIsNeverTooLate) {
    Lab lab;
    EXPECT_EQ(lab.tracker().next_deadline(lab.policy), Time::max());
    lab.client({}, S, 1000);
    const Time deadline = lab.tracker().next_deadline(lab.policy);
    EXPECT_GE(deadline, kStart + 30s);
    EXPECT_LE(deadline, kStart + 31s);
    lab.connect(tuple(1));
    EXPECT_LE(lab.tracker().next_deadline(lab.policy), kStart + 31s);
}

TEST(Expiry, YearsOfSilenceAreCrossed) {
    Lab lab;
    lab.policy.actions[static_cast<std::size_t>(Cause::idle)] = Action::evict;
    lab.connect({});
    lab.pass(24h * 365 * 30);
    ASSERT_EQ(lab.of(EventKind::evicted).size(), 1U);
    EXPECT_LE(lab.of(EventKind::evicted)[0].time, kStart + 7441s);
}

}  // namespace
}  // namespace ajar::test
