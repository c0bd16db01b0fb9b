// Reset challenges through the whole tracker: who passes, who does not, and what nobody notices.
#include <random>

#include "ajar/packet/build.hpp"
#include "proxy_lab.hpp"

namespace ajar::test {
namespace {

constexpr std::uint8_t RA = R | A;

struct Challenged : Proxy {
    Challenged() {
        lab.policy.defence.method = SynProof::challenge;
        posture.profiles = std::make_shared<ServerProfiles>();  // nobody has seen the server answer
    }
    /// The ACK that a SYN gets instead of passing.
    Craft challenge(const Packet& asks) {
        const Verdict v = lab.feed(again(asks));
        EXPECT_EQ(v.disposal, Disposal::answer);
        EXPECT_EQ(v.reason, Reason::challenge_sent);
        return lab.answers.empty() ? Craft{} : lab.answers.back();
    }
    Craft challenge() { return challenge(syn); }
    /// Sent now.
    Packet again(Packet p) {
        p.time = lab.now;
        return p;
    }
    Packet rst_of(const Craft& ack, Tuple t = {}) { return lab.packet(t, true, R, ack.ack); }
    Verdict refuse(const Craft& ack) { return lab.feed(rst_of(ack)); }
    Verdict ask() { return lab.feed(again(syn)); }
    const Counters& counts() { return lab.counters(); }
    bool passes() { return ask().disposal == Disposal::forward; }
};

TEST_F(Challenged, ASynIsAnsweredByAWrongAck) {
    const Craft ack = challenge();
    EXPECT_EQ(ack.flags.bits, A);
    EXPECT_NE(ack.ack, kClientIsn + 1);
    EXPECT_EQ(ack.options.present, 0U);
    EXPECT_EQ(ack.from, other(client_side()));
    EXPECT_TRUE(std::equal(kClientLink.begin(), kClientLink.begin() + 6, ack.link.bytes.begin() + 6))
        << "back to whom it came from";
    EXPECT_EQ(ack.link.in_port, 1) << "by the port that it came by";
    EXPECT_EQ(counts().flows_created.get(), 0U);
    EXPECT_EQ(counts().challenges_sent.get(), 1U);
    EXPECT_EQ(counts().cookies_sent.get(), 0U);
}

TEST_F(Challenged, WhoRefusesItPassesUntouched) {
    EXPECT_EQ(refuse(challenge()).reason, Reason::challenge_met);
    EXPECT_TRUE(passes());
    EXPECT_EQ(lab.flows(TcpState::syn_sent), 1U);
    EXPECT_EQ(lab.server({}, SA, kServerIsn, kClientIsn + 1).disposal, Disposal::forward);
    EXPECT_EQ(lab.client({}, A, kClientIsn + 1, kServerIsn + 1).disposal, Disposal::forward);
    EXPECT_EQ(lab.client({}, A, kClientIsn + 1, kServerIsn + 1, 100).disposal, Disposal::forward);
    EXPECT_EQ(lab.flows(TcpState::established), 1U);
    EXPECT_TRUE(lab.rewrites.empty()) << "nothing is translated";
    EXPECT_TRUE(lab.frames.empty());
    EXPECT_EQ(counts().proxied.get(), 0U);
    EXPECT_EQ(counts().challenges_met.get(), 1U);
}

TEST_F(Challenged, TheRstIsAbsorbed) {
    const Craft ack = challenge();
    EXPECT_EQ(refuse(ack).disposal, Disposal::consume);
    EXPECT_EQ(refuse(ack).disposal, Disposal::consume) << "and its repetition";
    EXPECT_EQ(counts().challenges_met.get(), 1U);
}

TEST_F(Challenged, SoIsOneWithAnAck) {
    Packet rst = rst_of(challenge());
    rst.flags.bits = RA;
    rst.ack = kClientIsn;
    EXPECT_EQ(lab.feed(rst).reason, Reason::challenge_met);
}

TEST_F(Challenged, AnotherRstIsNobodysAndProvesNothing) {
    const Craft ack = challenge();
    for (unsigned bit = 0; bit < 32; ++bit) {
        Packet forged = rst_of(ack);
        forged.seq ^= 1U << bit;
        EXPECT_EQ(lab.feed(forged).reason, Reason::no_flow) << bit;
    }
    Packet no_rst = rst_of(ack);
    no_rst.flags.bits = A;
    EXPECT_NE(lab.feed(no_rst).reason, Reason::challenge_met);
    EXPECT_FALSE(passes());
    EXPECT_EQ(counts().challenges_refused.get(), 32U);
}

TEST_F(Challenged, AProofIsOneTuplesAlone) {
    refuse(challenge());
    const auto passes = [&](Tuple t) {
        return lab.feed(lab.packet(t, true, S, kClientIsn)).disposal == Disposal::forward;
    };
    EXPECT_FALSE(passes({.client_port = 40001})) << "whoever stands behind the same NAT";
    EXPECT_FALSE(passes({.client = 0x0a0000ff}));
    EXPECT_FALSE(passes({.server_port = 81}));
    EXPECT_FALSE(passes({.server = 0x0a000003}));
    EXPECT_TRUE(passes({}));
}

TEST_F(Challenged, AProofLastsForTheSynsRepetitions) {
    refuse(challenge());
    lab.pass(9990ms);
    EXPECT_TRUE(passes());
}

TEST_F(Challenged, AndNoLonger) {
    refuse(challenge());
    lab.pass(10s);
    EXPECT_FALSE(passes());
}

TEST_F(Challenged, ARepeatedSynOfATrackedFlowIsNotAskedAgain) {
    refuse(challenge());
    ask();
    lab.pass(11s);
    EXPECT_TRUE(passes());
    EXPECT_EQ(counts().challenges_sent.get(), 1U);
}

TEST_F(Challenged, WhatStoodBeforeGoesOn) {
    posture.every_service = false;
    lab.connect({});
    const Tuple half{.client_port = 40002};
    lab.client(half, S, 1);
    posture.every_service = true;
    EXPECT_EQ(lab.client({}, A, 1001, 5001, 50).disposal, Disposal::forward);
    EXPECT_EQ(lab.client(half, S, 1).disposal, Disposal::forward);
    EXPECT_EQ(lab.server(half, SA, 7, 2).disposal, Disposal::forward);
    EXPECT_EQ(lab.client(half, A, 2, 8).state, TcpState::established);
    EXPECT_TRUE(lab.answers.empty());
}

TEST_F(Challenged, ATupleThatIsOverIsChallengedAnew) {
    posture.every_service = false;
    lab.connect({});
    lab.client({}, F, 1001, 5001);
    lab.server({}, F, 5001, 1002);
    ASSERT_EQ(lab.client({}, A, 1002, 5002).state, TcpState::time_wait);
    posture.every_service = true;
    syn.seq = 70000;
    refuse(challenge());
    EXPECT_TRUE(passes());
    EXPECT_EQ(lab.flows(TcpState::syn_sent), 1U);
}

// Nothing of the way back is seen: neither SYN-ACK nor anything else.
TEST_F(Challenged, WorksWhereOnlyOneDirectionIsSeen) {
    refuse(challenge());
    ask();
    for (std::uint32_t n = 0; n < 3; ++n)
        EXPECT_EQ(lab.client({}, A, kClientIsn + 1 + 100 * n, kServerIsn + 1, 100).disposal,
                  Disposal::forward);
    EXPECT_EQ(lab.client({}, F, kClientIsn + 301, kServerIsn + 1).disposal, Disposal::forward);
    EXPECT_TRUE(lab.frames.empty());
}

TEST_F(Challenged, AnUnverifiedFlowIsNoWayAround) {
    EXPECT_EQ(lab.client({}, A, 70000, 80000, 10).state, TcpState::unverified);
    const Craft ack = challenge();
    lab.server({}, A, 80000, 70010, 10);  // something late of an older connection
    ASSERT_EQ(lab.flows(TcpState::unverified), 1U);
    EXPECT_EQ(refuse(ack).reason, Reason::challenge_met) << "nor in the way";
    EXPECT_TRUE(passes());
}

TEST_F(Challenged, NorIsAnOptionThatOnlyTheServerCanAnswer) {
    syn.options.present |= TcpOptions::kEndToEnd;
    refuse(challenge());
    EXPECT_TRUE(passes());
}

TEST_F(Challenged, NorAreHeadersThatCannotBeReadOrAFin) {
    for (const Reason reason :
         {Reason::fragment_too_small, Reason::tcp_options_malformed, Reason::too_many_extensions}) {
        Packet odd = syn;
        odd.kind = PacketKind::refused;
        odd.reason = reason;
        EXPECT_EQ(lab.feed(odd).disposal, Disposal::drop);
    }
    syn.flags.bits = S | TcpFlags::kFin;
    EXPECT_EQ(lab.feed(syn).disposal, Disposal::drop);
}

TEST_F(Challenged, AfterTwoUnansweredOnesTheSynPasses) {
    challenge();
    lab.pass(1s);
    challenge();
    lab.pass(2s);
    EXPECT_TRUE(passes());
    EXPECT_EQ(counts().challenges_waived.get(), 1U);
    EXPECT_EQ(lab.flows(TcpState::syn_sent), 1U);
}

TEST_F(Challenged, TwoLongAgoAreNoTwo) {
    challenge();
    lab.pass(5s);
    challenge();
    lab.pass(1s);
    EXPECT_FALSE(passes());
}

/// So many tuples ask three times each; how many pass.
std::uint64_t pass_by_insisting(Challenged& test, std::uint32_t first, std::uint32_t tuples) {
    const auto before = test.counts().flows_created.get();
    for (int round = 0; round < 3; ++round) {
        for (std::uint32_t n = first; n < first + tuples; ++n)
            test.lab.feed(test.lab.packet(tuple(n), true, S, 1));
        test.lab.now += 100ms;
    }
    return test.counts().flows_created.get() - before;
}

TEST_F(Challenged, AFloodThatRepeatsItselfGainsLittle) {
    lab.policy.flow_end_events = false;
    EXPECT_EQ(pass_by_insisting(*this, 0, 3000), kPartitions) << "one for each partition";
    EXPECT_EQ(pass_by_insisting(*this, 3000, 3000), 0U);
    lab.now += 10s;
    EXPECT_EQ(pass_by_insisting(*this, 6000, 3000), kPartitions);
}

TEST_F(Challenged, WithCookiesWhoLeavesTwoUnansweredGetsOne) {
    lab.policy.defence.method = SynProof::challenge_cookie;
    know_service_of(syn);
    challenge();
    challenge();
    EXPECT_EQ(ask().reason, Reason::cookie_sent);
    EXPECT_EQ(lab.feed(ack_of(lab.answers.back())).reason, Reason::cookie_accepted);
    EXPECT_EQ(lab.feed(syn_ack()).reason, Reason::proxy_established);
    EXPECT_EQ(counts().challenges_waived.get(), 0U);
}

TEST_F(Challenged, ButWhereNoneCanBeSentItPasses) {
    lab.policy.defence.method = SynProof::challenge_cookie;
    challenge();
    challenge();
    EXPECT_TRUE(passes());
    EXPECT_EQ(counts().challenges_waived.get(), 1U);
}

TEST_F(Challenged, WithoutCookiesAnAckBringsNone) {
    lab.policy.defence.method = SynProof::cookie;
    know_service_of(syn);
    const Craft answer = cookie();
    lab.policy.defence.method = SynProof::challenge;
    EXPECT_NE(lab.feed(ack_of(answer)).reason, Reason::cookie_accepted)
        << "guesses at cookies are no way around challenges";
}

TEST_F(Challenged, LimitsHoldForThoseWhoHaveProvenThemselves) {
    refuse(challenge());
    posture.full = CellSet(1U << 8U);
    for (std::size_t cell = 0; cell < (std::size_t{1} << 8U) * kSketchLine; ++cell) posture.full.set(cell);
    EXPECT_EQ(ask().reason, Reason::service_limit);
}

TEST_F(Challenged, InObserveNothingIsDoneButCounted) {
    lab.policy.mode = Mode::observe;
    EXPECT_TRUE(passes());
    EXPECT_EQ(lab.flows(TcpState::syn_sent), 1U);
    EXPECT_EQ(counts().would_challenge.get(), 1U);
    EXPECT_EQ(counts().would_answer.get(), 0U);
    EXPECT_EQ(counts().challenges_sent.get(), 0U);
    EXPECT_TRUE(lab.answers.empty());
}

TEST_F(Challenged, InObserveARstIsNotAbsorbed) {
    const Craft ack = challenge();
    lab.policy.mode = Mode::observe;
    EXPECT_EQ(refuse(ack).disposal, Disposal::forward);
}

TEST_F(Challenged, WhenTheFloodIsOverNobodyIsAsked) {
    challenge();
    posture.every_service = false;
    EXPECT_TRUE(passes());
}

TEST_F(Challenged, AnotherApplianceOfTheFleetKnowsItsChallenges) {
    struct : Challenged {
        void TestBody() override {}
    } there;
    EXPECT_EQ(there.lab.feed(there.rst_of(challenge())).reason, Reason::challenge_met);
    EXPECT_EQ(there.counts().challenges_adopted.get(), 1U);
    EXPECT_EQ(there.counts().challenges_met.get(), 0U);
    EXPECT_TRUE(there.passes());
}

TEST_F(Challenged, AChallengeDiesWithItsKey) {
    const Craft ack = challenge();
    const auto met = [&](Duration age) {
        posture.keys = std::make_shared<tcp::cookie::Keys>(tcp::cookie::Secret{1, 2}, kStart + age);
        lab.now = kStart + age;
        return refuse(ack).reason == Reason::challenge_met;
    };
    EXPECT_TRUE(met(14s));
    for (int seconds = 30; seconds < 300; seconds += 5) EXPECT_FALSE(met(std::chrono::seconds(seconds)));
}

// What is in flight keeps the gate open. A RST that is repeated must not take more of it back than its
// challenge has added.
TEST_F(Challenged, WhatIsInFlightIsCountedOnce) {
    const auto in_flight = [&] {
        const auto cells = lab.tracker().cookies().estimate(service_of(syn));
        return static_cast<std::int32_t>(cells);
    };
    const Craft ack = challenge();
    EXPECT_EQ(in_flight(), 1);
    challenge();
    EXPECT_EQ(in_flight(), 2);
    for (int n = 0; n < 5; ++n) refuse(ack);
    EXPECT_EQ(in_flight(), 1) << "one proof";
    lab.now += 11s;
    for (int n = 0; n < 5; ++n) refuse(ack);
    EXPECT_EQ(in_flight(), 1) << "nor when it is no longer remembered";
}

TEST_F(Challenged, TranslatedConnectionsGoOnBesideIt) {
    lab.policy.defence.method = SynProof::cookie;
    know_service_of(syn);
    const std::uint32_t c = connect();
    lab.policy.defence.method = SynProof::challenge;
    EXPECT_EQ(lab.client({}, A, kClientIsn + 1, c + 1, 100).disposal, Disposal::translate);
}

// A drain: what would be translated is challenged, so that it can live on.
struct Draining : Proxy {
    void drain() { lab.policy.drains_since = lab.now; }
};

TEST_F(Draining, NoCookieIsSentAnyMore) {
    drain();
    EXPECT_EQ(lab.feed(syn).reason, Reason::challenge_sent);
    EXPECT_EQ(lab.feed(lab.packet({}, true, R, lab.answers.back().ack)).reason, Reason::challenge_met);
    EXPECT_EQ(lab.feed(syn).disposal, Disposal::forward);
    EXPECT_EQ(lab.counters().cookies_sent.get(), 0U);
}

TEST_F(Draining, WhatIsOnItsWayIsAwaited) {
    const Craft answer = cookie();
    drain();
    lab.now += 1990ms;
    EXPECT_EQ(lab.feed(ack_of(answer)).reason, Reason::cookie_accepted);
}

TEST_F(Draining, ButNotForEver) {
    const Craft answer = cookie();
    drain();
    lab.now += 2s;
    EXPECT_NE(lab.feed(ack_of(answer)).reason, Reason::cookie_accepted);
}

TEST_F(Draining, TranslatedConnectionsGoOnAndAreCountedUntilTheyAreOver) {
    const auto open = [&] { return lab.counters().proxied_open.get(); };
    const Craft answer = cookie();
    EXPECT_EQ(open(), 0U);
    lab.feed(ack_of(answer));
    EXPECT_EQ(open(), 1U) << "the server is awaited";
    lab.feed(syn_ack());
    drain();
    const std::uint32_t c = answer.seq;
    EXPECT_EQ(lab.client({}, A, kClientIsn + 1, c + 1, 100).disposal, Disposal::translate);
    lab.server({}, A, kServerIsn + 1, kClientIsn + 101, 50);
    lab.client({}, F, kClientIsn + 101, c + 51);
    EXPECT_EQ(open(), 1U);
    lab.server({}, F, kServerIsn + 51, kClientIsn + 102);
    EXPECT_EQ(lab.client({}, A, kClientIsn + 102, c + 52).state, TcpState::time_wait);
    EXPECT_EQ(open(), 0U) << "over, though it is still known";
    EXPECT_EQ(lab.counters().proxied.get(), 1U);
    lab.pass(16s);
    EXPECT_EQ(lab.counters().proxied.get(), 0U);
    EXPECT_EQ(open(), 0U);
}

TEST_F(Draining, AResetOneIsOver) {
    const std::uint32_t c = connect();
    EXPECT_EQ(lab.counters().proxied_open.get(), 1U);
    EXPECT_EQ(lab.client({}, R, kClientIsn + 1, c + 1).state, TcpState::close);
    EXPECT_EQ(lab.counters().proxied_open.get(), 0U);
    lab.pass(11s);
    EXPECT_EQ(lab.counters().proxied_open.get(), 0U);
}

TEST_F(Draining, SoIsOneThatItsServerRefuses) {
    lab.feed(ack_of(cookie()));
    lab.server({}, RA, 0, kClientIsn + 1);
    EXPECT_EQ(lab.counters().proxied_open.get(), 0U);
}

// In bytes, too.
TEST_F(Challenged, NobodyUnprovenGetsMoreBytesThanHeSent) {
    constexpr std::size_t kLeastFrame = 60, kLink = 14, kTcp = 20;
    for (const bool ipv6 : {false, true}) {
        const Packet asked = lab.packet({.ipv6 = ipv6}, true, S, 1);
        std::array<std::uint8_t, kMaxCrafted> frame;
        const std::size_t wire = kLink + (ipv6 ? 40 : 20) + kTcp;
        EXPECT_LE(build(challenge(asked), frame), std::max(wire, kLeastFrame)) << ipv6;
    }
}

TEST_F(Challenged, NorMoreFrames) {
    lab.policy.flow_end_events = false;
    std::mt19937 generator(1);
    const auto random = [&] { return static_cast<std::uint32_t>(generator()); };
    const std::array<std::uint8_t, 8> flags = {S, S, S, R, RA, F, A, SA};
    std::size_t before = 0;
    for (int n = 0; n < 20000; ++n) {
        Packet p = lab.packet(tuple(random() % 500), true, flags[random() % flags.size()], random(), random(),
                              random() % 2 * 100);
        lab.now += std::chrono::milliseconds(random() % 50);
        p.time = lab.now;
        if (n % 3 == 0 && !lab.answers.empty()) p.seq = lab.answers.back().ack;
        lab.feed(p);
        const std::size_t sent = lab.answers.size() + lab.frames.size();
        ASSERT_LE(sent, before + 1);
        before = sent;
    }
    EXPECT_GT(counts().challenges_sent.get(), 1000U);
}

}  // namespace
}  // namespace ajar::test
