// Does a flow's end say what became of its handshake, with records and without?
#include "lab.hpp"

namespace ajar::test {
namespace {

class AttemptOf : public testing::TestWithParam<Recording> {
protected:
    Lab lab{{1U << 12U, 1U << 12U, 1U << 10U, 25, 25}, 1, 1U << 14U, GetParam()};
    Tuple t;

    void handshake() { lab.connect(t); }
    /// Ends the flow by whatever timer it has and returns what became of it.
    Attempt ended(Duration after = 3h) {
        lab.pass(after);
        lab.finish();
        const auto ends = lab.of(EventKind::flow_end);
        EXPECT_EQ(ends.size(), 1U);
        if (ends.empty()) return Attempt::none;
        EXPECT_EQ(lab.counters().attempts[static_cast<std::size_t>(ends[0].attempt)].get(), 1U);
        return ends[0].attempt;
    }
    void icmp_about(std::uint32_t seq) {
        Packet p = lab.packet(t, true, 0, seq);
        p.kind = PacketKind::icmp_error;
        p.port = 1;
        lab.feed(p);
    }
};

INSTANTIATE_TEST_SUITE_P(Of, AttemptOf, testing::Values(Recording::on, Recording::off),
                         [](const auto& i) { return i.param == Recording::on ? "Records" : "BriefHistory"; });

TEST_P(AttemptOf, OneSynWithoutAnswerIsSilent) {
    lab.client(t, S, 1000);
    EXPECT_EQ(ended(), Attempt::silent);
}

TEST_P(AttemptOf, ARepeatedOneIsPersistent) {
    lab.client(t, S, 1000);
    lab.now += 1s;
    lab.client(t, S, 1000);
    EXPECT_EQ(ended(), Attempt::persistent);
}

TEST_P(AttemptOf, AResetOfTheServerIsARefusal) {
    lab.client(t, S, 1000);
    lab.server(t, R | A, 0, 1001);
    EXPECT_EQ(ended(), Attempt::refused);
}

TEST_P(AttemptOf, AnIcmpErrorAboutTheSynIsAnAnswer) {
    lab.client(t, S, 1000);
    icmp_about(1000);
    lab.now += 1s;
    lab.client(t, S, 1000);
    EXPECT_EQ(ended(), Attempt::unreachable);
}

TEST_P(AttemptOf, AnIcmpErrorAboutSomethingElseIsNone) {
    lab.client(t, S, 1000);
    icmp_about(777);
    EXPECT_EQ(ended(), Attempt::silent);
}

TEST_P(AttemptOf, AnIcmpErrorIsForgottenWhenTheServerAnswers) {
    lab.client(t, S, 1000);
    icmp_about(1000);
    lab.server(t, SA, 5000, 1001);
    lab.client(t, A, 1001, 5001);
    lab.client(t, A, 1001, 5001, 100);
    lab.server(t, A, 5001, 1101, 100);
    EXPECT_EQ(ended(), Attempt::used);
}

TEST_P(AttemptOf, ASynAckWithoutAnswerIsAbandoned) {
    lab.client(t, S, 1000);
    lab.server(t, SA, 5000, 1001);
    lab.now += 1s;
    lab.server(t, SA, 5000, 1001);
    EXPECT_EQ(ended(), Attempt::abandoned);
}

TEST_P(AttemptOf, AResetOfTheClientAborts) {
    lab.client(t, S, 1000);
    lab.server(t, SA, 5000, 1001);
    lab.client(t, R, 1001);
    EXPECT_EQ(ended(), Attempt::aborted);
}

TEST_P(AttemptOf, AConnectionThatSaysNothingIsEmpty) {
    handshake();
    lab.client(t, R | A, 1001, 5001);
    EXPECT_EQ(ended(), Attempt::empty);
}

TEST_P(AttemptOf, SoIsOneThatClosesInOrder) {
    handshake();
    lab.client(t, F, 1001, 5001);
    lab.server(t, F, 5001, 1002);
    lab.client(t, A, 1002, 5002);
    EXPECT_EQ(ended(), Attempt::empty);
}

TEST_P(AttemptOf, OneByteOfDataIsUse) {
    handshake();
    lab.server(t, A, 5001, 1001, 1);
    lab.client(t, R | A, 1001, 5002);
    EXPECT_EQ(ended(), Attempt::used);
}

TEST_P(AttemptOf, ASilentConnectionIsNoFailure) {
    handshake();
    EXPECT_EQ(ended(1h), Attempt::none);
}

TEST_P(AttemptOf, ASynAckAfterTheAckIsAnOverflow) {
    handshake();
    lab.now += 1s;
    lab.server(t, SA, 5000, 1001);
    lab.client(t, A, 1001, 5001, 10);  // what the client says does not help it
    EXPECT_EQ(ended(), Attempt::overflowed);
}

TEST_P(AttemptOf, ALostAckIsNone) {
    handshake();
    lab.now += 1s;
    lab.server(t, SA, 5000, 1001);
    lab.client(t, A, 1001, 5001, 10);
    lab.server(t, A, 5001, 1011);
    EXPECT_EQ(ended(), Attempt::used);
}

TEST_P(AttemptOf, AClientAloneIsOneSided) {
    lab.client(t, S, 1000);
    lab.client(t, A, 1001, 5001);
    lab.client(t, A, 1001, 5001, 100);
    EXPECT_EQ(ended(), Attempt::one_sided);
}

TEST_P(AttemptOf, AServerAloneIsOneSided) {
    lab.server(t, SA, 5000, 1001);
    lab.server(t, A, 5001, 1101, 100);
    EXPECT_EQ(ended(), Attempt::one_sided);
}

TEST_P(AttemptOf, AFlowPickedUpInMidStreamIsNoAttempt) {
    lab.client(t, A, 1001, 5001, 100);
    lab.server(t, A, 5001, 1101, 100);
    lab.client(t, A, 1101, 5101);
    EXPECT_EQ(ended(), Attempt::none);
}

TEST_P(AttemptOf, WhatGivesWayAtOnceIsCutShort) {
    lab.client(t, S, 1000);
    EXPECT_EQ(ended(100ms), Attempt::cut_short);
}

TEST_P(AttemptOf, AnAnswerOutsideOfAnyHandshakeIsUnclear) {
    lab.client(t, S, 1000);
    lab.server(t, A, 5000, 900);  // a challenge ACK: half open at the other end
    EXPECT_EQ(ended(), Attempt::unclear);
}

}  // namespace
}  // namespace ajar::test
