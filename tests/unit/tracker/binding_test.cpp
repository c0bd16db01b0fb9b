// Who stands behind which port, and what a forger on one side cannot do.
#include "lab.hpp"

#include <string>

namespace ajar::test {
namespace {

/// One listed flow, whole: state, numbers, timer, look and record.
std::string image(Lab& lab) {
    std::array<Tracker::Snapshot, 2> page;
    std::uint64_t cursor = 0;
    EXPECT_EQ(lab.tracker().list(cursor, page), 1U);
    const Tracker::Snapshot& f = page[0];
    std::string out;
    const auto add = [&out](const auto& part) {
        out.append(reinterpret_cast<const char*>(&part), sizeof part);
    };
    add(f.tick), add(f.conn), add(f.warm), add(f.record);
    return out;
}

struct Bound : testing::Test {
    static constexpr std::uint8_t kClientPort = 0, kServerPort = 1;
    Lab lab;
    Packet from(std::uint8_t port, bool client, std::uint8_t flags, std::uint32_t seq, std::uint32_t ack = 0,
                std::uint32_t payload = 0) {
        Packet p = lab.packet({}, client, flags, seq, ack, payload);
        p.port = port;
        return p;
    }
    void expect_untouched(const Packet& p) {
        const auto before = image(lab);
        const Verdict v = lab.feed(p);
        EXPECT_EQ(v.reason, Reason::wrong_port);
        EXPECT_EQ(v.ct, CtVerdict::invalid);
        EXPECT_EQ(image(lab), before);
    }
};

TEST_F(Bound, NobodyShakesHandsWithHimself) {
    lab.client({}, S, 1000);
    expect_untouched(from(kClientPort, false, SA, 5000, 1001));
    EXPECT_EQ(lab.client({}, A, 1001, 5001).state, TcpState::syn_sent);
    EXPECT_EQ(lab.counters().flows_promoted.get(), 0U);
    EXPECT_EQ(lab.server({}, SA, 7000, 1001).state, TcpState::syn_recv) << "the real one still counts";
}

TEST_F(Bound, NobodyVouchesForHimself) {
    lab.client({}, A, 1, 1, 10);
    EXPECT_EQ(lab.feed(from(kClientPort, false, A, 1, 11)).state, TcpState::unverified);
    EXPECT_EQ(lab.flows(TcpState::established), 0U);
}

TEST_F(Bound, AForgerBehindTheWrongPortChangesNothing) {
    lab.connect({});
    lab.now += 1s;
    for (const bool client : {true, false}) {
        const std::uint8_t port = client ? kServerPort : kClientPort;
        const std::uint32_t seq = client ? 1001 : 5001, ack = client ? 5001 : 1001;
        expect_untouched(from(port, client, R, seq));
        expect_untouched(from(port, client, R | A, seq, ack));
        expect_untouched(from(port, client, F, seq + 1, ack));
        expect_untouched(from(port, client, S, seq + 100000));
        expect_untouched(from(port, client, SA, seq + 100000, ack));
        expect_untouched(from(port, client, A, seq, ack + 1, 10));
        expect_untouched(from(port, client, A, seq + 1, ack, 10));
    }
    lab.client({}, S, 0xdead0000);
    EXPECT_EQ(lab.feed(from(kClientPort, false, SA, 7000, 0xdead0001)).reason, Reason::wrong_port);
    EXPECT_EQ(lab.client({}, A, 1001, 5001, 10).state, TcpState::established);
}

TEST_F(Bound, ThePolicyForInvalidSegmentsDecides) {
    lab.connect({});
    EXPECT_EQ(lab.feed(from(kServerPort, true, R, 1001)).disposal, Disposal::forward);
    lab.policy.invalid = InvalidAction::drop;
    EXPECT_EQ(lab.feed(from(kServerPort, true, R, 1001)).disposal, Disposal::drop);
}

TEST_F(Bound, AnEndThatMovedIsFollowed) {
    lab.connect({});
    EXPECT_EQ(lab.feed(from(kServerPort, true, A, 1001, 5001, 100)).reason, Reason::none);
    EXPECT_EQ(lab.feed(from(kClientPort, false, A, 5001, 1101)).reason, Reason::none);
    EXPECT_EQ(lab.client({}, A, 1102, 5001, 100).reason, Reason::wrong_port) << "it is no longer here";
    EXPECT_EQ(lab.feed(from(kServerPort, true, A, 1101, 5001, 100)).reason, Reason::none);
}

TEST_F(Bound, WhatItsPeerWaitsForProvesAMoveToo) {
    lab.connect({});
    lab.client({}, A, 1001, 5001, 100);
    lab.client({}, A, 1101, 5001, 100);
    EXPECT_EQ(lab.feed(from(kServerPort, true, A, 1001, 5001, 100)).reason, Reason::none) << "sent again";
}

TEST_F(Bound, AnAckInsideTheFlightProvesAMove) {
    lab.connect({});
    for (std::uint32_t i = 0; i < 10; ++i) lab.server({}, A, 5001 + 1000 * i, 1001, 1000);
    EXPECT_EQ(lab.feed(from(kServerPort, true, A, 1001, 15002)).reason, Reason::wrong_port);
    EXPECT_EQ(lab.feed(from(kServerPort, true, A, 1001, 8001)).reason, Reason::none);
    EXPECT_EQ(lab.feed(from(kClientPort, true, A, 1001, 7001)).reason, Reason::wrong_port) << "an older one";
}

TEST_F(Bound, OfTwoUnansweredSynsTheLatestCounts) {
    lab.feed(from(kServerPort, true, S, 77));
    EXPECT_EQ(lab.connect({}).state, TcpState::established);
}

TEST_F(Bound, ASynInTheServersNameDoesNotKeepTheClientOut) {
    lab.feed(from(kClientPort, false, S, 77));
    EXPECT_EQ(lab.connect({}).state, TcpState::established);
}

TEST_F(Bound, AnAckInTheClientsNameDoesNotKeepTheClientOut) {
    lab.feed(from(kServerPort, true, A, 77, 88));
    EXPECT_EQ(lab.connect({}).state, TcpState::established);
}

TEST_F(Bound, AnAckAndARstInTheClientsNameDoNotKeepTheClientOut) {
    lab.feed(from(kServerPort, true, A, 77, 88));
    EXPECT_EQ(lab.feed(from(kServerPort, true, R, 77)).state, TcpState::close);
    EXPECT_EQ(lab.connect({}).state, TcpState::established);
}

/// Of a connection that lives already, and was never seen.
struct BoundUnseen : Bound, testing::WithParamInterface<MidStream> {
    void expect_picked_up() {
        lab.client({}, A, 1000, 1, 10);
        EXPECT_EQ(lab.server({}, A, 1, 1010, 10).state, TcpState::established);
        EXPECT_EQ(lab.client({}, A, 1010, 11, 10).reason, Reason::none);
        EXPECT_EQ(lab.feed(from(kClientPort, false, A, 12, 1020, 10)).reason, Reason::wrong_port);
    }
};
INSTANTIATE_TEST_SUITE_P(Bound, BoundUnseen, testing::Values(MidStream::probation, MidStream::loose));

TEST_P(BoundUnseen, AnAckInTheServersNameKeepsNeitherEndOut) {
    lab.policy.mid_stream = GetParam();
    lab.feed(from(kClientPort, false, A, 77, 88));
    expect_picked_up();
}

TEST_P(BoundUnseen, AnAckInTheClientsNameKeepsNeitherEndOut) {
    lab.policy.mid_stream = GetParam();
    lab.feed(from(kServerPort, true, A, 77, 88));
    expect_picked_up();
}

TEST_F(Bound, WhatTheMachineIgnoresBindsNobodyAnew) {
    lab.connect({});
    EXPECT_EQ(lab.server({}, R, 5001).state, TcpState::close);
    EXPECT_EQ(lab.feed(from(kServerPort, true, A, 1001, 5001)).state, TcpState::close);
    EXPECT_EQ(lab.client({}, A, 1002, 5001, 10).reason, Reason::none) << "it is where it was";
}

TEST_F(Bound, FloatingFlowsSpeakFromAnywhere) {
    lab.policy.binding = Binding::floating;
    lab.client({}, S, 1000);
    lab.feed(from(kClientPort, false, SA, 5000, 1001));
    EXPECT_EQ(lab.feed(from(kServerPort, true, A, 1001, 5001)).state, TcpState::established);
}

}  // namespace
}  // namespace ajar::test
