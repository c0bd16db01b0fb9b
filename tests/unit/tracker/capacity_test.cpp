// Full stores: who gives way, who is refused, and that nothing is decided at the final ACK.
#include "lab.hpp"

namespace ajar::test {
namespace {

// Sizes are rounded up to one flow a partition and family: 128 x 4 for IPv4 here.
TableSizes tiny(std::uint64_t confirmed, std::uint64_t embryonic) {
    return {confirmed, embryonic, 128, 0, 50};
}

TEST(Capacity, AFloodNeverEvictsAConfirmedFlow) {
    Lab lab(tiny(1024, 512));
    for (std::uint32_t n = 0; n < 200; ++n) ASSERT_EQ(lab.connect(tuple(n)).state, TcpState::established);
    for (std::uint32_t n = 1000; n < 20000; ++n)
        EXPECT_EQ(lab.client(tuple(n), S, n).disposal, Disposal::forward);
    EXPECT_EQ(lab.flows(TcpState::established), 200U);
    EXPECT_LE(lab.flows(TcpState::syn_sent), 512U);
    EXPECT_GT(lab.counters().reason[static_cast<std::size_t>(Reason::embryonic_full)].get(), 18000U);
}

TEST(Capacity, TheOldestEmbryonicGivesWay) {
    Lab lab(tiny(1024, 128));  // one place a partition
    const Packet first = lab.packet(tuple(0), true, S, 1);
    lab.feed(first);
    std::uint32_t n = 1;
    while (lab.packet(tuple(n), true, S, 1).partition != first.partition) ++n;
    lab.now += 1s;
    lab.client(tuple(n), S, 1);
    const auto evicted = lab.of(EventKind::evicted);
    ASSERT_EQ(evicted.size(), 1U);
    EXPECT_EQ(evicted[0].reason, Reason::embryonic_full);
    EXPECT_EQ(evicted[0].warm.birth_ordinal, first.ordinal);
}

/// A lab with two embryonic places a partition, and three tuples that share one.
struct TwoEmbryonic : testing::Test {
    Lab lab{tiny(1024, 256)};
    std::vector<Tuple> t;
    TwoEmbryonic() {
        const auto at = [&](const Tuple& x) { return lab.packet(x, true, S, 1000).partition; };
        for (std::uint32_t n = 0; t.size() < 3; ++n)
            if (at(tuple(n)) == at(tuple(0))) t.push_back(tuple(n));
    }
    bool only_evicted(const Tuple& who, Reason why) {
        const auto evicted = lab.of(EventKind::evicted);
        if (evicted.size() != 1 || evicted[0].reason != why) return false;
        const auto& ports = evicted[0].key.port;  // each client has a port of its own
        return std::find(ports.begin(), ports.end(), be16::of(who.client_port)) != ports.end();
    }
};

TEST_F(TwoEmbryonic, TheOldestOfAllKindsGivesWay) {
    lab.client(t[0], S, 1000);
    lab.server(t[0], SA, 5000, 1001);
    lab.now += 1s;
    lab.client(t[1], S, 1000);
    lab.now += 1s;
    lab.client(t[2], S, 1000);
    EXPECT_TRUE(only_evicted(t[0], Reason::embryonic_full)) << "half open, but older";
}

TEST_F(TwoEmbryonic, TheOldestOfAllKindsGivesWayTheOtherWayRound) {
    lab.client(t[1], S, 1000);
    lab.now += 1s;
    lab.client(t[0], S, 1000);
    lab.server(t[0], SA, 5000, 1001);
    lab.now += 1s;
    lab.client(t[2], S, 1000);
    EXPECT_TRUE(only_evicted(t[1], Reason::embryonic_full));
}

TEST_F(TwoEmbryonic, WhatIsOverdueLeavesBeforeTheOldest) {
    lab.client(t[0], S, 1000);
    lab.server(t[0], SA, 5000, 1001);  // has 60 s
    lab.now += 1s;
    lab.client(t[1], S, 1000);  // has 30 s
    lab.now += 40s;
    lab.client(t[2], S, 1000);
    EXPECT_TRUE(only_evicted(t[1], Reason::stale_syn_sent));
}

TEST(Capacity, ANewFlowIsRefusedAtItsSynAndNeverAtItsAck) {
    Lab lab(tiny(256, 4096));  // two places a partition
    std::uint32_t established = 0, refused = 0;
    for (std::uint32_t n = 0; n < 2000; ++n) {
        const Verdict syn = lab.client(tuple(n), S, 1000);
        if (syn.reason == Reason::confirmed_full) {
            EXPECT_EQ(syn.disposal, Disposal::drop);
            ++refused;
            continue;
        }
        ASSERT_EQ(syn.reason, Reason::none);
        lab.server(tuple(n), SA, 5000, 1001);
        ASSERT_EQ(lab.client(tuple(n), A, 1001, 5001).state, TcpState::established);
        ++established;
    }
    EXPECT_EQ(established, 256U) << "the limit is exact";
    EXPECT_EQ(refused, 2000U - 256U);
    EXPECT_EQ(lab.of(EventKind::refused).size(), refused);
}

TEST(Capacity, SynRecvHoldsItsPlace) {
    Lab lab(tiny(128, 4096));  // one place a partition
    const Packet first = lab.packet(tuple(0), true, S, 1000);
    std::uint32_t n = 1;
    while (lab.packet(tuple(n), true, S, 1000).partition != first.partition) ++n;
    lab.feed(first);
    lab.server(tuple(0), SA, 5000, 1001);
    lab.now += 10ms;
    lab.client(tuple(n), S, 1000);
    lab.server(tuple(n), SA, 5000, 1001);  // takes the place of the older one, whose server is freed
    const auto evicted = lab.of(EventKind::evicted);
    ASSERT_EQ(evicted.size(), 1U);
    EXPECT_EQ(evicted[0].reason, Reason::reservation_lost);
    ASSERT_EQ(lab.frames.size(), 1U);
    EXPECT_EQ(lab.frames[0].seq, 1001U);
    EXPECT_EQ(lab.client(tuple(n), A, 1001, 5001).state, TcpState::established);
}

/// Two tuples that share a partition of a lab with one place for a confirmed flow.
struct OnePlace : testing::Test {
    Lab lab{tiny(128, 4096)};
    Tuple a = tuple(0), b = neighbour();
    Tuple neighbour() {
        std::uint32_t n = 1;
        const auto at = [&](std::uint32_t i) { return lab.packet(tuple(i), true, S, 1000).partition; };
        while (at(n) != at(0)) ++n;
        return tuple(n);
    }
};

TEST_F(OnePlace, ASynAckThatComesTooLateFreesItsServer) {
    lab.client(a, S, 1000);
    lab.connect(b);
    const Verdict v = lab.server(a, SA, 5000, 1001);
    EXPECT_EQ(v.disposal, Disposal::consume);
    EXPECT_EQ(v.reason, Reason::handshake_reset);
    ASSERT_EQ(lab.frames.size(), 1U);
    EXPECT_EQ(lab.frames[0].seq, 1001U);
    EXPECT_EQ(lab.frames[0].from, lab.packet(a, true, 0, 0).side);
    ASSERT_EQ(lab.of(EventKind::evicted).size(), 1U);
    EXPECT_EQ(lab.of(EventKind::evicted)[0].reason, Reason::reservation_lost);
    EXPECT_EQ(lab.of(EventKind::evicted)[0].state, TcpState::syn_recv);
    EXPECT_EQ(lab.server(a, SA, 5000, 1001).reason, Reason::tombstone_reset) << "and again, if it must be";
    EXPECT_EQ(lab.client(a, S, 1000).reason, Reason::confirmed_full);
    EXPECT_EQ(lab.flows(TcpState::syn_recv), 0U);
}

TEST_F(OnePlace, ASynAckThatCannotBeAnsweredPasses) {
    lab.policy.actions[static_cast<std::size_t>(Cause::table_full)] = Action::evict;
    lab.client(a, S, 1000);
    lab.connect(b);
    const Verdict v = lab.server(a, SA, 5000, 1001);
    EXPECT_EQ(v.disposal, Disposal::forward);
    EXPECT_EQ(v.reason, Reason::handshake_passed);
    EXPECT_TRUE(lab.frames.empty());
}

TEST_F(OnePlace, AFlaggedHandshakeGivesItsReservationBack) {
    lab.policy.actions[static_cast<std::size_t>(Cause::embryonic_stale)] = Action::flag;
    lab.client(a, S, 1000);
    lab.server(a, SA, 5000, 1001);
    lab.pass(61s);
    ASSERT_EQ(lab.of(EventKind::flagged).size(), 1U);
    EXPECT_EQ(lab.connect(b).state, TcpState::established);
    EXPECT_TRUE(lab.of(EventKind::evicted).empty());
    EXPECT_EQ(lab.client(a, A, 1001, 5001).reason, Reason::handshake_reset) << "its ACK finds no place";
    EXPECT_EQ(lab.frames.size(), 1U);
    EXPECT_EQ(lab.flows(TcpState::established), 1U);
}

TEST_F(OnePlace, AFlaggedHandshakeMayComeToLife) {
    lab.policy.actions[static_cast<std::size_t>(Cause::embryonic_stale)] = Action::flag;
    lab.client(a, S, 1000);
    lab.server(a, SA, 5000, 1001);
    lab.pass(61s);
    EXPECT_EQ(lab.client(a, A, 1001, 5001).state, TcpState::established);
    EXPECT_EQ(lab.client(b, S, 1000).reason, Reason::confirmed_full);
    lab.client(a, R, 1001);
    lab.pass(11s);
    EXPECT_EQ(lab.connect(b).state, TcpState::established) << "and holds one place, not two";
}

TEST_F(OnePlace, AHandshakeThatIsResetGivesItsReservationBack) {
    lab.client(a, S, 1000);
    lab.server(a, SA, 5000, 1001);
    EXPECT_EQ(lab.server(a, R | A, 5001, 1001).state, TcpState::close);
    EXPECT_EQ(lab.connect(b).state, TcpState::established);
    EXPECT_TRUE(lab.of(EventKind::evicted).empty());
}

TEST_F(OnePlace, AnOverdueFlowMakesRoomForAReservation) {
    lab.policy.actions[static_cast<std::size_t>(Cause::idle)] = Action::evict;
    lab.client(b, S, 1000);
    lab.connect(a);
    lab.policy.timeouts[static_cast<std::size_t>(TimerClass::syn_sent)] = 24h;
    lab.now += 7442s;
    EXPECT_EQ(lab.server(b, SA, 5000, 1001).state, TcpState::syn_recv);
    EXPECT_EQ(lab.client(b, A, 1001, 5001).state, TcpState::established);
}

TEST_F(OnePlace, ASynThatIsRefusedLeavesTheTombstone) {
    lab.policy.actions[static_cast<std::size_t>(Cause::idle)] = Action::evict_reset;
    lab.connect(a);
    lab.pass(7442s);
    lab.connect(b);
    EXPECT_EQ(lab.client(a, S, 9).reason, Reason::confirmed_full);
    EXPECT_EQ(lab.client(a, S | TcpFlags::kFin, 9).reason, Reason::tombstone_reset) << "opens nothing";
    EXPECT_EQ(lab.counters().tombstones.get(), 1U);
    EXPECT_EQ(lab.server(a, A, 5001, 1001, 10).reason, Reason::tombstone_reset);
}

TEST(Capacity, AnOverdueFlowMakesRoomBeforeANewOneIsRefused) {
    Lab lab(tiny(128, 4096));
    lab.policy.actions[static_cast<std::size_t>(Cause::idle)] = Action::evict;
    const Packet first = lab.packet(tuple(0), true, S, 1000);
    std::uint32_t n = 1;
    while (lab.packet(tuple(n), true, S, 1000).partition != first.partition) ++n;
    lab.connect(tuple(0));
    EXPECT_EQ(lab.client(tuple(n), S, 1000).reason, Reason::confirmed_full);
    lab.now += 7442s;
    EXPECT_EQ(lab.client(tuple(n), S, 1000).reason, Reason::none);
}

TEST(Capacity, ObserveRefusesNobody) {
    Lab lab(tiny(128, 4096));
    lab.policy.mode = Mode::observe;
    for (std::uint32_t n = 0; n < 2000; ++n) {
        EXPECT_EQ(lab.client(tuple(n), S, 1000).disposal, Disposal::forward);
        lab.server(tuple(n), SA, 5000, 1001);
        lab.client(tuple(n), A, 1001, 5001);
    }
    EXPECT_FALSE(lab.of(EventKind::refused).empty());
    EXPECT_TRUE(lab.frames.empty());
}

TEST(Capacity, MidStreamFlowsStayUnderTheirCap) {
    Lab lab(tiny(1024, 1024));
    for (std::uint32_t n = 0; n < 5000; ++n)
        EXPECT_EQ(lab.client(tuple(n), A, 1, 1, 10).disposal, Disposal::forward);
    EXPECT_LE(lab.flows(TcpState::unverified), 512U);
}

TEST(Capacity, FlaggedMidStreamFlowsStayUnderTheSameCap) {
    Lab lab(tiny(1024, 1024));
    lab.policy.actions[static_cast<std::size_t>(Cause::unverified)] = Action::flag;
    for (std::uint32_t n = 0; n < 5000; ++n) {
        lab.client(tuple(n), A, 1, 1, 10);
        if (n % 500 == 0) lab.pass(31s);
    }
    EXPECT_GT(lab.of(EventKind::flagged).size(), 512U);
    EXPECT_LE(lab.flows(TcpState::unverified), 512U);
}

TEST(Capacity, AFullTableDropsNoLiveConnectionThatItHasNotSeenBegin) {
    Lab lab(tiny(128, 4096));
    for (std::uint32_t n = 0; n < 2000; ++n) lab.connect(tuple(n));
    for (std::uint32_t n = 5000; n < 6000; ++n) {
        EXPECT_EQ(lab.client(tuple(n), A, 1, 1, 10).disposal, Disposal::forward);
        EXPECT_EQ(lab.server(tuple(n), A, 1, 11, 10).disposal, Disposal::forward);
    }
    EXPECT_EQ(lab.flows(TcpState::established), 128U);
}

TEST(Capacity, AFullEventRingLosesEventsAndCountsThem) {
    Lab lab({1U << 14U, 1U << 14U, 128, 0, 25}, 1, 16);
    for (std::uint32_t n = 0; n < 100; ++n) lab.client(tuple(n), S, n);
    lab.now += 1h;
    while (!lab.tracker().advance(lab.now, 1U << 20U, lab.policy)) {
    }
    EXPECT_EQ(lab.counters().flows_ended.get(), 100U);
    EXPECT_EQ(lab.counters().events.get(), 16U);
    EXPECT_EQ(lab.counters().events_lost.get(), 200U - 16U);
}

}  // namespace
}  // namespace ajar::test
