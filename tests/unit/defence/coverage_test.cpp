// What passes elsewhere: whose word counts for that, for whom, for how long, and what follows.
#include "ajar/defence/coverage.hpp"

#include "watch.hpp"

namespace ajar::test {
namespace {

constexpr std::uint32_t kServer = 0x0a000002, kElsewhere = 0x0a000202;  // the latter of another network

bool low(Watch& watch, const Posture& posture, std::uint32_t server) {
    if (posture.coverage == nullptr) return false;
    const auto hash = [&](CountKind kind) {
        return watch.lab.tracker().hash_of(count_key(kind, be32::of(server), 0, be16::of(1)));
    };
    return posture.coverage->low(hash(CountKind::heard), hash(CountKind::unheard));
}

struct CoverageTest : testing::Test {
    Watch watch;
    Lab& lab = watch.lab;

    CoverageTest() {
        lab.policy.probe.on = true;
        watch.update();
    }
    void wait(int seconds) {
        for (int i = 0; i < seconds; ++i) watch.update(1s);
    }
    /// Connections whose clients, numbers `first` on, acknowledge what their server has not said here.
    void divert(std::uint32_t first, std::uint32_t n) {
        for (std::uint32_t i = first; i < first + n; ++i) {
            lab.connect(tuple(i));
            EXPECT_EQ(lab.client(tuple(i), A, 1001, 5101).reason, Reason::invalid_ack_high);
        }
    }
    /// The same, all of it turned round: clients stand where servers stood.
    void divert_turned_round(std::uint32_t first, std::uint32_t n) {
        for (std::uint32_t i = first; i < first + n; ++i) {
            const auto say = [&](bool client, std::uint8_t flags, std::uint32_t seq, std::uint32_t ack) {
                Packet p = lab.packet(tuple(i), client, flags, seq, ack);
                p.port ^= 1U;
                return lab.feed(p).reason;
            };
            say(true, S, 1000, 0);
            say(false, SA, 5000, 1001);
            say(true, A, 1001, 5001);
            EXPECT_EQ(say(true, A, 1001, 5101), Reason::invalid_ack_high);
        }
    }
    /// A connection one end of which answers when it is asked; `meanwhile` happens after the question.
    template <typename Meanwhile>
    Event ask(const Tuple& t, Meanwhile&& meanwhile, bool client_answers = true) {
        lab.connect(t);
        watch.update(7441s);
        EXPECT_EQ(lab.counters().probing.get(), 1U);
        meanwhile();
        watch.update(1s);
        const Verdict v = client_answers ? lab.client(t, A, 1001, 5001) : lab.server(t, A, 5001, 1001);
        EXPECT_EQ(v.disposal, Disposal::consume);
        wait(80);
        return lab.of(EventKind::probed).at(0);
    }
};

TEST_F(CoverageTest, WhereWordsPassElsewhereSilenceProvesNothing) {
    const Event e = ask(tuple(200), [&] { divert(0, 8); });
    EXPECT_EQ(e.reason, Reason::probe_undecided);
    ASSERT_TRUE(e.evidenced);
    EXPECT_EQ(e.evidence.sign, Reason::silent_after_probe);
    EXPECT_EQ(e.evidence.confidence, Confidence::low);
    EXPECT_EQ(e.evidence.visibility, Visibility::low_coverage);
    EXPECT_TRUE(lab.of(EventKind::evicted).empty());
    EXPECT_TRUE(lab.of(EventKind::reset_sent).empty());
    EXPECT_EQ(lab.flows(TcpState::established), 9U);
}

TEST_F(CoverageTest, AFewAreNoReason) {
    const Event e = ask(tuple(200), [&] { divert(0, 7); });
    EXPECT_EQ(e.reason, Reason::proven_dead);
    EXPECT_EQ(e.evidence.visibility, Visibility::whole);
    EXPECT_EQ(e.evidence.confidence, Confidence::high);
    EXPECT_EQ(lab.of(EventKind::evicted).size(), 1U);
}

TEST_F(CoverageTest, NorAreTheyAmongMany) {
    const Event e = ask(tuple(200), [&] {
        divert(0, 8);
        watch.update();
        for (std::uint32_t n = 8; n < 80; ++n) lab.connect(tuple(n));
    });
    EXPECT_EQ(e.reason, Reason::proven_dead);
}

TEST_F(CoverageTest, WhereNothingPassesElsewhereNobodyCounts) {
    EXPECT_FALSE(watch.update(1s).unheard_lately);
    divert(0, 1);
    EXPECT_TRUE(watch.update(1s).unheard_lately);
    wait(250);
    EXPECT_FALSE(watch.update(1s).unheard_lately);
}

TEST_F(CoverageTest, WhatPassedBeforeTheFirstThatDidNotIsNoExcuse) {
    for (std::uint32_t n = 0; n < 80; ++n) lab.connect(tuple(n));
    divert(100, 8);
    EXPECT_TRUE(low(watch, watch.update(1s), kServer));
    for (std::uint32_t n = 200; n < 280; ++n) lab.connect(tuple(n));
    EXPECT_FALSE(low(watch, watch.update(1s), kServer)) << "eight of 88, all of whom were counted";
}

// Else whoever opens enough connections there has the silent ones ended.
TEST_F(CoverageTest, ManyAreManyHoweverManyPassHere) {
    const Event e = ask(tuple(200), [&] {
        divert(0, Coverage::kMany);
        for (std::uint32_t n = 300; n < 2000; ++n) lab.connect(tuple(n));
    });
    EXPECT_EQ(e.reason, Reason::probe_undecided);
}

TEST_F(CoverageTest, OfAnotherNetworkItSaysNothing) {
    Tuple t = tuple(200);
    t.server = kElsewhere;
    EXPECT_EQ(ask(t, [&] { divert(0, 20); }).reason, Reason::proven_dead);
}

TEST_F(CoverageTest, NorOfNetworksOnTheOtherSideOfTheBox) {
    EXPECT_EQ(ask(tuple(200), [&] { divert_turned_round(0, 20); }).reason, Reason::proven_dead);
}

TEST_F(CoverageTest, TheClientsNetworkCountsLikewise) {
    const auto divert_clients = [&] {
        for (std::uint32_t n = 0; n < 8; ++n) {
            lab.connect(tuple(n));
            EXPECT_EQ(lab.server(tuple(n), A, 5001, 1101).reason, Reason::invalid_ack_high);
        }
    };
    EXPECT_EQ(ask(tuple(200), divert_clients, false).reason, Reason::probe_undecided);
}

TEST_F(CoverageTest, WhoHasAnsweredIsHeard) {
    const Event e = ask(
        tuple(200), [&] { divert(0, 8); }, false);
    EXPECT_EQ(e.reason, Reason::proven_dead) << "it is the client that was silent";
    EXPECT_EQ(lab.of(EventKind::evicted).size(), 1U);
}

TEST_F(CoverageTest, OneConnectionCountsOnce) {
    divert(0, 1);
    for (std::uint32_t i = 1; i < 20; ++i) lab.client(tuple(0), A, 1001, 5101 + i);
    EXPECT_EQ(lab.counters().unheard.get(), 1U);
}

TEST_F(CoverageTest, WhoAnswersASynAckThatNobodySawHasHeardIt) {
    lab.client(tuple(0), S, 1000);
    lab.pass(10ms);
    lab.client(tuple(0), A, 1001, 5001);
    EXPECT_EQ(lab.counters().unheard.get(), 0U);
    watch.update(31s);
    EXPECT_EQ(lab.counters().unheard.get(), 1U);
}

TEST_F(CoverageTest, WhoAcknowledgesMoreAndMoreAsWell) {
    lab.client(tuple(0), A, 1001, 5001);
    lab.pass(2s);
    lab.client(tuple(0), A, 1001, 5101);
    watch.update(40s);
    EXPECT_EQ(lab.of(EventKind::flow_end).size(), 1U);
    EXPECT_EQ(lab.counters().unheard.get(), 1U);
}

TEST_F(CoverageTest, AFlowThatIsFlaggedCountsThen) {
    lab.policy.actions[static_cast<std::size_t>(Cause::unverified)] = Action::flag;
    lab.client(tuple(0), A, 1001, 5001);
    lab.pass(2s);
    lab.client(tuple(0), A, 1001, 5101);
    watch.update(40s);
    EXPECT_EQ(lab.of(EventKind::flagged).size(), 1U);
    EXPECT_EQ(lab.counters().unheard.get(), 1U);
    lab.finish();
    EXPECT_EQ(lab.counters().unheard.get(), 1U);
}

TEST_F(CoverageTest, WhoOnlyScansHasHeardNothing) {
    for (std::uint32_t n = 0; n < 100; ++n) {
        lab.client(tuple(n), A, 1001, 5001);
        if (n < 30) lab.client(tuple(n + 100), S, 1000);
    }
    watch.update(10s);
    for (std::uint32_t n = 0; n < 100; ++n) lab.client(tuple(n), A, 1001, 5001, 10);
    watch.update(60s);
    EXPECT_EQ(lab.of(EventKind::flow_end).size(), 130U);
    EXPECT_EQ(lab.counters().unheard.get(), 0U);
}

TEST_F(CoverageTest, IsForgottenWhenAllPassesAgain) {
    divert(0, 8);
    EXPECT_NE(watch.update(1s).coverage, nullptr);
    wait(119);
    EXPECT_NE(watch.update(1s).coverage, nullptr);
    wait(130);
    EXPECT_EQ(watch.update(1s).coverage, nullptr);
}

TEST_F(CoverageTest, ObserversSayWhatWouldBeDone) {
    lab.policy.mode = Mode::observe;
    divert(0, 20);
    EXPECT_EQ(lab.counters().unheard.get(), 20U);
    EXPECT_NE(watch.update(1s).coverage, nullptr);
}

TEST_F(CoverageTest, AlsoWithoutAQuestionNobodyIsEvictedForHisSilence) {
    lab.policy.probe.on = false;
    lab.policy.actions[static_cast<std::size_t>(Cause::idle)] = Action::evict_reset;
    lab.connect(tuple(200));
    Tuple other_network = tuple(200);
    other_network.server = kElsewhere;
    lab.connect(other_network);
    watch.update(7400s);
    divert(0, 8);
    watch.update(1s);
    watch.update(60s);
    const auto kept = lab.of(EventKind::flagged), gone = lab.of(EventKind::evicted);
    ASSERT_EQ(kept.size(), 1U);
    EXPECT_EQ(kept[0].reason, Reason::low_coverage);
    EXPECT_EQ(kept[0].cause, Cause::idle);
    ASSERT_EQ(gone.size(), 1U);
    EXPECT_NE(gone[0].key.address, kept[0].key.address);
    EXPECT_EQ(lab.frames.size(), 2U) << "to both ends of the other one";
    lab.client(tuple(0), A, 1001, 5001);  // of those that are known to pass one way
    watch.update(7441s);
    EXPECT_EQ(lab.of(EventKind::evicted).size(), 1U);
    EXPECT_EQ(lab.of(EventKind::flagged).back().reason, Reason::one_way);
}

TEST_F(CoverageTest, WhoIsToldToForgetInSilenceForgets) {
    lab.policy.probe.on = false;
    lab.policy.actions[static_cast<std::size_t>(Cause::idle)] = Action::evict;
    divert(0, 8);
    watch.update(7441s);
    EXPECT_EQ(lab.of(EventKind::evicted).size(), 8U);
    EXPECT_TRUE(lab.frames.empty());
}

TEST_F(CoverageTest, WhatTheTrafficShowsIsDoubted) {
    divert(0, 8);
    watch.update(1s);
    lab.connect(tuple(200));
    for (int i = 0; i < 6; ++i) {
        lab.client(tuple(200), A, 1001, 5001, 10);
        lab.pass(1s);
    }
    const auto told = lab.of(EventKind::half_open);
    ASSERT_EQ(told.size(), 1U);
    EXPECT_EQ(told[0].reason, Reason::unanswered_retransmission);
    EXPECT_EQ(told[0].evidence.confidence, Confidence::low);
    EXPECT_EQ(told[0].evidence.visibility, Visibility::low_coverage);
}

TEST(Coverage, HoweverManyAreHeardNoneLooksUnheard) {
    constexpr std::uint32_t kLines = 1U << 8U, kNetworks = 100'000;
    PageMemory memory;
    CountMin heard(memory, kLines), unheard(memory, kLines);
    const auto name = [](std::uint64_t n) { return n * 0x9e3779b97f4a7c15U; };
    for (std::uint64_t n = 0; n < kNetworks; ++n)
        for (int i = 0; i < 10; ++i) heard.shift(name(2 * n), +1);
    for (int i = 0; i < 8; ++i) unheard.shift(name(1), +1);
    const auto cells = [&](const CountMin& sketch) {
        SketchSums sums(memory, kLines);
        sums.add_modulo(sketch);
        return std::vector(sums.cells().begin(), sums.cells().end());
    };
    const Coverage coverage(cells(heard), cells(unheard), kLines);
    std::uint32_t low = 0;
    for (std::uint64_t n = 1; n < kNetworks; ++n) low += coverage.low(name(2 * n), name(2 * n + 1)) ? 1U : 0U;
    EXPECT_LT(low, kNetworks / 1000);
}

TEST(Coverage, IsTheSameForAnyNumberOfShards) {
    for (const std::size_t shards : {1U, 2U, 5U}) {
        Watch watch(shards);
        watch.update();
        for (std::uint32_t n = 0; n < 40; ++n) {
            Tuple t = tuple(n);
            if (n >= 8) t.server = kElsewhere;
            watch.lab.connect(t);
            if (n < 11) watch.lab.client(t, A, 1001, 5101);
        }
        const Posture& posture = watch.update(1s);
        ASSERT_NE(posture.coverage, nullptr) << shards;
        EXPECT_TRUE(low(watch, posture, kServer)) << shards;
        EXPECT_FALSE(low(watch, posture, kElsewhere)) << shards << ": three of 32";
    }
}

}  // namespace
}  // namespace ajar::test
