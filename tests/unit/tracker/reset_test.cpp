// The exact resets: to whom, with which number, how often, and what a tombstone answers.
#include "lab.hpp"

namespace ajar::test {
namespace {

Side server_side(const Packet& from_client) { return other(from_client.side); }

/// The link header of the way back.
std::array<std::uint8_t, 14> turned(std::array<std::uint8_t, 14> link) {
    std::rotate(link.begin(), link.begin() + 6, link.begin() + 12);
    return link;
}

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
    lab.pass(299s);
    EXPECT_EQ(lab.counters().tombstones.get(), 1U);
    lab.pass(2s);
    EXPECT_EQ(lab.counters().tombstones.get(), 0U);
    EXPECT_EQ(lab.client({}, A, 1101, 5051, 20).state, TcpState::unverified);
}

TEST_F(ResetIdle, AnOldAckGetsTheNumberOfTheLastOne) {
    lab.frames.clear();
    lab.client({}, A, 1001, 5001, 10);
    ASSERT_EQ(lab.frames.size(), 1U);
    EXPECT_EQ(lab.frames[0].seq, 5051U) << "its sender has acknowledged that since";
}

TEST_F(ResetIdle, ALaterSegmentsRstIsAnEventOfItsFlow) {
    const std::uint64_t flow = lab.of(EventKind::evicted)[0].flow_id;
    lab.events.clear();
    lab.client({}, A, 1101, 5051, 20);
    const auto told = lab.of(EventKind::reset_sent);
    ASSERT_EQ(told.size(), 1U);
    EXPECT_EQ(told[0].flow_id, flow);
    EXPECT_EQ(told[0].reset_to, probe.side);
    EXPECT_EQ(told[0].reset_seq, 5051U);
    EXPECT_EQ(lab.counters().resets_due.get(), lab.counters().resets_sent.get());
}

TEST_F(ResetIdle, AnAnswerThatIsHeldBackIsCounted) {
    lab.policy.resets_per_second = 0;
    EXPECT_EQ(lab.client({}, A, 1101, 5051, 20).reason, Reason::tombstone_passed);
    EXPECT_EQ(lab.counters().resets_due.get(), 3U);
    EXPECT_EQ(lab.counters().resets_sent.get(), 2U);
    EXPECT_EQ(lab.told(Reason::reset_rate_limited), 1U);
}

TEST(Reset, AnAnswerWithoutALinkHeaderIsCountedAndCostsNoPermit) {
    Lab lab;
    lab.policy.actions[static_cast<std::size_t>(Cause::idle)] = Action::evict_reset;
    lab.policy.resets_per_second = lab.policy.resets_burst = 1;
    const auto bare = [&](bool from_client, std::uint8_t flags, std::uint32_t seq, std::uint32_t ack) {
        Packet p = lab.packet({}, from_client, flags, seq, ack);
        p.link_length = 0;
        return lab.feed(p);
    };
    bare(true, S, 1000, 0);
    bare(false, SA, 5000, 1001);
    bare(true, A, 1001, 5001);
    lab.pass(7442s);
    EXPECT_EQ(bare(true, A, 1001, 5001).reason, Reason::tombstone_passed);
    EXPECT_EQ(lab.counters().resets_due.get(), 3U);
    EXPECT_EQ(lab.told(Reason::reset_impossible), 3U);
    EXPECT_EQ(lab.told(Reason::reset_rate_limited), 0U);

    EXPECT_EQ(lab.client({}, A, 1001, 5001).reason, Reason::tombstone_reset)
        << "its own header, turned round";
    ASSERT_EQ(lab.frames.size(), 1U);
    EXPECT_EQ(lab.frames[0].link.in_port, 1);
    EXPECT_TRUE(wears(lab.frames[0].link, turned(kClientLink)));
}

/// Each direction has a look of its own.
struct Dressed : testing::Test {
    static constexpr Tuple kSix{.ipv6 = true};  // with flow labels
    Lab lab;
    bool client_first = lab.packet(kSix, true, 0, 0).side == 0;
    Dressed() { lab.policy.actions[static_cast<std::size_t>(Cause::idle)] = Action::evict_reset; }
    Packet look(bool from_client, std::uint8_t flags, std::uint32_t seq, std::uint32_t ack,
                std::uint32_t payload = 0) {
        Packet p = lab.packet(kSix, from_client, flags, seq, ack, payload);
        p.ttl = from_client ? 63 : 119;
        p.tos = from_client ? 0x28 : 0x48;
        p.flow_label = from_client ? 0x11111 : 0x22222;
        return p;
    }
    void connect() {
        lab.feed(look(true, S, 1000, 0));
        lab.feed(look(false, SA, 5000, 1001));
        lab.feed(look(true, A, 1001, 5001));
    }
    void expect_look(const Craft& f, bool of_client) {
        EXPECT_EQ(f.ttl, of_client ? 63 : 119);
        EXPECT_EQ(f.tos, of_client ? 0x28 : 0x48);
        EXPECT_EQ(f.flow_label, of_client ? 0x11111U : 0x22222U);
        EXPECT_TRUE(wears(f.link, of_client ? kClientLink : kServerLink));
        EXPECT_EQ(f.link.in_port, of_client ? 0 : 1);
    }
    bool by_client(const Craft& f) const { return (f.from == 0) == client_first; }
};

TEST_F(Dressed, AResetLooksLikeItsPeersFrames) {
    connect();
    lab.pass(7442s);
    ASSERT_EQ(lab.frames.size(), 2U);
    for (const Craft& f : lab.frames) expect_look(f, by_client(f));
}

TEST_F(Dressed, AnAnswerToALateSegmentIsMadeFromIt) {
    connect();
    lab.pass(7442s);
    lab.frames.clear();
    Packet late = look(true, A, 1001, 5001, 10);
    late.tos |= 1;  // ECN
    lab.feed(late);
    lab.feed(look(false, A, 5001, 1001, 10));
    ASSERT_EQ(lab.frames.size(), 2U);
    for (const bool to_client : {true, false}) {
        const Craft& f = lab.frames[to_client ? 0 : 1];
        EXPECT_NE(by_client(f), to_client);
        EXPECT_EQ(f.ttl, 64);
        EXPECT_EQ(f.tos, to_client ? 0x28 : 0x48) << "no ECN";
        EXPECT_EQ(f.flow_label, 0U);
        EXPECT_TRUE(wears(f.link, turned(to_client ? kClientLink : kServerLink)));
        EXPECT_EQ(f.link.in_port, to_client ? 1 : 0);
    }
}

TEST_F(Dressed, AnInvalidSegmentChangesNoLook) {
    connect();
    lab.now += 1s;
    Packet forged = lab.packet(kSix, true, A, 0x40000000, 0x40000000);
    forged.ttl = 1;
    forged.port = 1;
    forged.frame = kServerLink.data();
    lab.feed(forged);
    lab.pass(7442s);
    for (const Craft& f : lab.frames) expect_look(f, by_client(f));
}

TEST_F(Dressed, AnInexactRstChangesNoLook) {
    connect();
    lab.now += 1s;
    Packet rst = lab.packet(kSix, false, R, 5101);
    rst.ttl = 33;
    rst.frame = kClientLink.data();
    EXPECT_EQ(lab.feed(rst).reason, Reason::unverified_rst);
    lab.tracker().evict(lab.packet(kSix, true, 0, 0), lab.now, lab.policy);
    ASSERT_EQ(lab.tracker().outbox().size(), 2U);
    for (const Craft& f : lab.tracker().outbox()) expect_look(f, by_client(f));
}

TEST_F(Dressed, WhatPassesOutsideOfTheWindowsChangesNoLook) {
    lab.policy.window = WindowCheck::liberal;
    connect();
    lab.now += 1s;
    Packet far = lab.packet(kSix, true, A, 0x40000000, 0x40000000);
    far.ttl = 33;
    far.frame = kServerLink.data();
    EXPECT_EQ(lab.feed(far).reason, Reason::none);
    lab.tracker().evict(lab.packet(kSix, true, 0, 0), lab.now, lab.policy);
    ASSERT_EQ(lab.tracker().outbox().size(), 2U);
    for (const Craft& f : lab.tracker().outbox()) expect_look(f, by_client(f));
}

TEST_F(Dressed, ANewLookIsFollowed) {
    connect();
    for (const bool from_client : {true, false}) {
        lab.now += 1s;
        Packet p = lab.packet(kSix, from_client, A, from_client ? 1001 : 5001, from_client ? 5001 : 1001);
        p.ttl = 50;
        p.tos = 4;
        p.frame = (from_client ? kServerLink : kClientLink).data();
        lab.feed(p);
    }
    lab.pass(7442s);
    ASSERT_EQ(lab.frames.size(), 2U);
    for (const Craft& f : lab.frames) {
        EXPECT_EQ(f.ttl, 50);
        EXPECT_EQ(f.tos, 4);
        EXPECT_TRUE(wears(f.link, by_client(f) ? kServerLink : kClientLink));
    }
}

TEST_F(Dressed, ATtlThatCannotReachFarIsNotWorn) {
    for (int i = 0; i < 3; ++i) {
        Packet p = i == 0   ? lab.packet(kSix, true, S, 1000)
                   : i == 1 ? lab.packet(kSix, false, SA, 5000, 1001)
                            : lab.packet(kSix, true, A, 1001, 5001);
        p.ttl = i == 1 ? 32 : 31;
        lab.feed(p);
    }
    lab.pass(7442s);
    ASSERT_EQ(lab.frames.size(), 2U);
    for (const Craft& f : lab.frames) EXPECT_EQ(f.ttl, by_client(f) ? 64 : 32);
}

TEST(Reset, AServersNextSynAckGetsTheRstThatWasHeldBack) {
    Lab lab;
    lab.policy.resets_per_second = 0;
    lab.client({}, S, 1000);
    lab.server({}, SA, 5000, 1001);
    lab.pass(61s);
    EXPECT_TRUE(lab.frames.empty());
    lab.policy.resets_per_second = 1000;
    lab.now += 1s;
    EXPECT_EQ(lab.server({}, SA, 5000, 1001).reason, Reason::tombstone_reset);
    ASSERT_EQ(lab.frames.size(), 1U);
    EXPECT_EQ(lab.frames[0].seq, 1001U);
    EXPECT_EQ(lab.client({}, A, 1001, 5001).reason, Reason::tombstone_passed) << "it may be forged";
    EXPECT_EQ(lab.frames.size(), 1U);
}

TEST_F(ResetIdle, AStoneIsNotMindedAgainWhenTheTickWraps) {
    for (int month = 0; month < 9; ++month) lab.pass(24h * 30);
    EXPECT_EQ(lab.client({}, A, 1101, 5051, 20).state, TcpState::unverified);
}

TEST_F(ResetIdle, FromTheWrongSideNothingLiftsTheStoneNorIsAnswered) {
    lab.frames.clear();
    for (const bool client : {true, false}) {
        for (const std::uint8_t flags : {S, A, F, R}) {
            Packet p = lab.packet({}, client, flags, 9, 0x7000);
            p.port ^= 1U;
            EXPECT_EQ(lab.feed(p).reason, Reason::wrong_port);
        }
    }
    EXPECT_TRUE(lab.frames.empty());
    EXPECT_EQ(lab.client({}, A, 1101, 5051, 20).reason, Reason::tombstone_reset);
}

TEST(Reset, AnswersDoNotUseUpTheResetsThatAreDue) {
    Lab lab;
    lab.policy.resets_per_second = lab.policy.resets_burst = 2;
    const auto partition = lab.packet(tuple(0), true, S, 0).partition;
    std::uint32_t n = 1;
    while (lab.packet(tuple(n), true, S, 0).partition != partition) ++n;
    for (const Tuple& t : {tuple(0), tuple(n)}) lab.connect(t);
    lab.tracker().evict(lab.packet(tuple(0), true, 0, 0), lab.now, lab.policy);
    lab.now += 1s;
    unsigned answers = 0;
    for (std::uint32_t i = 0; i < 10; ++i)
        if (lab.client(tuple(0), A, 1001, 5001 + i).reason == Reason::tombstone_reset) ++answers;
    EXPECT_EQ(answers, 2U) << "which are limited, too";
    lab.tracker().evict(lab.packet(tuple(n), true, 0, 0), lab.now, lab.policy);
    EXPECT_EQ(lab.tracker().outbox().size(), 2U);
}

TEST(Reset, AFloodOfHalfOpenFlowsDisplacesNoStoneOfAConnection) {
    Lab lab({1U << 14U, 1U << 14U, 128 * 8, 0, 25});  // eight stones a partition
    lab.policy.actions[static_cast<std::size_t>(Cause::idle)] = Action::evict_reset;
    const auto partition = lab.packet(tuple(0), true, S, 0).partition;
    lab.connect(tuple(0));
    lab.pass(7441s);
    std::uint32_t half_open = 0;
    for (std::uint32_t n = 1; half_open < 40; ++n) {
        if (lab.packet(tuple(n), true, S, 0).partition != partition) continue;
        lab.client(tuple(n), S, 1000);
        lab.server(tuple(n), SA, 5000, 1001);
        ++half_open;
    }
    lab.pass(61s);
    EXPECT_EQ(lab.counters().tombstones.get(), 4U) << "half the ring";
    EXPECT_EQ(lab.client(tuple(0), A, 1001, 5001, 5).reason, Reason::tombstone_reset);
}

TEST(Reset, BothEndsOfASimultaneousOpenGetAnswers) {
    Lab lab;
    lab.client({}, S, 1000);
    lab.server({}, S, 5000);
    EXPECT_EQ(lab.client({}, SA, 1000, 5001).state, TcpState::syn_recv);
    lab.pass(61s);
    EXPECT_EQ(lab.client({}, SA, 1000, 5001).reason, Reason::tombstone_reset);
    EXPECT_EQ(lab.server({}, SA, 5000, 1001).reason, Reason::tombstone_reset);
}

TEST(Reset, ATombstoneThatFallsOffLeavesNoTrace) {
    Lab lab({4096, 4096, 1, 0, 50});  // one tombstone a partition
    lab.policy.actions[static_cast<std::size_t>(Cause::idle)] = Action::evict_reset;
    for (std::uint32_t n = 0; n < 1000; ++n) lab.connect(tuple(n));
    lab.pass(7442s);
    EXPECT_EQ(lab.counters().tombstones.get(), 128U);
    std::uint32_t answered = 0;
    for (std::uint32_t n = 0; n < 1000; ++n)
        if (lab.client(tuple(n), A, 1001, 5001, 1).reason == Reason::tombstone_reset) ++answered;
    EXPECT_EQ(answered, 128U);
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

// A RST with a stale timestamp, or a short TTL, ends the handshake here and not at its server.
TEST(AbortedHandshake, IsConfirmedToTheServer) {
    Lab lab;
    lab.client({}, S, 1000);
    lab.server({}, SA, 5000, 1001);
    lab.frames.clear();
    EXPECT_EQ(lab.client({}, R, 1001).disposal, Disposal::forward);
    ASSERT_EQ(lab.frames.size(), 1U);
    EXPECT_EQ(lab.frames[0].flags.bits, R);
    EXPECT_EQ(lab.frames[0].seq, 1001U);
    EXPECT_EQ(lab.frames[0].options.present, 0U) << "nothing to distrust it for";
    EXPECT_EQ(lab.frames[0].from, lab.packet({}, true, R, 0).side) << "to the server";
}

TEST(AbortedHandshake, AnAnswerThatComesLaterIsRefused) {
    Lab lab;
    lab.client({}, S, 1000);
    lab.client({}, R, 1001);
    ASSERT_TRUE(lab.frames.empty()) << "what the server will expect is not known yet";
    lab.server({}, SA, 5000, 1001);
    ASSERT_EQ(lab.frames.size(), 1U);
    EXPECT_EQ(lab.frames[0].seq, 1001U);
}

TEST(AbortedHandshake, AServersOwnRefusalNeedsNoWord) {
    Lab lab;
    lab.client({}, S, 1000);
    lab.server({}, R | A, 0, 1001);
    lab.server({}, SA, 5000, 1001);
    EXPECT_TRUE(lab.frames.empty()) << "it may have been somebody else's";
}

TEST(AbortedHandshake, InObserveNothingIsSent) {
    Lab lab;
    lab.policy.mode = Mode::observe;
    lab.client({}, S, 1000);
    lab.server({}, SA, 5000, 1001);
    lab.client({}, R, 1001);
    EXPECT_TRUE(lab.frames.empty());
    EXPECT_EQ(lab.counters().resets_due.get(), 0U);
}

}  // namespace
}  // namespace ajar::test
