// Which traffic says that an end has lost the connection, and which looks so and does not?
#include "lab.hpp"

namespace ajar::test {
namespace {

constexpr std::uint8_t kAbort = TcpFlags::kRst | TcpFlags::kAck;

/// An established connection in which both ends have spoken: the client goes on at 1101, the server at 5051.
class Signs : public testing::TestWithParam<bool> {
protected:
    Lab lab{{1U << 14U, 1U << 14U, 1U << 12U, 25, 25}, 1, 1U << 14U, Recording::off};
    Tuple tuple{.ipv6 = GetParam()};

    Packet from(bool client, std::uint8_t flags, std::uint32_t seq, std::uint32_t ack,
                std::uint32_t payload = 0) {
        return lab.packet(tuple, client, flags, seq, ack, payload);
    }
    // A millisecond from one packet to the next.
    Verdict client(std::uint8_t flags, std::uint32_t seq, std::uint32_t ack = 0, std::uint32_t payload = 0) {
        lab.pass(1ms);
        return lab.feed(from(true, flags, seq, ack, payload));
    }
    Verdict server(std::uint8_t flags, std::uint32_t seq, std::uint32_t ack = 0, std::uint32_t payload = 0) {
        lab.pass(1ms);
        return lab.feed(from(false, flags, seq, ack, payload));
    }
    void talk() {
        client(S, 1000);
        server(SA, 5000, 1001);
        client(A, 1001, 5001, 100);
        server(A, 5001, 1101, 50);
        client(A, 1101, 5051);
    }
    /// The client says the same again and again, `n` times.
    void repeat(int n, std::uint32_t seq, std::uint32_t payload, std::uint8_t flags = A) {
        for (int i = 0; i < n; ++i) {
            lab.pass(1s);
            client(flags, seq, 5051, payload);
        }
    }
    /// The client's SYN inside, and the server's challenge ACK.
    void knock(std::uint32_t isn = 9000) {
        lab.pass(1s);
        client(S, isn);
        server(A, 5051, 1101);
    }

    std::vector<Event> told() const { return lab.of(EventKind::half_open); }
    std::string names() const {
        std::string out;
        for (const Event& e : told()) {
            EXPECT_TRUE(e.evidenced);
            EXPECT_EQ(e.evidence.sign, e.reason);
            out += std::string(out.empty() ? "" : " ") + std::string(name(e.reason)) + "/" +
                   std::string(name(e.evidence.confidence));
        }
        return out;
    }
    /// Who has lost it, by the latest verdict: "client", "server".
    std::string lost() {
        const Side client_side = from(true, A, 0, 0).side;
        const auto ends = told().back().evidence.lost;
        return ends == 1U << client_side ? "client" : ends == 1U << other(client_side) ? "server" : "both";
    }
    /// "S R S A": the flags of the last packets of one end.
    std::string seen_of(bool from_client, const FlowEvidence& evidence) {
        const Side s = from(from_client, A, 0, 0).side;
        std::string out;
        for (std::size_t i = 0; i < evidence.kept[s]; ++i) {
            const auto flags = evidence.last[s][i].flags;
            out += out.empty() ? "" : " ";
            out += flags.syn() ? flags.ack() ? "SA" : "S" : flags.rst() ? "R" : flags.fin() ? "F" : "A";
        }
        return out;
    }
    bool suspected() {
        std::uint64_t cursor = 0;
        std::array<Tracker::Snapshot, 8> flows;
        const std::size_t n = lab.tracker().list(cursor, flows);
        EXPECT_EQ(n, 1U);
        return flows[0].conn.suspected;
    }
};
INSTANTIATE_TEST_SUITE_P(Families, Signs, testing::Bool(),
                         [](const auto& p) { return p.param ? "Ipv6" : "Ipv4"; });

// crash and reopen

TEST_P(Signs, AClientThatCrashedAndOpensAnewIsTold) {
    talk();
    knock();
    client(R, 1101);
    EXPECT_EQ(names(), "") << "it may not get through yet";
    client(S, 9000);
    server(SA, 7000, 9001);
    EXPECT_EQ(names(), "");
    client(A, 9001, 7001);
    ASSERT_EQ(names(), "crash_reopen_recovered/high");
    EXPECT_EQ(lost(), "client");
    const Event e = told()[0];
    EXPECT_EQ(e.state, TcpState::established);
    EXPECT_EQ(seen_of(true, e.evidence), "S R S A");
    EXPECT_EQ(seen_of(false, e.evidence), "A SA");
    EXPECT_EQ(e.evidence.predecessor, lab.of(EventKind::flow_end).at(0).flow_id);
    EXPECT_NE(e.evidence.predecessor, e.flow_id);
    EXPECT_FALSE(suspected()) << "it is as good as any other";
}

TEST_P(Signs, AClientWhoseSynIsNeverRefusedAgainIsStuck) {
    talk();
    knock();
    knock();
    EXPECT_EQ(names(), "") << "one RST may have been lost";
    knock();
    ASSERT_EQ(names(), "crash_reopen_stuck/high");
    EXPECT_EQ(lost(), "client");
    const Event e = told()[0];
    EXPECT_EQ(e.evidence.expected, 1101U);
    EXPECT_EQ(e.evidence.seen, 9000U);
    EXPECT_EQ(e.evidence.count, 2);
    EXPECT_EQ(seen_of(true, e.evidence), "S S S");
    EXPECT_EQ(seen_of(false, e.evidence), "A A");
    knock();
    EXPECT_EQ(told().size(), 1U) << "once";
}

TEST_P(Signs, AnotherIsnEachTimeIsStuckAsWell) {
    talk();
    for (const std::uint32_t isn : {9000U, 19000U, 29000U}) knock(isn);
    EXPECT_EQ(names(), "crash_reopen_stuck/high");
}

TEST_P(Signs, SynsFromAnotherDistanceMayBeSomebodyElses) {
    talk();
    for (int i = 0; i < 3; ++i) {
        lab.pass(1s);
        Packet syn = from(true, S, 9000, 0);
        syn.ttl = static_cast<std::uint8_t>(syn.ttl - 1);
        lab.feed(syn);
        server(A, 5051, 1101);
    }
    EXPECT_EQ(names(), "crash_reopen_stuck/medium");
}

TEST_P(Signs, OneLostRstIsNotStuck) {
    talk();
    knock();
    knock();
    client(R, 1101);
    client(S, 9000);
    server(SA, 7000, 9001);
    client(A, 9001, 7001);
    EXPECT_EQ(names(), "crash_reopen_recovered/high");
}

TEST_P(Signs, WhoWasStuckMayRecover) {
    talk();
    for (int i = 0; i < 3; ++i) knock();
    client(R, 1101);
    client(S, 9000);
    server(SA, 7000, 9001);
    client(A, 9001, 7001);
    EXPECT_EQ(names(), "crash_reopen_stuck/high crash_reopen_recovered/high");
}

TEST_P(Signs, AForgedSynBesideALivingClientIsNone) {
    talk();
    for (std::uint32_t i = 0; i < 4; ++i) {
        client(S, 9000);
        server(A, 5051, 1101 + 10 * i);
        client(A, 1101 + 10 * i, 5051, 10);
        server(A, 5051, 1111 + 10 * i);
    }
    EXPECT_EQ(names(), "");
    EXPECT_FALSE(suspected());
}

TEST_P(Signs, AForgedSynThatNobodyAnswersIsNone) {
    talk();
    for (int i = 0; i < 5; ++i) client(S, 9000);
    EXPECT_EQ(names(), "");
}

TEST_P(Signs, ASynBehindTheGoodbyeIsNone) {
    talk();
    client(F, 1101, 5051);
    server(F, 5051, 1101);
    for (int i = 0; i < 4; ++i) {
        client(S, 9000);
        server(A, 5052, 1101);
    }
    EXPECT_EQ(names(), "");
}

TEST_P(Signs, WhatAcknowledgesDataIsNoChallenge) {
    talk();
    client(A, 1101, 5051, 10);
    client(S, 9000);
    server(A, 5051, 1111);
    client(S, 9000);
    server(A, 5051, 1111);
    client(S, 9000);
    EXPECT_EQ(names(), "");
}

TEST_P(Signs, ARstBesideTheChallengeDoesNotRefuseIt) {
    talk();
    client(A, 1101, 5051, 10);  // does not arrive
    knock();
    client(R, 1111);
    ASSERT_EQ(lab.flows(TcpState::close), 1U);
    client(S, 9000);
    server(SA, 7000, 9001);
    client(A, 9001, 7001);
    EXPECT_EQ(names(), "");
}

TEST_P(Signs, ARstThatRefusesAChallengeIsNoDiscovery) {
    talk();
    server(A, 5051, 1101, 10);
    client(S, 9000);
    server(A, 5061, 1101);
    client(R, 1101);
    EXPECT_EQ(names(), "");
}

TEST_P(Signs, AnOpeningThatComesToNothingHasNotRecovered) {
    talk();
    knock();
    client(R, 1101);
    client(S, 9000);
    lab.pass(60s);
    EXPECT_EQ(names(), "");
    EXPECT_EQ(lab.of(EventKind::flow_end).size(), 2U);
}

TEST_P(Signs, ASynOfTheOtherEndDoesNotRecoverIt) {
    talk();
    server(S, 9000);
    client(A, 1101, 5051);
    server(R, 5051);
    client(S, 19000);
    server(SA, 7000, 19001);
    client(A, 19001, 7001);
    EXPECT_EQ(names(), "");
}

TEST_P(Signs, ACaptureThatBeginsWithTheReopeningShowsNoSign) {
    client(S, 9000);
    server(A, 5051, 1101);
    client(R, 1101);
    client(S, 9000);
    server(SA, 7000, 9001);
    client(A, 9001, 7001);
    EXPECT_EQ(lab.flows(TcpState::established), 1U);
    EXPECT_EQ(names(), "") << "TIME_WAIT answers in the same way";
}

TEST_P(Signs, AHandshakesOwnRepeatsAreNone) {
    for (int i = 0; i < 6; ++i) client(S, 1000);
    for (int i = 0; i < 6; ++i) server(SA, 5000, 1001);
    client(A, 1001, 5001);
    for (int i = 0; i < 6; ++i) {
        server(SA, 5000, 1001);
        client(A, 1001, 5001);
    }
    for (int i = 0; i < 6; ++i) client(S, 1000);
    EXPECT_EQ(names(), "");
}

TEST_P(Signs, ASimultaneousOpenIsNone) {
    client(S, 1000);
    server(S, 5000);
    client(SA, 1000, 5001);
    server(SA, 5000, 1001);
    client(A, 1001, 5001);
    server(A, 5001, 1001);
    EXPECT_EQ(lab.flows(TcpState::established), 1U);
    EXPECT_EQ(names(), "");
}

TEST_P(Signs, ATupleUsedAgainAfterTimeWaitIsNone) {
    talk();
    client(F, 1101, 5051);
    server(F, 5051, 1102);
    client(A, 1102, 5052);
    client(S, 9'000'000);
    server(SA, 70'000, 9'000'001);
    client(A, 9'000'001, 70'001);
    EXPECT_EQ(lab.flows(TcpState::established), 1U);
    EXPECT_EQ(names(), "");
}

// discovery

TEST_P(Signs, ARstAtTheDatasAckTellsWhoHasLostIt) {
    talk();
    lab.pass(100s);
    server(A, 5051, 1101, 10);
    client(R, 1101);
    ASSERT_EQ(names(), "active_side_discovery/high");
    EXPECT_EQ(lost(), "client");
    EXPECT_EQ(told()[0].evidence.expected, 1101U);
    EXPECT_EQ(told()[0].evidence.seen, 1101U);
    EXPECT_EQ(seen_of(true, told()[0].evidence), "R");
}

TEST_P(Signs, AKeepAliveDiscoversItToo) {
    talk();
    lab.pass(100s);
    server(A, 5050, 1101);
    client(R, 1101);
    EXPECT_EQ(names(), "active_side_discovery/high");
}

TEST_P(Signs, AnAbortOfALivingEndIsNone) {
    talk();
    server(A, 5051, 1101, 10);
    client(kAbort, 1101, 5051);
    EXPECT_EQ(names(), "") << "who still has the socket acknowledges";
}

TEST_P(Signs, ARstToWhoHasAskedNothingIsNone) {
    talk();
    client(R, 1101);
    EXPECT_EQ(names(), "");
}

TEST_P(Signs, ARstAfterItsSendersOwnFinIsNone) {
    talk();
    client(F, 1101, 5051);
    server(A, 5051, 1102, 10);
    client(R, 1102);
    EXPECT_EQ(names(), "") << "it has closed, and refuses what comes late";
}

TEST_P(Signs, ARstOfAnotherDistanceMayBeSomebodyElses) {
    talk();
    server(A, 5051, 1101, 10);
    Packet rst = from(true, R, 1101, 0);
    rst.ttl = 250;
    lab.feed(rst);
    EXPECT_EQ(names(), "active_side_discovery/medium");
}

TEST_P(Signs, AServerThatHasSaidNothingMayNeverHaveHadIt) {
    client(S, 1000);
    server(SA, 5000, 1001);
    client(A, 1001, 5001);
    server(A, 77'000'000, 77'000'000);  // in whose name?
    client(A, 1001, 5001, 10);
    server(R, 5001);
    EXPECT_EQ(names(), "active_side_discovery/medium");
}

// in vain

TEST_P(Signs, TheSameDataFiveTimesAndNothingBack) {
    talk();
    client(A, 1101, 5051, 10);
    repeat(4, 1101, 10);
    EXPECT_EQ(names(), "");
    EXPECT_TRUE(suspected());
    repeat(1, 1101, 10);
    ASSERT_EQ(names(), "unanswered_retransmission/high");
    EXPECT_EQ(lost(), "server");
    const Event e = told()[0];
    EXPECT_EQ(e.evidence.count, 5);
    EXPECT_EQ(e.evidence.seen, 1101U);
    EXPECT_EQ(e.evidence.expected, 1111U);
    EXPECT_EQ(seen_of(true, e.evidence), "A A A A");
    EXPECT_EQ(e.time - e.evidence.began, 4 * (1s + 1ms));
    repeat(5, 1101, 10);
    EXPECT_EQ(told().size(), 1U);
}

TEST_P(Signs, RepeatsAreNotInVainBeforeAnAnswerCanBeBack) {
    talk();
    client(A, 1101, 5051, 10);
    for (int i = 0; i < 20; ++i) {
        lab.pass(40ms);
        client(A, 1101, 5051, 10);
    }
    EXPECT_EQ(names(), "");
    lab.pass(400ms);
    client(A, 1101, 5051, 10);
    ASSERT_EQ(names(), "unanswered_retransmission/high");
    EXPECT_EQ(told()[0].evidence.count, 21);
}

TEST_P(Signs, ThePolicySaysHowOften) {
    lab.policy.signs.retransmissions = 2;
    talk();
    client(A, 1101, 5051, 10);
    repeat(1, 1101, 10);
    EXPECT_EQ(names(), "");
    repeat(1, 1101, 10);
    EXPECT_EQ(names(), "unanswered_retransmission/high");
}

TEST_P(Signs, AnAnswerBeginsTheCountAnew) {
    talk();
    client(A, 1101, 5051, 10);
    for (int i = 0; i < 3; ++i) {
        repeat(4, 1101, 10);
        server(A, 5051, 1101);
        EXPECT_FALSE(suspected());
    }
    EXPECT_EQ(names(), "");
}

TEST_P(Signs, WhatIsNotOfTheConnectionIsAnAnswerToo) {
    talk();
    client(A, 1101, 5051, 10);
    repeat(4, 1101, 10);
    server(A, 5051, 999'999'999);
    repeat(4, 1101, 10);
    EXPECT_EQ(names(), "") << "the peer speaks, however strangely";
}

TEST_P(Signs, WhoFallsSilentAgainIsToldAgain) {
    talk();
    client(A, 1101, 5051, 10);
    repeat(5, 1101, 10);
    server(A, 5051, 1111);
    client(A, 1111, 5051, 10);
    repeat(5, 1111, 10);
    EXPECT_EQ(told().size(), 1U) << "not twice a minute";
    lab.pass(1min);
    server(A, 5051, 1121);
    client(A, 1121, 5051, 10);
    repeat(5, 1121, 10);
    EXPECT_EQ(names(), "unanswered_retransmission/high unanswered_retransmission/high");
}

TEST_P(Signs, SynsAndSpeechInTurnFillNoLog) {
    talk();
    for (std::uint32_t i = 0; i < 20; ++i) {
        for (int n = 0; n < 3; ++n) {
            client(S, 9000);
            server(A, 5051, 1101 + i);
        }
        client(A, 1101 + i, 5051, 1);
        server(A, 5051, 1102 + i);
    }
    EXPECT_EQ(names(), "crash_reopen_stuck/high");
}

// Who knows the tuple can send those, and has no numbers.
TEST_P(Signs, WhatIsInvalidIsNoEvidence) {
    talk();
    client(A, 1101, 5051, 10);
    repeat(3, 1101, 10);
    for (std::uint32_t i = 0; i < 8; ++i) client(A, 1101, 3'000'000'000U, 1 + i);
    repeat(2, 1101, 10);
    ASSERT_EQ(names(), "unanswered_retransmission/high");
    const FlowEvidence e = told()[0].evidence;
    for (const Glimpse& packet : e.last[from(true, A, 0, 0).side]) EXPECT_EQ(packet.payload, 10);
}

TEST_P(Signs, CopiesOfAPacketAreNoRetransmissions) {
    talk();
    client(A, 1101, 5051, 10);
    for (int i = 0; i < 10; ++i) lab.feed(from(true, A, 1101, 5051, 10));
    EXPECT_EQ(names(), "");
}

TEST_P(Signs, ARepairOfManySegmentsIsNone) {
    talk();
    for (std::uint32_t i = 0; i < 10; ++i) client(A, 1101 + 100 * i, 5051, 100);
    for (std::uint32_t i = 0; i < 10; ++i) {
        lab.pass(20ms);
        client(A, 1101 + 100 * i, 5051, 100);
    }
    EXPECT_EQ(names(), "");
}

TEST_P(Signs, TheFirstInLineIsTheOneThatCounts) {
    talk();
    for (std::uint32_t i = 0; i < 3; ++i) client(A, 1101 + 100 * i, 5051, 100);
    repeat(1, 1301, 100);  // a tail loss probe
    repeat(4, 1101, 100);
    EXPECT_EQ(names(), "");
    repeat(1, 1101, 100);
    EXPECT_EQ(names(), "unanswered_retransmission/high");
}

TEST_P(Signs, AFinCountsAsData) {
    talk();
    client(F, 1101, 5051);
    repeat(5, 1101, 0, F);
    EXPECT_EQ(names(), "unanswered_retransmission/high");
}

TEST_P(Signs, AClosedWindowIsAskedAboutInVainWithoutASign) {
    talk();
    client(A, 1101, 5051, 65435);  // up to its edge
    Packet full = from(false, A, 5051, 66536);
    full.window = 0;
    lab.feed(full);
    repeat(8, 66535, 0);  // as Linux asks
    repeat(8, 66536, 1);  // as others do
    EXPECT_EQ(names(), "");
    server(A, 5051, 66537);
    EXPECT_FALSE(suspected());
    client(A, 66537, 5051, 10);
    repeat(5, 66537, 10);
    EXPECT_EQ(names(), "unanswered_retransmission/high") << "it is open again";
}

TEST_P(Signs, AWindowThatWasTakenBackIsClosedToo) {
    talk();
    Packet full = from(false, A, 5051, 1101);
    full.window = 0;
    lab.feed(full);
    repeat(8, 1100, 0);
    EXPECT_EQ(names(), "");
}

TEST_P(Signs, FiveKeepAlivesAndNothingBack) {
    talk();
    repeat(4, 1100, 0);
    EXPECT_EQ(names(), "");
    repeat(1, 1100, 0);
    ASSERT_EQ(names(), "unanswered_keepalive/high");
    EXPECT_EQ(lost(), "server");
    EXPECT_EQ(told()[0].evidence.expected, 1101U);
    EXPECT_EQ(told()[0].evidence.seen, 1100U);
}

TEST_P(Signs, AnEmptySegmentBehindDataIsNoKeepAlive) {
    talk();
    client(A, 1101, 5051, 10);
    repeat(8, 1110, 0);
    EXPECT_EQ(names(), "");
}

TEST_P(Signs, AnEndThatWasNeverHeardLeavesNothingUnanswered) {
    lab.policy.mid_stream = MidStream::loose;
    client(A, 1001, 5001, 10);
    ASSERT_EQ(lab.flows(TcpState::established), 1U);
    repeat(8, 1001, 10);
    EXPECT_EQ(names(), "");
}

TEST_P(Signs, WithAByteOfGarbageAsWell) {
    talk();
    repeat(5, 1100, 1);
    EXPECT_EQ(names(), "unanswered_keepalive/high");
}

TEST_P(Signs, KeepAlivesThatAreAnsweredAreNone) {
    talk();
    for (int i = 0; i < 20; ++i) {
        repeat(1, 1100, 0);
        server(A, 5051, 1101);
    }
    EXPECT_EQ(names(), "");
    EXPECT_FALSE(suspected());
}

TEST_P(Signs, BothEndsMayAskEachOther) {
    talk();
    for (int i = 0; i < 20; ++i) {
        repeat(1, 1100, 0);
        server(A, 5050, 1101);
    }
    EXPECT_EQ(names(), "") << "each question shows that its sender lives";
}

TEST_P(Signs, WithoutItsHandshakeItIsLessCertain) {
    client(A, 1001, 5001, 100);
    server(A, 5001, 1101, 50);
    client(A, 1101, 5051);
    server(A, 5051, 1101);
    ASSERT_EQ(lab.flows(TcpState::established), 1U);
    client(A, 1101, 5051, 10);
    repeat(5, 1101, 10);
    EXPECT_EQ(names(), "unanswered_retransmission/medium");
}

TEST_P(Signs, WhereOneDirectionPassesElsewhereItIsHardlyASign) {
    talk();
    EXPECT_EQ(client(A, 1101, 5151).reason, Reason::invalid_ack_high) << "100 bytes never seen";
    client(A, 1101, 5051, 10);
    repeat(5, 1101, 10);
    EXPECT_EQ(names(), "unanswered_retransmission/low");
    EXPECT_EQ(told()[0].evidence.visibility, Visibility::one_way);
}

TEST_P(Signs, OneDirectionAloneShowsNone) {
    client(S, 1000);
    client(A, 1001, 5001);
    client(A, 1001, 5001, 100);
    for (int i = 0; i < 8; ++i) {
        lab.pass(1s);
        client(A, 1001, 5001, 100);
    }
    client(F, 1101, 5051);
    EXPECT_EQ(names(), "");
    Lab other_half;
    other_half.server(tuple, SA, 5000, 1001);
    for (int i = 0; i < 8; ++i) {
        other_half.pass(1s);
        other_half.server(tuple, A, 5001, 1101, 100);
    }
    EXPECT_TRUE(other_half.of(EventKind::half_open).empty());
}

// cut

TEST_P(Signs, WhoGoesOnAfterItsRstHasSentNone) {
    talk();
    server(kAbort, 5051, 1101);
    ASSERT_EQ(lab.flows(TcpState::close), 1U);
    client(A, 1101, 5051, 10);
    EXPECT_EQ(names(), "") << "that was under way";
    server(A, 5051, 1101, 10);
    ASSERT_EQ(names(), "made_by_middlebox/high");
    EXPECT_EQ(lost(), "client");
    EXPECT_EQ(told()[0].evidence.expected, 5051U);
    server(A, 5061, 1101, 10);
    EXPECT_EQ(told().size(), 1U);
}

TEST_P(Signs, ARstThatAnswersASynMayBeAsForgedAsTheSyn) {
    talk();
    client(S, 9000);
    server(kAbort, 0, 9001);
    ASSERT_EQ(lab.flows(TcpState::close), 1U);
    server(A, 5051, 1101, 10);
    EXPECT_EQ(names(), "");
}

TEST_P(Signs, WhatItsSenderHadSentBeforeIsNone) {
    talk();
    server(kAbort, 5051, 1101);
    lab.pass(2s);
    server(A, 5001, 1101, 50);
    EXPECT_EQ(names(), "");
}

TEST_P(Signs, WhoAcknowledgesLongAfterItsRstHasSentNone) {
    talk();
    server(kAbort, 5051, 1101);
    client(A, 1101, 5051, 10);
    server(A, 5051, 1111);
    EXPECT_EQ(names(), "") << "an ACK may come late";
    client(A, 1111, 5051, 10);
    lab.pass(1s);
    server(A, 5051, 1121);
    EXPECT_EQ(names(), "made_by_middlebox/high");
}

TEST_P(Signs, NoForgedRstHidesWhoGoesOn) {
    talk();
    server(kAbort, 5051, 1101);
    client(R, 77'000'000);
    server(A, 5051, 1101, 10);
    EXPECT_EQ(names(), "made_by_middlebox/high");
}

TEST_P(Signs, AnInexactRstWhoseSenderGoesOn) {
    talk();
    server(R, 5100);
    server(A, 5051, 1101, 10);
    client(A, 1101, 5061);
    EXPECT_EQ(names(), "") << "it may have overtaken the data";
    lab.pass(1s);
    server(A, 5061, 1101, 10);
    EXPECT_EQ(names(), "made_by_middlebox/medium");
}

TEST_P(Signs, RstsAndDataInTurnFillNoLog) {
    talk();
    for (std::uint32_t i = 0; i < 100; ++i) {
        server(R, 5060 + 10 * i);
        server(A, 5051 + 10 * i, 1101, 10);
        client(A, 1101, 5061 + 10 * i);
    }
    EXPECT_EQ(names(), "made_by_middlebox/medium");
    EXPECT_TRUE(suspected());
    lab.pass(1min);
    client(A, 1101, 6051);
    EXPECT_FALSE(suspected()) << "the connection goes on";
}

TEST_P(Signs, AnInexactRstAndDataBeyondIt) {
    talk();
    server(R, 5060);
    server(A, 5051, 1101, 10);
    EXPECT_EQ(names(), "made_by_middlebox/medium");
}

TEST_P(Signs, AnInexactRstThatIsMeant) {
    talk();
    server(R, 5100);
    client(A, 1101, 5051);
    server(R, 5051);
    EXPECT_EQ(names(), "");
}

// asked by Ajar

class AskedSigns : public Signs {
protected:
    AskedSigns() { lab.policy.probe.on = true; }
    void wait(int n) {
        for (int i = 0; i < n; ++i) lab.pass(1s);
    }
    FlowEvidence of_probe() {
        const Event e = lab.of(EventKind::probed).at(0);
        EXPECT_TRUE(e.evidenced);
        return e.evidence;
    }
};
INSTANTIATE_TEST_SUITE_P(Families, AskedSigns, testing::Bool(),
                         [](const auto& p) { return p.param ? "Ipv6" : "Ipv4"; });

TEST_P(AskedSigns, TheSilentEndIsNamedInAllThatFollows) {
    talk();
    lab.pass(7441s);
    client(A, 1101, 5051);
    wait(80);
    const Side server_side = from(false, A, 0, 0).side;
    for (const auto kind :
         {EventKind::probed, EventKind::evicted, EventKind::reset_sent, EventKind::flow_end}) {
        const auto events = lab.of(kind);
        ASSERT_FALSE(events.empty()) << static_cast<int>(kind);
        for (const Event& e : events) {
            ASSERT_TRUE(e.evidenced) << static_cast<int>(kind);
            EXPECT_EQ(e.evidence.sign, Reason::silent_after_probe);
            EXPECT_EQ(e.evidence.confidence, Confidence::high);
            EXPECT_EQ(e.evidence.lost, 1U << server_side);
            EXPECT_EQ(e.evidence.count, 5);
        }
    }
    EXPECT_EQ(lab.told(Reason::silent_after_probe), 1U);
}

TEST_P(AskedSigns, WhereNobodyAnswersTheWayMayBeBroken) {
    talk();
    lab.pass(7441s);
    wait(80);
    EXPECT_EQ(of_probe().confidence, Confidence::medium);
    EXPECT_EQ(of_probe().lost, 3);
}

TEST_P(AskedSigns, WhereOneDirectionPassesElsewhereSilenceIsHardlyASign) {
    talk();
    client(A, 1101, 5151);
    lab.pass(7441s);
    client(A, 1101, 5051);
    wait(80);
    EXPECT_EQ(of_probe().confidence, Confidence::low);
    EXPECT_EQ(of_probe().visibility, Visibility::one_way);
    EXPECT_FALSE(suspected()) << "it is kept";
}

// What a client says of its server's words excuses the server alone.
TEST_P(AskedSigns, NobodyExcusesItself) {
    talk();
    client(A, 1101, 5151);
    lab.pass(7441s);
    server(A, 5051, 1101);
    wait(80);
    EXPECT_EQ(of_probe().visibility, Visibility::whole);
    EXPECT_EQ(lab.of(EventKind::evicted).size(), 1U);
    EXPECT_EQ(lab.flows(TcpState::established), 0U);
}

TEST_P(AskedSigns, ARstIsADiscovery) {
    talk();
    lab.pass(7441s);
    server(R, 5051);
    EXPECT_EQ(of_probe().sign, Reason::active_side_discovery);
    EXPECT_EQ(of_probe().confidence, Confidence::high);
    EXPECT_EQ(lab.told(Reason::active_side_discovery), 1U) << "not once more as the traffic's own";
    EXPECT_TRUE(told().empty());
}

TEST_P(AskedSigns, WhoAbortsWhenAskedHasLostNothing) {
    talk();
    lab.pass(7441s);
    server(kAbort, 5051, 1101);
    EXPECT_EQ(lab.told(Reason::active_side_discovery), 0U);
    EXPECT_FALSE(lab.of(EventKind::probed).at(0).evidenced);
    EXPECT_FALSE(suspected());
}

TEST_P(AskedSigns, ARstOfAnotherDistanceMayBeSomebodyElses) {
    talk();
    lab.pass(7441s);
    Packet rst = from(false, R, 5051, 0);
    rst.ttl = 250;
    lab.feed(rst);
    EXPECT_EQ(of_probe().sign, Reason::active_side_discovery);
    EXPECT_EQ(of_probe().confidence, Confidence::medium);
}

TEST_P(AskedSigns, WhoAnswersAjarIsNotStuck) {
    talk();
    for (int i = 0; i < 3; ++i) knock();
    EXPECT_EQ(names(), "crash_reopen_stuck/high");
    lab.pass(7441s);
    ASSERT_EQ(lab.counters().probing.get(), 1U);
    client(A, 1101, 5051);
    server(A, 5051, 1101);
    ASSERT_EQ(lab.of(EventKind::probed).size(), 1U);
    EXPECT_EQ(lab.of(EventKind::probed)[0].reason, Reason::proven_alive);
    EXPECT_EQ(lab.of(EventKind::probed)[0].evidence.sign, Reason::none) << "they were somebody else's SYNs";
}

TEST_P(AskedSigns, WhatTheLivingEndHasAnsweredIsEvidence) {
    talk();
    lab.pass(7441s);
    client(A, 1101, 5051);
    wait(80);
    const FlowEvidence e = of_probe();
    EXPECT_EQ(seen_of(true, e), "A");
    EXPECT_EQ(seen_of(false, e), "");
    EXPECT_EQ(e.last[from(true, A, 0, 0).side][0].seq, 1101U);
}

TEST_P(AskedSigns, AndTheRstOfWhoHasLostIt) {
    talk();
    lab.pass(7441s);
    client(A, 1101, 5051);
    server(R, 5051);
    EXPECT_EQ(seen_of(true, of_probe()), "A");
    EXPECT_EQ(seen_of(false, of_probe()), "R");
}

TEST_P(AskedSigns, AnAnswerToAjarIsAnAnswer) {
    lab.policy.retransmissions = 3;
    talk();
    client(A, 1101, 5051, 10);
    repeat(3, 1101, 10);
    lab.pass(301s);
    ASSERT_FALSE(lab.frames.empty());
    EXPECT_EQ(server(A, 5051, 1101).disposal, Disposal::consume);
    repeat(4, 1101, 10);
    EXPECT_EQ(names(), "");
}

// the store

/// Many flows of one partition, more than there are places: each repeats its data once.
class CrowdedSigns : public Signs {
protected:
    CrowdedSigns() {
        const auto partition = from(true, S, 0, 0).partition;
        for (std::uint32_t n = 0; flows.size() < 30; ++n) {
            tuple = test::tuple(n);
            tuple.ipv6 = GetParam();
            if (from(true, S, 0, 0).partition != partition) continue;
            flows.push_back(tuple);
            talk();
            client(A, 1101, 5051, 10);
            repeat(1, 1101, 10);
        }
    }
    std::vector<Tuple> flows;
};
INSTANTIATE_TEST_SUITE_P(Families, CrowdedSigns, testing::Bool(),
                         [](const auto& p) { return p.param ? "Ipv6" : "Ipv4"; });

TEST_P(CrowdedSigns, WhoComesFirstComesToAVerdict) {
    tuple = flows.front();
    repeat(4, 1101, 10);
    EXPECT_EQ(names(), "unanswered_retransmission/high");
}

TEST_P(CrowdedSigns, WhoHasNoPlaceIsJudgedAnewWhenThereIsOne) {
    tuple = flows.back();
    repeat(6, 1101, 10);
    EXPECT_EQ(names(), "") << "no place";
    for (std::size_t i = 0; i + 1 < flows.size(); ++i) {
        tuple = flows[i];
        server(A, 5051, 1111);
    }
    tuple = flows.back();
    repeat(5, 1101, 10);
    EXPECT_EQ(names(), "unanswered_retransmission/high");
    lab.finish();
    EXPECT_EQ(lab.of(EventKind::flow_end).size(), 30U);
}

}  // namespace
}  // namespace ajar::test
