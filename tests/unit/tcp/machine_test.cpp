// What the diagrams of tests/scenario cannot show: repeats counted, timers by policy, what begin() and a
// refused packet leave alone.
#include "ajar/tcp/machine.hpp"

#include <gtest/gtest.h>

#include "ajar/policy/timeouts.hpp"
#include "support/one_tuple.hpp"

namespace ajar {
namespace {

Packet segment(Side side, std::uint8_t flags, std::uint32_t seq, std::uint32_t length, std::uint32_t ack) {
    Packet p;
    p.kind = PacketKind::tcp;
    p.side = side;
    p.flags = {flags};
    p.seq = seq;
    p.payload = length;
    p.ack = ack;
    p.window = 1000;
    return p;
}
constexpr std::uint8_t kSyn = TcpFlags::kSyn, kAck = TcpFlags::kAck, kFin = TcpFlags::kFin;

/// Established, client side 0 at 101, server at 501.
test::OneTuple established(const Policy& policy) {
    test::OneTuple t(policy);
    t.feed(segment(0, kSyn, 100, 0, 0));
    t.feed(segment(1, kSyn | kAck, 500, 0, 101));
    t.feed(segment(0, kAck, 101, 0, 501));
    return t;
}

TEST(Machine, CountsTheSameDataSentAgain) {
    auto t = established(policy_of(Profile::ajar));
    const Packet data = segment(0, kAck, 101, 50, 501);
    for (int i = 0; i < 4; ++i) {
        t.feed(data);
        EXPECT_EQ(t.conn.repeats, i);
    }
    t.feed(segment(1, kAck, 501, 0, 151));
    EXPECT_EQ(t.conn.repeats, 0);
}

TEST(Machine, CountsAFinSentAgain) {
    auto t = established(policy_of(Profile::ajar));
    t.feed(segment(0, kFin | kAck, 101, 0, 501));
    t.feed(segment(0, kFin | kAck, 101, 0, 501));
    EXPECT_EQ(t.conn.repeats, 1);
}

TEST(Machine, CountsKeepAlivesWhateverTheirLengthAndWindow) {
    auto t = established(policy_of(Profile::ajar));
    for (std::uint16_t i = 1; i < 5; ++i) {
        Packet keep_alive = segment(0, kAck, 100, i % 2U, 501);
        keep_alive.window = static_cast<std::uint16_t>(1000 + i);
        t.feed(keep_alive);
        EXPECT_EQ(t.conn.repeats, i);
    }
    t.feed(segment(0, kAck, 101, 0, 501));
    EXPECT_EQ(t.conn.repeats, 4) << "asks nothing, and answers nothing either";
    t.feed(segment(1, kAck, 501, 0, 101));
    EXPECT_EQ(t.conn.repeats, 0) << "the peer spoke";
}

TEST(Machine, NewDataBeginsTheCountAgain) {
    auto t = established(policy_of(Profile::ajar));
    for (int i = 0; i < 3; ++i) t.feed(segment(0, kAck, 101, 50, 501));
    EXPECT_EQ(t.conn.repeats, 2);
    t.feed(segment(0, kAck, 101, 51, 501));
    EXPECT_EQ(t.conn.repeats, 0);
}

TEST(Machine, OneEndAloneRenewsNothingForEver) {
    for (const std::uint32_t fin : {0U, 1U}) {
        auto t = established(policy_of(Profile::ajar));
        if (fin != 0) t.feed(segment(0, kFin | kAck, 101, 0, 501));
        int renewed = 0;
        for (std::uint16_t i = 0; i < 100; ++i) {
            Packet keep_alive = segment(0, kAck, 100 + fin, i % 2U, 501);
            keep_alive.window = static_cast<std::uint16_t>(i % 7U * 100U);
            if (t.feed(keep_alive).step.outcome == tcp::Outcome::accepted) ++renewed;
        }
        EXPECT_LE(renewed, 4) << fin;
    }
}

TEST(Machine, AnInexactRstArmsNothingInLastAck) {
    auto t = established(
        policy_of(Profile::linux_conntrack));  // whose LAST_ACK lasts longer than its unverified RST
    t.feed(segment(0, kFin | kAck, 101, 0, 501));
    t.feed(segment(1, kFin | kAck, 501, 0, 101));
    for (int i = 0; i < 3; ++i) {
        const auto rst = t.feed(segment(0, TcpFlags::kRst, 150, 0, 0));
        EXPECT_EQ(rst.step.reason, Reason::unverified_rst);
        EXPECT_EQ(rst.step.outcome, tcp::Outcome::ignored);
        EXPECT_EQ(t.feed(segment(0, kFin | kAck, 101, 0, 501)).step.outcome, tcp::Outcome::ignored);
    }
    EXPECT_EQ(t.conn.timer, TimerClass::last_ack);
}

TEST(Machine, TheCountSaturates) {
    auto t = established(policy_of(Profile::ajar));
    for (int i = 0; i < 300; ++i) t.feed(segment(0, kAck, 101, 50, 501));
    EXPECT_EQ(t.conn.repeats, Conn::kMostRepeats);
}

TEST(Machine, ThePolicySaysAfterHowManyRepeatsTheTimerIsShort) {
    Policy policy = policy_of(Profile::ajar);
    policy.retransmissions = 5;
    auto t = established(policy);
    const Packet keep_alive = segment(0, kAck, 100, 0, 501);
    for (int i = 1; i < 5; ++i) {
        t.feed(keep_alive);
        EXPECT_EQ(t.conn.timer, TimerClass::established);
    }
    t.feed(keep_alive);
    EXPECT_EQ(t.conn.timer, TimerClass::unacknowledged);
}

TEST(Machine, AcceptedSegmentsAreTheLastOnes) {
    auto t = established(policy_of(Profile::ajar));
    t.feed(segment(1, kAck, 501, 20, 101));
    EXPECT_EQ(t.conn.last_side(), 1);
    EXPECT_EQ(t.conn.ends[1].end - t.warm.last_back, 521U);
    t.feed(segment(0, kAck, 90000, 20, 521));
    EXPECT_EQ(t.conn.last_side(), 1) << "an invalid one is not";
}

TEST(Machine, AFlowThatShakesHandsAgainIsRebornUntilItIsEstablished) {
    auto t = established(policy_of(Profile::ajar));
    t.feed(segment(0, kSyn, 2000, 0, 0));
    EXPECT_FALSE(t.conn.mark(Conn::kReborn));
    t.feed(segment(1, kSyn | kAck, 8000, 0, 2001));
    EXPECT_EQ(t.conn.state, TcpState::syn_recv);
    EXPECT_TRUE(t.conn.mark(Conn::kReborn));
    t.feed(segment(0, kAck, 2001, 0, 8001));
    EXPECT_EQ(t.conn.state, TcpState::established);
    EXPECT_FALSE(t.conn.mark(Conn::kReborn));
}

TEST(Machine, AHandshakeUnderTheFirstOfTwoSynsIsNotReborn) {
    test::OneTuple t(policy_of(Profile::ajar));
    t.feed(segment(0, kSyn, 100, 0, 0));
    t.feed(segment(0, kSyn, 300, 0, 0));
    t.feed(segment(1, kSyn | kAck, 500, 0, 101));
    EXPECT_EQ(t.conn.state, TcpState::syn_recv);
    EXPECT_FALSE(t.conn.mark(Conn::kReborn));
}

TEST(Machine, TheOrdinarySegmentIsJudgedAsTheColdPathJudgesIt) {
    const Policy policy = policy_of(Profile::ajar);
    for (const Packet& p :
         {segment(0, kAck, 101, 100, 501), segment(1, kAck, 501, 0, 101), segment(0, kAck, 100, 0, 501),
          segment(1, kAck | TcpFlags::kPsh, 501, 700, 101)}) {
        auto fast = established(policy), cold = fast;
        const tcp::Step a = tcp::step({fast.conn, fast.warm, fast.aside}, p, policy);
        const tcp::Step b = tcp::detail::step_cold({cold.conn, cold.warm, cold.aside}, p, policy);
        EXPECT_EQ(a.outcome, b.outcome);
        EXPECT_EQ(a.reason, b.reason);
        EXPECT_EQ(fast.conn.timer, cold.conn.timer);
        EXPECT_EQ(fast.conn.state, cold.conn.state);
        EXPECT_EQ(fast.conn.flags, cold.conn.flags);
        for (const Side s : {Side{0}, Side{1}}) {
            EXPECT_EQ(fast.conn.ends[s].end, cold.conn.ends[s].end);
            EXPECT_EQ(fast.conn.ends[s].max_ack, cold.conn.ends[s].max_ack);
            EXPECT_EQ(fast.conn.ends[s].max_end, cold.conn.ends[s].max_end);
        }
        EXPECT_EQ(fast.warm.last_back, cold.warm.last_back);
    }
}

}  // namespace
}  // namespace ajar
