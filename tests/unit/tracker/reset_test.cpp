// The exact resets: to whom, with which number, how often, and what a tombstone answers.
#include "lab.hpp"

namespace ajar::test {
namespace {

Side server_side(const Packet& from_client) { return other(from_client.side); }

TEST(Reset, AStaleSynRecvFreesTheServerAlone) {
    Lab lab;
    const Packet syn = lab.packet({}, true, S, 1000);
    lab.feed(syn);
    lab.server({}, SA, 5000, 1001);
    lab.pass(61s);
    ASSERT_EQ(lab.frames.size(), 1U);
    EXPECT_EQ(lab.frames[0].from, syn.side) << "as if the client had sent it";
    EXPECT_EQ(lab.frames[0].seq, 1001U) << "the SYN-ACK's own ACK";
    EXPECT_EQ(lab.frames[0].flags.bits, TcpFlags::kRst);
    ASSERT_EQ(lab.of(EventKind::reset_sent).size(), 1U);
    EXPECT_EQ(lab.of(EventKind::reset_sent)[0].reset_to, server_side(syn));
}

TEST(Reset, TheSynAcksAckCountsTheDataOfTheSyn) {
    Lab lab;
    lab.client({}, S, 1000, 0, 8);  // TCP Fast Open
    lab.server({}, SA, 5000, 1009);
    lab.pass(61s);
    ASSERT_EQ(lab.frames.size(), 1U);
    EXPECT_EQ(lab.frames[0].seq, 1009U);
}

TEST(Reset, ObserveSendsNothingAndSaysWhatItWouldHaveDone) {
    Lab lab;
    lab.policy.mode = Mode::observe;
    lab.client({}, S, 1000);
    lab.server({}, SA, 5000, 1001);
    lab.pass(61s);
    EXPECT_TRUE(lab.frames.empty());
    ASSERT_EQ(lab.of(EventKind::reset_sent).size(), 1U);
    EXPECT_EQ(lab.of(EventKind::reset_sent)[0].mode, Mode::observe);
    EXPECT_EQ(lab.of(EventKind::evicted).size(), 1U);
}

struct ResetIdle : testing::Test {
    Lab lab;
    Packet probe = lab.packet({}, true, S, 0);  // tells which side the client is
    ResetIdle() {
        lab.policy.actions[static_cast<std::size_t>(Cause::idle)] = Action::evict_reset;
        lab.connect({});
        lab.client({}, A, 1001, 5001, 100);
        lab.server({}, A, 5001, 1101, 50);
        lab.client({}, A, 1101, 5051);
        lab.pass(7441s);
    }
};

TEST_F(ResetIdle, BothEndsGetTheNumberThatTheyExpect) {
    ASSERT_EQ(lab.frames.size(), 2U);
    for (const Craft& f : lab.frames) EXPECT_EQ(f.seq, f.from == probe.side ? 1101U : 5051U);
    EXPECT_NE(lab.frames[0].from, lab.frames[1].from);
    EXPECT_EQ(lab.counters().tombstones.get(), 1U);
    EXPECT_EQ(lab.flows(TcpState::established), 0U);
}

TEST_F(ResetIdle, ALaterSegmentGetsItsExactRst) {
    lab.frames.clear();
    const Verdict v = lab.client({}, A, 1101, 5060, 20);
    EXPECT_EQ(v.disposal, Disposal::consume);
    EXPECT_EQ(v.reason, Reason::tombstone_reset);
    ASSERT_EQ(lab.frames.size(), 1U);
    EXPECT_EQ(lab.frames[0].seq, 5060U) << "what the sender expects now, by its own ACK";
    EXPECT_NE(lab.frames[0].from, probe.side);
    EXPECT_EQ(lab.frames[0].link.in_port, 1) << "it leaves by the port where the client is";
}

TEST_F(ResetIdle, ASynOpensTheTupleAnew) {
    EXPECT_EQ(lab.connect({}).state, TcpState::established);
    EXPECT_EQ(lab.counters().tombstones.get(), 0U);
}

TEST_F(ResetIdle, ARstPasses) { EXPECT_EQ(lab.client({}, R, 1101).reason, Reason::tombstone_passed); }

TEST_F(ResetIdle, ATombstoneLapses) {
    lab.pass(6min);
    EXPECT_EQ(lab.client({}, A, 1101, 5051, 20).state, TcpState::unverified);
}

TEST(Reset, TheRateLimitHoldsAndCounts) {
    Lab lab;
    lab.policy.resets_per_second = 1;
    lab.policy.resets_burst = 1;
    std::uint32_t sent = 0;
    const auto partition = lab.packet(tuple(0), true, S, 0).partition;
    for (std::uint32_t n = 0; sent < 3; ++n) {
        if (lab.packet(tuple(n), true, S, 0).partition != partition) continue;
        lab.client(tuple(n), S, 1000);
        lab.server(tuple(n), SA, 5000, 1001);
        ++sent;
    }
    lab.pass(61s);
    EXPECT_EQ(lab.frames.size(), 1U);
    EXPECT_EQ(lab.counters().resets_due.get(), 3U);
    EXPECT_EQ(lab.counters().reason[static_cast<std::size_t>(Reason::reset_rate_limited)].get(), 2U);
    EXPECT_EQ(lab.of(EventKind::evicted).size(), 3U) << "the limit holds back frames, not evictions";
}

TEST(Reset, NoneWithoutALinkHeader) {
    Lab lab;
    for (const bool from_client : {true, false}) {
        Packet p = lab.packet({}, from_client, from_client ? S : SA, from_client ? 1000 : 5000,
                              from_client ? 0 : 1001);
        p.link_length = 0;  // raw IP
        lab.feed(p);
    }
    lab.pass(61s);
    EXPECT_TRUE(lab.frames.empty());
    EXPECT_EQ(lab.counters().reason[static_cast<std::size_t>(Reason::reset_impossible)].get(), 1U);
}

TEST(Reset, NoneForAFlowInsideATunnel) {
    Lab lab;
    for (const bool from_client : {true, false}) {
        Packet p = lab.packet({}, from_client, from_client ? S : SA, from_client ? 1000 : 5000,
                              from_client ? 0 : 1001);
        p.tunnelled = true;
        lab.feed(p);
    }
    lab.pass(61s);
    EXPECT_TRUE(lab.frames.empty());
    EXPECT_EQ(lab.of(EventKind::evicted).size(), 1U);
}

TEST(Reset, TheOperatorsEvictionResetsBoth) {
    Lab lab;
    lab.connect({});
    EXPECT_TRUE(lab.tracker().evict(lab.packet({}, true, 0, 0), lab.now, lab.policy));
    EXPECT_EQ(lab.tracker().outbox().size(), 2U);
    EXPECT_FALSE(lab.tracker().evict(lab.packet({}, true, 0, 0), lab.now, lab.policy));
}

}  // namespace
}  // namespace ajar::test
