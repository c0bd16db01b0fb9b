// Asking silent connections: what the questions look like, what counts as an answer, and what follows.
#include "lab.hpp"

namespace ajar::test {
namespace {

constexpr std::size_t at(Cause c) { return static_cast<std::size_t>(c); }

/// An established connection: the client expects 5051, the server 1101.
struct Probe : testing::Test {
    Lab lab{{1U << 14U, 1U << 14U, 1U << 12U, 25, 25}, 1, 1U << 14U, Recording::off};
    Tuple tuple{};
    bool timestamps = false;

    Probe() { lab.policy.probe.on = true; }

    Packet from(bool client, std::uint8_t flags, std::uint32_t seq, std::uint32_t ack,
                std::uint32_t payload = 0, std::uint32_t stamp = 0) {
        Packet p = lab.packet(tuple, client, flags, seq, ack, payload);
        if ((flags & TcpFlags::kSyn) != 0) {
            p.options.present = TcpOptions::kWindowScale;
            p.options.window_scale = client ? 7 : 2;
        }
        if (timestamps) {
            p.options.present |= TcpOptions::kTimestamps;
            p.options.ts_value = (client ? 0x40000000U : 0x90000000U) + stamp;
        }
        p.window = 1000;
        return p;
    }
    void talk() {
        lab.feed(from(true, S, 1000, 0));
        lab.feed(from(false, SA, 5000, 1001));
        lab.feed(from(true, A, 1001, 5001, 100));
        lab.feed(from(false, A, 5001, 1101, 50));
        lab.feed(from(true, A, 1101, 5051));
    }
    void fall_silent(Duration d = 7441s) {
        lab.pass(d);
        asked = std::move(lab.frames);
        lab.frames.clear();
    }
    /// Once a second; who never answers is evicted.
    void ask_thrice() {
        lab.policy.probe.interval = 1s;
        lab.policy.probe.tries = 3;
        lab.policy.actions[at(Cause::proven_dead)] = Action::evict_reset;
    }
    /// Connections; the last is `tuple`.
    std::vector<Tuple> talk_in_one_partition(std::size_t n) {
        std::vector<Tuple> all;
        for (std::uint32_t i = 0; all.size() < n; ++i) {
            tuple = test::tuple(i);
            if (lab.packet(tuple, true, S, 0).partition != 5) continue;
            talk();
            all.push_back(tuple);
        }
        return all;
    }
    /// As a worker sees it go by.
    void wait(int n) {
        for (int i = 0; i < n; ++i) lab.pass(1s);
    }
    Verdict answer(bool client, std::uint32_t stamp = 0) {
        return lab.feed(client ? from(true, A, 1101, 5051, 0, stamp) : from(false, A, 5051, 1101, 0, stamp));
    }
    const Craft& to(bool client) {
        const Packet other_end = lab.packet(tuple, !client, A, 0);
        return asked[0].from == other_end.side ? asked[0] : asked[1];
    }
    std::array<Pulse, 2> found() {  // client, server
        const Event e = lab.of(EventKind::probed).at(0);
        return {e.pulse[e.originator()], e.pulse[other(e.originator())]};
    }

    std::vector<Craft> asked;
};

TEST_F(Probe, BothEndsAreAskedBelowWhatTheyExpect) {
    talk();
    fall_silent();
    ASSERT_EQ(asked.size(), 2U);
    EXPECT_EQ(to(true).seq, 5050U);
    EXPECT_EQ(to(true).ack, 1101U);
    EXPECT_EQ(to(false).seq, 1100U);
    EXPECT_EQ(to(false).ack, 5051U);
    for (const Craft& probe : asked) {
        EXPECT_EQ(probe.flags.bits, TcpFlags::kAck);
        EXPECT_FALSE(probe.garbage);
        EXPECT_EQ(probe.window, 1000) << "what its peer has granted, on its peer's scale";
    }
    EXPECT_EQ(lab.flows(TcpState::established), 1U);
    EXPECT_TRUE(lab.of(EventKind::flagged).empty());
}

TEST_F(Probe, AnswersAreAbsorbedAndTheTimerRunsAnew) {
    talk();
    fall_silent();
    EXPECT_EQ(answer(true).disposal, Disposal::consume);
    EXPECT_EQ(answer(false).reason, Reason::probe_answer);
    EXPECT_EQ(found(), (std::array{Pulse::alive, Pulse::alive}));
    EXPECT_EQ(lab.counters().probing.get(), 0U);
    lab.pass(7400s);
    EXPECT_TRUE(lab.frames.empty());
    EXPECT_EQ(answer(true).disposal, Disposal::forward) << "nobody was asked";
    fall_silent();
    EXPECT_EQ(asked.size(), 2U);
}

TEST_F(Probe, AnEndThatNeverAnswersIsSilentAndItsPeerIsReset) {
    talk();
    fall_silent();
    answer(true);
    wait(14);
    EXPECT_TRUE(lab.frames.empty());
    wait(47);
    ASSERT_EQ(lab.frames.size(), 4U) << "four more rounds, to the server alone";
    for (const Craft& probe : lab.frames) EXPECT_EQ(probe.from, to(false).from);
    EXPECT_FALSE(lab.frames[1].garbage);
    EXPECT_TRUE(lab.frames[2].garbage) << "the last two";
    EXPECT_TRUE(lab.frames[3].garbage);
    lab.frames.clear();
    wait(15);
    EXPECT_EQ(found(), (std::array{Pulse::alive, Pulse::silent}));
    const Event probed = lab.of(EventKind::probed)[0];
    EXPECT_EQ(probed.rounds, 5);
    EXPECT_EQ(probed.interval, 15s);
    EXPECT_EQ(probed.timer, TimerClass::established);
    EXPECT_EQ(probed.timeout, 7440s) << "how long it had been left in peace";
    ASSERT_EQ(lab.frames.size(), 2U);
    for (const Craft& rst : lab.frames) {
        EXPECT_EQ(rst.flags.bits, TcpFlags::kRst);
        EXPECT_EQ(rst.seq, rst.from == to(false).from ? 1101U : 5051U);
    }
    EXPECT_EQ(lab.of(EventKind::evicted).at(0).cause, Cause::proven_dead);
    EXPECT_EQ(lab.flows(TcpState::established), 0U);
    EXPECT_EQ(lab.counters().tombstones.get(), 1U);
    EXPECT_EQ(lab.counters().probing.get(), 0U);
}

TEST_F(Probe, ARstAtTheProbesAckIsPassedOnAndEndsIt) {
    talk();
    fall_silent();
    const Verdict v = lab.feed(from(false, R, 5051, 0));
    EXPECT_EQ(v.disposal, Disposal::forward) << "it is the one that the client accepts";
    EXPECT_EQ(v.state, TcpState::close);
    EXPECT_EQ(found(), (std::array{Pulse::unknown, Pulse::gone}));
    EXPECT_EQ(lab.counters().probing.get(), 0U);
    lab.pass(60s);
    EXPECT_TRUE(lab.frames.empty());
    EXPECT_EQ(lab.counters().flows_ended.get(), 1U);
}

TEST_F(Probe, ARstBesideItProvesNothing) {
    talk();
    fall_silent();
    lab.feed(from(false, R, 5060, 0));
    EXPECT_TRUE(lab.of(EventKind::probed).empty());
    answer(true);
    answer(false);
    EXPECT_EQ(lab.flows(TcpState::established), 1U);
}

TEST_F(Probe, DataEndsTheQuestions) {
    talk();
    fall_silent();
    EXPECT_EQ(lab.feed(from(true, A, 1101, 5051, 10)).disposal, Disposal::forward);
    EXPECT_EQ(lab.counters().probing.get(), 0U);
    EXPECT_EQ(lab.counters().probings_ended_by_traffic.get(), 1U);
    lab.pass(100s);
    EXPECT_TRUE(lab.frames.empty());
}

TEST_F(Probe, AKeepAliveIsPassedOnAndEndsTheQuestions) {
    talk();
    fall_silent();
    EXPECT_EQ(lab.feed(from(true, A, 1100, 5051)).disposal, Disposal::forward);
    EXPECT_EQ(lab.counters().probing.get(), 0U);
}

TEST_F(Probe, WhatOpensTheWindowIsPassedOn) {
    talk();
    fall_silent();
    Packet update = from(true, A, 1101, 5051);
    update.window = 1001;
    EXPECT_EQ(lab.feed(update).disposal, Disposal::forward);
    EXPECT_EQ(lab.flows(TcpState::established), 1U);
}

TEST_F(Probe, DataSentAgainInVainSaysOnlyThatItsSenderLives) {
    talk();
    for (int i = 0; i < 5; ++i) {
        lab.feed(from(true, A, 1101, 5051, 10));
        lab.pass(1s);
    }
    fall_silent(301s);
    ASSERT_EQ(asked.size(), 2U);
    EXPECT_EQ(lab.feed(from(true, A, 1101, 5051, 10)).disposal, Disposal::forward);
    EXPECT_EQ(lab.counters().probing.get(), 1U);
    wait(76);
    EXPECT_EQ(found(), (std::array{Pulse::alive, Pulse::silent}));
}

TEST_F(Probe, HalfClosedOnesAreAskedToo) {
    talk();
    lab.feed(from(true, F, 1101, 5051));
    lab.feed(from(false, A, 5051, 1102));
    fall_silent(121s);
    ASSERT_EQ(asked.size(), 2U);
    EXPECT_EQ(to(false).seq, 1101U) << "the FIN counts";
    EXPECT_EQ(lab.feed(from(true, A, 1102, 5051)).disposal, Disposal::consume);
    EXPECT_EQ(lab.feed(from(false, A, 5051, 1102)).disposal, Disposal::consume);
    EXPECT_EQ(lab.flows(TcpState::close_wait), 1U);
    lab.pass(119s);
    EXPECT_TRUE(lab.frames.empty());
}

TEST_F(Probe, AfterAnInexactRstTheyAreAskedAndKept) {
    talk();
    lab.feed(from(false, R, 5100, 0));
    fall_silent(31s);
    ASSERT_EQ(asked.size(), 2U);
    answer(true);
    answer(false);
    EXPECT_EQ(lab.flows(TcpState::established), 1U);
    lab.pass(7000s);
    EXPECT_TRUE(lab.frames.empty()) << "the timer of its state runs";
}

TEST_F(Probe, WithTimestampsAStaleOneCarriesAByte) {
    timestamps = true;
    talk();
    fall_silent();
    for (const Craft& probe : asked) EXPECT_EQ(probe.options.present, 0) << "nobody's time is known";
    wait(15);
    ASSERT_EQ(lab.frames.size(), 2U);
    for (const Craft& probe : lab.frames) {
        EXPECT_TRUE(probe.garbage);
        const std::uint32_t latest = probe.from == to(false).from ? 0x40000000U : 0x90000000U;
        EXPECT_EQ(probe.options.present, TcpOptions::kTimestamps);
        EXPECT_LT(static_cast<std::int32_t>(probe.options.ts_value - latest), 0) << "PAWS answers it";
    }
}

TEST_F(Probe, OneEndsAnswerTellsTheTimeToTheOther) {
    timestamps = true;
    talk();
    fall_silent();
    answer(true, 7'500'000);
    wait(15);
    ASSERT_EQ(lab.frames.size(), 1U);
    EXPECT_EQ(lab.frames[0].options.ts_value, 0x40000000U + 7'500'000U);
    EXPECT_FALSE(lab.frames[0].garbage);
}

TEST_F(Probe, AnIcmpErrorAboutAProbeIsAbsorbedAndEndsNothing) {
    talk();
    fall_silent();
    Packet error = from(true, A, 1100, 5051);  // quotes the probe to the server
    error.kind = PacketKind::icmp_error;
    EXPECT_EQ(lab.feed(error).reason, Reason::probe_error);
    EXPECT_EQ(lab.flows(TcpState::established), 1U);
    answer(true);
    wait(76);
    EXPECT_EQ(found(), (std::array{Pulse::alive, Pulse::unreachable}));
}

TEST_F(Probe, WithoutBudgetTheyWaitAndStay) {
    lab.policy.probe.per_second = 2;
    const auto all = talk_in_one_partition(40);
    lab.pass(7440s);
    EXPECT_EQ(lab.flows(TcpState::established), 40U);
    for (int second = 0; second < 100; ++second) {
        const std::size_t before = lab.frames.size();
        lab.pass(1s);
        EXPECT_LE(lab.frames.size() - before, 4U);
        for (const Tuple& t : all) {
            tuple = t;
            if (lab.counters().probing.get() == 0) break;
            answer(true);
            answer(false);
        }
    }
    EXPECT_EQ(lab.flows(TcpState::established), 40U);
    EXPECT_EQ(lab.counters().probings.get() + 0, lab.of(EventKind::probed).size() +
                                                     lab.counters().probing.get() +
                                                     lab.counters().probings_ended_by_traffic.get());
}

// Each tick at which somebody comes back costs a look at all stamps of the partition.
TEST_F(Probe, WhoWaitsComesBackAtABeat) {
    lab.policy.probe.per_second = 20;
    const auto flows = talk_in_one_partition(90);
    lab.pass(7440s + 20ms);
    EXPECT_EQ(lab.counters().probings_put_off.get(), flows.size() - 1) << "a beat's budget is there";
    const Time start = lab.now;
    for (int looks = 0; looks < 80; ++looks) lab.pass(lab.tracker().next_deadline(lab.policy) - lab.now);
    EXPECT_GE(lab.now - start, 7s);
}

// As many as there are places wait for answers. The others come back when the budget could serve them.
TEST_F(Probe, WithoutPlaceTheyWaitAndAreAskedInTheEnd) {
    ask_thrice();
    lab.policy.probe.per_second = 200;
    const auto places = Probes::capacity_for((1U << 14U) * 3 / 4 / kPartitions);
    const auto flows = talk_in_one_partition(3 * places);
    lab.pass(7440s + 20ms);
    EXPECT_EQ(lab.counters().probing.get(), places);
    for (int beat = 0; beat < 100; ++beat) lab.pass(100ms);
    EXPECT_EQ(lab.of(EventKind::probed).size(), flows.size()) << "three lots of three seconds";
    EXPECT_EQ(lab.flows(TcpState::established), 0U);
    EXPECT_LE(lab.counters().probings_put_off.get(), 10U * lab.policy.probe.per_second / 2);
}

// A port that was full, or a pool: then nobody knows who was asked.
TEST_F(Probe, WhoMayNotHaveBeenAskedIsAskedOnceMore) {
    ask_thrice();
    talk();
    fall_silent();
    wait(1);
    lab.tracker().frames_lost(lab.now);
    wait(3);
    EXPECT_TRUE(lab.of(EventKind::probed).empty()) << "three rounds, and one of them was for nothing";
    EXPECT_EQ(lab.flows(TcpState::established), 1U);
    wait(3);
    EXPECT_EQ(lab.of(EventKind::probed).size(), 1U);
    EXPECT_EQ(lab.flows(TcpState::established), 0U);
}

TEST_F(Probe, ButNotForEver) {
    ask_thrice();
    talk();
    fall_silent();
    const auto lose_for = [&](int seconds) {
        for (int i = 0; i < seconds; ++i) {
            lab.tracker().frames_lost(lab.now);
            wait(1);
        }
    };
    lose_for(4);
    EXPECT_EQ(lab.flows(TcpState::established), 1U);
    lose_for(8);
    EXPECT_EQ(lab.flows(TcpState::established), 0U) << "twice three rounds";
}

TEST_F(Probe, WhatTheActionsSayGoesFirst) {
    lab.policy.actions[at(Cause::idle)] = Action::evict;
    talk();
    fall_silent();
    EXPECT_TRUE(asked.empty());
    EXPECT_EQ(lab.flows(TcpState::established), 0U);
}

TEST_F(Probe, InObserveNobodyIsAsked) {
    lab.policy.mode = Mode::observe;
    talk();
    fall_silent();
    EXPECT_TRUE(asked.empty());
    EXPECT_EQ(lab.of(EventKind::flagged).size(), 1U);
}

TEST_F(Probe, WhereOneDirectionPassesElsewhereSilenceProvesNothing) {
    talk();
    EXPECT_EQ(lab.feed(from(true, A, 1101, 5151)).reason, Reason::invalid_ack_high) << "100 bytes never seen";
    fall_silent();
    ASSERT_EQ(asked.size(), 2U);
    wait(80);
    EXPECT_EQ(lab.of(EventKind::probed).at(0).reason, Reason::probe_undecided);
    EXPECT_TRUE(lab.of(EventKind::evicted).empty());
    EXPECT_EQ(lab.flows(TcpState::established), 1U);
    lab.frames.clear();
    lab.pass(7441s);
    EXPECT_EQ(lab.frames.size(), 2U) << "and they are asked again";
}

// The server's ACKs pass elsewhere from the middle of an upload on.
TEST_F(Probe, AnUploadWhoseAcksPassElsewhereIsKept) {
    talk();
    const auto upload = [&](std::uint32_t seq) { return lab.feed(from(true, A, seq, 5051, 1000)).reason; };
    std::uint32_t seq = 1101;
    while (upload(seq) != Reason::invalid_seq_high) seq += 1000;
    for (int second = 0; second < 1000; ++second) {
        lab.pass(1s);
        upload(seq += 1000);
    }
    EXPECT_GE(lab.of(EventKind::probed).size(), 2U);
    for (const Event& e : lab.of(EventKind::probed)) EXPECT_EQ(e.reason, Reason::probe_undecided);
    EXPECT_TRUE(lab.of(EventKind::evicted).empty());
    EXPECT_EQ(lab.flows(TcpState::established), 1U);
}

// Its ends answer in numbers that were never seen here.
TEST_F(Probe, WhoAnswersBeyondWhatWasSeenLives) {
    talk();
    fall_silent();
    EXPECT_EQ(lab.feed(from(true, A, 2'001'101, 5051)).reason, Reason::invalid_seq_high);
    wait(80);
    EXPECT_EQ(found(), (std::array{Pulse::alive, Pulse::silent}));
    EXPECT_EQ(lab.of(EventKind::probed).at(0).reason, Reason::probe_undecided);
}

// For a while the words of both have gone another way.
TEST_F(Probe, AndIfBothDoTheyAreKept) {
    talk();
    fall_silent();
    EXPECT_EQ(lab.feed(from(true, A, 2'001'101, 5051)).reason, Reason::invalid_seq_high);
    EXPECT_EQ(lab.feed(from(false, A, 5051, 1'101'101)).reason, Reason::invalid_ack_high);
    wait(15);
    ASSERT_EQ(lab.of(EventKind::probed).size(), 1U);
    EXPECT_EQ(lab.of(EventKind::probed)[0].reason, Reason::proven_alive);
    EXPECT_TRUE(lab.of(EventKind::evicted).empty());
    EXPECT_EQ(lab.counters().probing.get(), 0U);
}

TEST_F(Probe, AnAnswerWithdrawsWhatItsPeerHasSaidOfItsWay) {
    talk();
    lab.feed(from(true, A, 1101, 5151));
    fall_silent();
    answer(false);
    answer(true);
    EXPECT_EQ(lab.of(EventKind::probed).at(0).reason, Reason::proven_alive);
    fall_silent(7442s);
    wait(80);
    EXPECT_EQ(lab.of(EventKind::probed).at(1).reason, Reason::proven_dead);
}

TEST_F(Probe, AForgedSegmentBeyondTheWindowHidesNoDeath) {
    talk();
    lab.feed(from(true, A, 2'001'101, 5051U - 200'000U));
    lab.feed(from(true, A, 2'001'101, 5051U + 200'000U));
    fall_silent();
    wait(80);
    EXPECT_EQ(lab.of(EventKind::probed).at(0).reason, Reason::proven_dead);
}

TEST_F(Probe, AForgedAcknowledgmentBelowTheWindowHidesNoDeath) {
    talk();
    lab.feed(from(true, A, 1101U - 200'000'000U, 5151));
    fall_silent();
    wait(80);
    EXPECT_EQ(lab.of(EventKind::probed).at(0).reason, Reason::proven_dead);
}

TEST_F(Probe, AConfigurationThatAsksNoMoreLeavesThemInPeace) {
    talk();
    fall_silent();
    lab.policy.mode = Mode::observe;
    wait(80);
    EXPECT_TRUE(lab.frames.empty());
    EXPECT_EQ(lab.counters().probing.get(), 0U);
    EXPECT_EQ(lab.flows(TcpState::established), 1U);
    lab.pass(7441s);
    EXPECT_EQ(lab.of(EventKind::flagged).size(), 1U) << "as observe does";
}

TEST_F(Probe, AnOrderToEvictEndsTheQuestions) {
    talk();
    fall_silent();
    EXPECT_TRUE(lab.tracker().evict(from(true, A, 0, 0), lab.now, lab.policy));
    EXPECT_EQ(lab.counters().probing.get(), 0U);
    lab.pass(100s);
    EXPECT_EQ(lab.counters().flows_ended.get(), 1U);
}

TEST_F(Probe, ASynAfterARstFindsNoRemains) {
    talk();
    fall_silent();
    lab.feed(from(false, R, 5051, 0));
    lab.feed(from(true, S, 9000, 0));
    EXPECT_EQ(lab.flows(TcpState::syn_sent), 1U);
    EXPECT_EQ(lab.counters().probing.get(), 0U);
}

}  // namespace
}  // namespace ajar::test
