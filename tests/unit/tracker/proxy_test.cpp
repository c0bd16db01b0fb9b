// Cookies, the handshake with the server, and the translated life that follows.
#include "ajar/packet/frame.hpp"
#include "ajar/packet/parse.hpp"
#include "ajar/policy/label.hpp"
#include "proxy_lab.hpp"
#include "support/services.hpp"

namespace ajar::test {
namespace {

TEST_F(Proxy, AnswersASynAndRemembersNothing) {
    const Craft answer = cookie();
    EXPECT_EQ(answer.flags.bits, SA);
    EXPECT_EQ(answer.ack, kClientIsn + 1);
    EXPECT_EQ(answer.window, 0U) << "no data before the server is there";
    EXPECT_EQ(answer.options.mss, 1400U);
    EXPECT_EQ(answer.options.window_scale, 7U);
    EXPECT_EQ(answer.options.ts_echo, 77U);
    EXPECT_EQ(lab.counters().flows_created.get(), 0U);
    EXPECT_EQ(lab.counters().cookies_sent.get(), 1U);
}

TEST_F(Proxy, ABareSynGetsABareAnswer) {
    syn.options = {};
    EXPECT_EQ(cookie().options.present, 0U);
}

TEST_F(Proxy, PromisesOnlyWhatTheServerDoes) {
    know({1200, 0, kAllFeatures, ServerProfile::kSack});
    EXPECT_EQ(cookie().options.present, TcpOptions::kMss | TcpOptions::kSackPermitted);
}

/// Without a cookie: the client proves itself otherwise, and then asks the server itself.
void expect_challenged(Lab& lab, const Packet& syn) {
    EXPECT_EQ(lab.feed(syn).reason, Reason::challenge_sent);
    ASSERT_EQ(lab.answers.size(), 1U);
    EXPECT_EQ(lab.answers[0].flags.bits, A);
    Packet rst = syn;
    rst.flags.bits = R;
    rst.seq = lab.answers[0].ack;
    EXPECT_EQ(lab.feed(rst).reason, Reason::challenge_met);
    EXPECT_EQ(lab.feed(syn).disposal, Disposal::forward);
}

TEST_F(Proxy, WhatOnlyTheServerCanAnswerIsChallenged) {
    syn.options.present |= TcpOptions::kEndToEnd;
    expect_challenged(lab, syn);
}

TEST_F(Proxy, ATrustedSourceMaySignItsSegments) {
    syn.options.present |= TcpOptions::kEndToEnd | TcpOptions::kSigned;
    lab.policy.sources = std::make_shared<const SourceLists>(std::vector<Prefix>{prefix_v4(0x0a000001, 32)},
                                                             std::vector<Prefix>{});
    EXPECT_EQ(lab.feed(syn).disposal, Disposal::forward);
    EXPECT_EQ(lab.feed(lab.packet({}, true, R, kClientIsn + 1)).disposal, Disposal::forward);
    syn.options.present &= static_cast<std::uint8_t>(~TcpOptions::kSigned);  // a further path of MPTCP's
    EXPECT_EQ(lab.feed(syn).disposal, Disposal::answer);
}

TEST_F(Proxy, SoIsAnMssThatNoCookieCanName) {
    syn.options.mss = 535;
    expect_challenged(lab, syn);
}

TEST_F(Proxy, SoIsWhoAsksForAServiceThatNobodySawAnswering) {
    posture.profiles = std::make_shared<ServerProfiles>();
    expect_challenged(lab, syn);
}

TEST_F(Proxy, SoIsWhoAsksForOneThatRefuses) {
    know(refused({1400, 7, kAllFeatures, kAllFeatures}));
    expect_challenged(lab, syn);
}

TEST_F(Proxy, SoIsWhoAsksForOneThatContradictsItself) {
    know(updated({1400, 7, kAllFeatures, kAllFeatures}, {1400, 3, kAllFeatures, kAllFeatures}));
    expect_challenged(lab, syn);
}

TEST_F(Proxy, ACookieIsGoodForItsPromiseAlone) {
    const Packet ack = ack_of(cookie());
    for (const ServerProfile& other :
         {ServerProfile{1400, 3, kAllFeatures, kAllFeatures}, ServerProfile{1400, 7, kAllFeatures, 0},
          ServerProfile{1400, 7, kAllFeatures, kAllFeatures & ~ServerProfile::kTimestamps}}) {
        know(other);
        EXPECT_EQ(lab.feed(ack).reason, Reason::no_cookie);
    }
    know({1300, 7, kAllFeatures, kAllFeatures & ~ServerProfile::kSack});
    EXPECT_EQ(lab.feed(ack).reason, Reason::cookie_accepted) << "these harm nobody";
}

TEST_F(Proxy, ACookieThatIsOutIsGoodThoughTheServerIsInDoubt) {
    const ServerProfile sure{1400, 7, kAllFeatures, kAllFeatures};
    const Packet ack = ack_of(cookie());
    know(updated(sure, {1400, 3, kAllFeatures, kAllFeatures}));
    EXPECT_EQ(lab.feed(ack).reason, Reason::cookie_accepted);
}

// What is in flight keeps the gate open. One cookie, brought back again and again, must not hide others.
TEST_F(Proxy, WhatIsInFlightIsCountedOnce) {
    const auto in_flight = [&] {
        return static_cast<std::int32_t>(lab.tracker().cookies().estimate(service_of(syn)));
    };
    const Packet ack = ack_of(cookie());
    for (std::uint32_t n = 0; n < 9; ++n) {
        Packet spoofed = syn;
        spoofed.seq += n + 1;
        lab.feed(spoofed);
    }
    EXPECT_EQ(in_flight(), 10);
    for (int n = 0; n < 8; ++n) {
        EXPECT_EQ(lab.feed(ack).reason, Reason::cookie_accepted);
        lab.client({}, R, kClientIsn + 1);  // and again
    }
    EXPECT_EQ(in_flight(), 9);
    EXPECT_EQ(lab.counters().cookies_repeated.get(), 7U);
}

CellSet all_sources() {
    constexpr std::uint32_t kLines = 1U << 8U;
    CellSet all(kLines);
    for (std::size_t cell = 0; cell < std::size_t{kLines} * kSketchLine; ++cell) all.set(cell);
    return all;
}

TEST_F(Proxy, ASourceAboveItsRateIsTurnedAwayWithItsCookie) {
    const Packet ack = ack_of(cookie());
    posture.crowded = posture.eager = all_sources();
    EXPECT_EQ(lab.feed(ack).reason, Reason::source_limit);
    ASSERT_EQ(lab.frames.size(), 1U);
    EXPECT_EQ(lab.frames[0].flags.bits, R);
    EXPECT_EQ(lab.frames[0].seq, ack.ack) << "it believes that it is connected";
    EXPECT_EQ(lab.counters().flows_created.get(), 0U);
}

TEST_F(Proxy, OneWhoseHalfOpenConnectionsSomebodyMayHaveForgedIsLetIn) {
    const Packet ack = ack_of(cookie());
    posture.crowded = all_sources();
    EXPECT_EQ(lab.feed(ack).reason, Reason::cookie_accepted);
}

/// The tuple's connection was ended by resets, and its tombstone stands.
struct Entombed : Proxy {
    Entombed() {
        lab.policy.actions[static_cast<std::size_t>(Cause::idle)] = Action::evict_reset;
        lab.policy.probe.on = false;
        connect();
        lab.pass(7441s);
        EXPECT_EQ(stones(), 1U);
        posture.keys = std::make_shared<tcp::cookie::Keys>(tcp::cookie::Secret{1, 2}, lab.now);
        syn.time = lab.now;
    }
    std::uint64_t stones() { return lab.counters().tombstones.get(); }
};

TEST_F(Entombed, AForgedSynLiftsNothing) {
    EXPECT_EQ(lab.feed(syn).reason, Reason::cookie_sent);
    EXPECT_EQ(stones(), 1U);
    EXPECT_EQ(lab.server({}, A, kServerIsn + 1, kClientIsn + 1, 10).reason, Reason::tombstone_reset);
}

TEST_F(Entombed, ACookieDoes) {
    EXPECT_EQ(lab.feed(ack_of(cookie())).reason, Reason::cookie_accepted);
    EXPECT_EQ(stones(), 0U);
    EXPECT_EQ(lab.feed(syn_ack()).reason, Reason::proxy_established);
    EXPECT_EQ(lab.flows(TcpState::established), 1U);
}

TEST_F(Entombed, SoDoesWhoHasMetAChallenge) {
    lab.policy.defence.method = SynProof::challenge;
    EXPECT_EQ(lab.feed(syn).reason, Reason::challenge_sent);
    EXPECT_EQ(stones(), 1U);
    EXPECT_EQ(lab.client({}, R, lab.answers.back().ack).reason, Reason::challenge_met);
    EXPECT_EQ(lab.feed(syn).disposal, Disposal::forward);
    EXPECT_EQ(stones(), 0U);
    EXPECT_EQ(lab.flows(TcpState::syn_sent), 1U);
}

TEST_F(Entombed, ASynPassesAsBeforeWhereNothingIsFlooded) {
    posture.every_service = posture.active = false;
    EXPECT_EQ(lab.feed(syn).disposal, Disposal::forward);
    EXPECT_EQ(stones(), 0U);
}

// Else any flood could be let in by an ACK ahead of each SYN.
TEST_F(Proxy, AnAckOutOfNowhereOpensNoWayForASyn) {
    lab.policy.mid_stream = MidStream::loose;
    for (const SynProof method : {SynProof::cookie, SynProof::challenge}) {
        lab.policy.defence.method = method;
        posture.every_service = false;
        lab.client({}, A, 70000, 80000, 10);
        ASSERT_EQ(lab.flows(TcpState::established), 1U);
        posture.every_service = true;
        EXPECT_EQ(lab.feed(syn).disposal, Disposal::answer);
    }
    EXPECT_EQ(lab.client({}, R, lab.answers.back().ack).reason, Reason::challenge_met);
    lab.policy.defence.method = SynProof::cookie;
    EXPECT_EQ(lab.feed(ack_of(cookie())).reason, Reason::cookie_accepted) << "nor does it bar the way";
    EXPECT_EQ(lab.feed(syn_ack()).reason, Reason::proxy_established);
}

TEST_F(Proxy, OncePickedUpFromBothEndsAFlowIsAConnection) {
    lab.policy.mid_stream = MidStream::loose;
    posture.every_service = false;
    lab.client({}, A, 70000, 80000, 10);
    lab.server({}, A, 80000, 70010, 10);
    posture.every_service = true;
    EXPECT_EQ(lab.feed(syn).disposal, Disposal::forward) << "its server challenges that";
    EXPECT_EQ(lab.client({}, A, 70010, 80010, 10).state, TcpState::established);
}

TEST_F(Proxy, WhoWouldHangWithoutTheProcessIsTold) {
    const std::uint32_t c = connect();
    lab.frames.clear();
    lab.finish(Tracker::Ending::process);
    ASSERT_EQ(lab.frames.size(), 2U);
    for (const Craft& rst : lab.frames) {
        EXPECT_EQ(rst.flags.bits, R);
        EXPECT_EQ(rst.seq, rst.from == client_side() ? kClientIsn + 1 : c + 1);
    }
    EXPECT_EQ(lab.told(Reason::reset_at_exit), 1U);
}

// Which of the two its end expects depends on whether the data has arrived, and nobody will answer its ACK.
TEST_F(Proxy, WhoIsToldWithDataOnItsWayIsToldBothNumbers) {
    const std::uint32_t c = connect();
    lab.client({}, A, kClientIsn + 1, c + 1, 100);
    lab.server({}, A, kServerIsn + 1, kClientIsn + 1, 10);
    lab.frames.clear();
    lab.finish(Tracker::Ending::process);
    std::vector<std::uint32_t> to_server, to_client;
    for (const Craft& rst : lab.frames)
        (rst.from == client_side() ? to_server : to_client).push_back(rst.seq);
    EXPECT_EQ(to_server, (std::vector{kClientIsn + 1, kClientIsn + 101}))
        << "the exact one is not spoilt by a challenge";
    EXPECT_EQ(to_client, (std::vector{c + 1, c + 11})) << "by the client's own count";
    EXPECT_EQ(lab.of(EventKind::reset_sent).size(), 4U);
}

TEST_F(Proxy, SoIsAClientWhoseServerHasNotAnswered) {
    lab.feed(ack_of(cookie()));
    lab.frames.clear();
    lab.finish(Tracker::Ending::process);
    EXPECT_GE(lab.frames.size(), 1U);
    EXPECT_EQ(lab.told(Reason::reset_at_exit), 1U);
}

TEST_F(Proxy, NobodyIsWhenACaptureEnds) {
    connect();
    lab.frames.clear();
    lab.finish();
    EXPECT_TRUE(lab.frames.empty());
}

TEST_F(Proxy, ASynWhoseOptionsAreCutOffFindsNoWayAround) {
    Packet piece = syn;
    piece.kind = PacketKind::refused;
    piece.reason = Reason::fragment_too_small;
    EXPECT_EQ(lab.feed(piece).disposal, Disposal::drop);
    posture = {};
    EXPECT_EQ(lab.feed(piece).disposal, Disposal::drop) << "nobody would count a flood of these";
    lab.policy.defence.answer = Answering::off;
    EXPECT_EQ(lab.feed(piece).disposal, Disposal::forward);
    lab.policy.defence.answer = Answering::automatic;
    lab.policy.mode = Mode::observe;
    EXPECT_EQ(lab.feed(piece).disposal, Disposal::forward);
}

TEST_F(Proxy, NorDoesOneBehindOptionsOrExtensionsThatCannotBeRead) {
    for (const Reason reason : {Reason::tcp_options_malformed, Reason::too_many_extensions}) {
        Packet odd = syn;
        odd.kind = PacketKind::refused;
        odd.reason = reason;
        EXPECT_EQ(lab.feed(odd).disposal, Disposal::drop);
        odd.flags.bits = A;
        const bool tells_flags = reason == Reason::tcp_options_malformed;
        EXPECT_EQ(lab.feed(odd).disposal, tells_flags ? Disposal::forward : Disposal::drop);
    }
}

TEST_F(Proxy, AServiceThatIsOnlyObservedGetsThem) {
    Packet odd = syn;
    odd.kind = PacketKind::refused;
    odd.reason = Reason::tcp_options_malformed;
    posture = {};
    EXPECT_EQ(lab.feed(odd).disposal, Disposal::drop);
    lab.policy.mode = Mode::observe;
    EXPECT_EQ(lab.feed(odd).disposal, Disposal::forward);
}

TEST_F(Proxy, NorOneWithAFin) {
    syn.flags.bits = S | TcpFlags::kFin;
    EXPECT_EQ(lab.feed(syn).disposal, Disposal::drop);
    posture.every_service = false;
    EXPECT_EQ(lab.feed(syn).disposal, Disposal::forward);
}

TEST_F(Proxy, InObserveNothingIsAnsweredButCounted) {
    lab.policy.mode = Mode::observe;
    EXPECT_EQ(lab.feed(syn).disposal, Disposal::forward);
    EXPECT_EQ(lab.flows(TcpState::syn_sent), 1U);
    EXPECT_EQ(lab.counters().would_answer.get(), 1U);
    lab.feed(syn);
    EXPECT_EQ(lab.counters().would_answer.get(), 1U) << "in mode enforce there would be no second one";
}

TEST_F(Proxy, InObserveAPostureShortensNoTimer) {
    lab.policy.mode = Mode::observe;
    lab.policy.actions[static_cast<std::size_t>(Cause::embryonic_stale)] = Action::evict;
    posture.share = 5;
    posture.rungs = 0xff;
    lab.feed(syn);
    lab.pass(29s);
    EXPECT_EQ(lab.flows(TcpState::syn_sent), 1U);
    lab.policy.mode = Mode::enforce;
    lab.pass(10ms);
    EXPECT_EQ(lab.flows(TcpState::syn_sent), 0U);
}

TEST_F(Proxy, AValidAckAsksTheServerAsTheClientDid) {
    lab.feed(ack_of(cookie()));
    ASSERT_EQ(lab.frames.size(), 1U);
    const Craft& asked = lab.frames[0];
    EXPECT_EQ(asked.from, client_side());
    EXPECT_EQ(asked.flags.bits, S);
    EXPECT_EQ(asked.seq, kClientIsn);
    EXPECT_EQ(asked.options.window_scale, 9U);
    EXPECT_EQ(asked.options.mss, 1460U);
    EXPECT_EQ(asked.options.ts_value, 78U);
    EXPECT_EQ(asked.window, 65535U) << "500 << 9, as far as a SYN can say it";
    EXPECT_EQ(lab.flows(TcpState::syn_sent), 1U);
}

TEST_F(Proxy, AForgedAckIsNobodys) {
    Packet ack = ack_of(cookie());
    ack.ack ^= 0x100;
    EXPECT_NE(lab.feed(ack).reason, Reason::cookie_accepted);
    EXPECT_EQ(lab.counters().cookies_refused.get(), 1U);
    EXPECT_EQ(lab.counters().cookies_accepted.get(), 0U);
}

TEST_F(Proxy, AnAckWithoutACookiePassesAndBeginsNothing) {
    const Verdict v = lab.client({}, A, 70000, 80000, 100);
    EXPECT_EQ(v.disposal, Disposal::forward);
    EXPECT_EQ(v.reason, Reason::no_cookie);
    EXPECT_EQ(lab.counters().flows_created.get(), 0U);
    lab.policy.mid_stream = MidStream::refuse;
    EXPECT_EQ(lab.client({}, A, 70000, 80000, 100).disposal, Disposal::drop);
}

TEST_F(Proxy, AConnectionThatStoodBeforeIsPickedUpFromItsServer) {
    EXPECT_EQ(lab.server({}, A, 80000, 70000, 10).state, TcpState::unverified);
    EXPECT_EQ(lab.client({}, A, 70000, 80010, 10).state, TcpState::established);
}

TEST_F(Proxy, AnUnverifiedFlowIsNotInTheWayOfACookie) {
    const Craft answer = cookie();
    lab.server({}, A, 80000, 70000, 10);  // something late of an older connection
    ASSERT_EQ(lab.flows(TcpState::unverified), 1U);
    EXPECT_EQ(lab.feed(ack_of(answer)).reason, Reason::cookie_accepted);
    EXPECT_EQ(lab.flows(TcpState::unverified), 0U);
    lab.feed(syn_ack());
    EXPECT_EQ(lab.flows(TcpState::established), 1U);
}

TEST_F(Proxy, AnUnverifiedFlowStaysWhereTheCookieIsNone) {
    lab.server({}, A, 80000, 70000, 10);
    EXPECT_NE(lab.client({}, A, 99, 98, 1).reason, Reason::no_cookie);
    EXPECT_EQ(lab.flows(TcpState::unverified), 1U);
}

TEST_F(Proxy, AWindowProbeStandsForTheLostAck) {
    Packet probe = ack_of(cookie());
    probe.seq = kClientIsn;
    EXPECT_EQ(lab.feed(probe).reason, Reason::cookie_accepted);
    EXPECT_EQ(lab.frames.at(0).seq, kClientIsn);
}

TEST_F(Proxy, SecondLooksAreFewSoThatGuessesAreNotTwiceAsGood) {
    lab.policy.mid_stream = MidStream::refuse;
    const Packet ack = ack_of(cookie());
    for (std::uint32_t n = 0; n < 100; ++n) {
        Packet guess = ack;
        guess.ack += 0x100 * (n + 1);
        lab.feed(guess);
    }
    Packet probe = ack;
    probe.seq = kClientIsn;
    EXPECT_NE(lab.feed(probe).reason, Reason::cookie_accepted) << "this second's are used up";
    lab.now += 1s;
    probe.time = lab.now;
    EXPECT_EQ(lab.feed(probe).reason, Reason::cookie_accepted);
}

TEST_F(Proxy, JoinsBothHalves) {
    const Craft answer = cookie();
    lab.feed(ack_of(answer));
    lab.frames.clear();
    lab.feed(syn_ack());
    ASSERT_EQ(lab.frames.size(), 2U);
    const Craft &to_server = lab.frames[0], &to_client = lab.frames[1];
    EXPECT_EQ(to_server.from, client_side());
    EXPECT_EQ(to_server.seq, kClientIsn + 1);
    EXPECT_EQ(to_server.ack, kServerIsn + 1);
    EXPECT_EQ(to_server.window, 65535U >> 9U);
    EXPECT_EQ(to_server.options.ts_echo, 900U);
    EXPECT_EQ(to_client.seq, answer.seq + 1);
    EXPECT_EQ(to_client.ack, kClientIsn + 1);
    EXPECT_EQ(to_client.window, 60000U >> 7U) << "its window opens";
    EXPECT_LE(answer.options.ts_value, to_client.options.ts_value) << "time does not run backwards";
    EXPECT_EQ(lab.flows(TcpState::established), 1U);
    EXPECT_EQ(lab.counters().proxied.get(), 1U);
}

TEST_F(Proxy, NothingLooksOlderThanTheCookieOfAnApplianceWhoseClockIsAhead) {
    const Craft mine = cookie();
    Packet ack = ack_of(mine);
    ack.options.ts_echo += 700;
    lab.feed(ack);
    lab.frames.clear();
    ack.seq = kClientIsn;
    lab.feed(ack);
    ASSERT_EQ(lab.frames.size(), 1U) << "the answer to a probe";
    EXPECT_GE(lab.frames[0].options.ts_value, ack.options.ts_echo);
    lab.feed(syn_ack());
    const std::uint32_t update = lab.frames.back().options.ts_value;
    EXPECT_GE(update, ack.options.ts_echo);
    EXPECT_LT(update, ack.options.ts_echo + 64) << "a cookie's stamp is rounded down by up to 63";
    lab.client({}, A, kClientIsn + 1, mine.seq + 1, 100);
    EXPECT_EQ(900U - lab.rewrites.at(0).by.stamp, update) << "and goes on from there";
}

TEST_F(Proxy, StampsFollowTheFleetsClock) {
    const std::uint32_t here = cookie().options.ts_value;
    posture.ahead = 5s;
    lab.feed(syn);
    EXPECT_NEAR(lab.answers.back().options.ts_value - here, 5000, 64);
}

TEST_F(Proxy, TranslatesBothWaysForLife) {
    const std::uint32_t c = connect();
    const Verdict up = lab.client({}, A, kClientIsn + 1, c + 1, 100);
    EXPECT_EQ(up.disposal, Disposal::translate);
    EXPECT_EQ(up.reason, Reason::none);
    ASSERT_EQ(lab.rewrites.size(), 1U);
    EXPECT_TRUE(lab.rewrites[0].from_client);
    EXPECT_EQ(lab.rewrites[0].by.seq, kServerIsn - c);
    const Verdict down = lab.server({}, A, kServerIsn + 1, kClientIsn + 101, 50);
    EXPECT_EQ(down.disposal, Disposal::translate);
    EXPECT_FALSE(lab.rewrites[1].from_client);
    lab.client({}, F, kClientIsn + 101, c + 51);
    lab.server({}, F, kServerIsn + 51, kClientIsn + 102);
    EXPECT_EQ(lab.client({}, A, kClientIsn + 102, c + 52).state, TcpState::time_wait);
    lab.pass(16s);
    EXPECT_EQ(lab.counters().proxied.get(), 0U);
}

TEST_F(Proxy, ASegmentOutsideOfTheTranslatedWindowIsInvalid) {
    connect();
    EXPECT_EQ(lab.client({}, A, kClientIsn + 1, kServerIsn + 1, 10).ct, CtVerdict::invalid)
        << "the server's own number, which the client cannot know";
}

TEST_F(Proxy, ResetsNameTheNumbersThatEachEndKnows) {
    lab.policy.actions[static_cast<std::size_t>(Cause::idle)] = Action::evict_reset;
    const std::uint32_t c = connect();
    lab.client({}, A, kClientIsn + 1, c + 1, 100);
    lab.server({}, A, kServerIsn + 1, kClientIsn + 101);
    lab.frames.clear();
    lab.pass(7441s);
    ASSERT_EQ(lab.frames.size(), 2U);
    for (const Craft& rst : lab.frames)
        EXPECT_EQ(rst.seq, rst.from == client_side() ? kClientIsn + 101 : c + 1);
}

TEST_F(Proxy, ProbesNameTheNumbersThatEachEndKnows) {
    lab.policy.probe.on = true;
    const std::uint32_t c = connect();
    lab.client({}, A, kClientIsn + 1, c + 1, 100);
    lab.server({}, A, kServerIsn + 1, kClientIsn + 101, 50);
    lab.client({}, A, kClientIsn + 101, c + 51);
    lab.frames.clear();
    lab.pass(7441s);
    ASSERT_EQ(lab.frames.size(), 2U);
    for (const Craft& probe : lab.frames) {
        const bool to_server = probe.from == client_side();
        EXPECT_EQ(probe.seq, to_server ? kClientIsn + 100 : c + 50) << "below what it has acknowledged";
        EXPECT_EQ(probe.ack, to_server ? kServerIsn + 51 : kClientIsn + 101);
    }
    EXPECT_EQ(lab.client({}, A, kClientIsn + 101, c + 51).reason, Reason::probe_answer);
    EXPECT_EQ(lab.server({}, A, kServerIsn + 51, kClientIsn + 101).reason, Reason::probe_answer);
}

TEST_F(Proxy, ASynBehindExtensionHeadersIsAnsweredAsAny) {
    constexpr std::array<std::uint8_t, 6> kPadding = {1, 4, 0, 0, 0, 0};
    const auto frame = FrameBuilder()
                           .ethernet()
                           .ipv6("2001:db8::1", "2001:db8::2")
                           .extension(0, kPadding)
                           .extension(60, kPadding)
                           .tcp(40000, 80)
                           .flags(S)
                           .seq(kClientIsn)
                           .bytes();
    Packet p;
    parse(frame, static_cast<std::uint32_t>(frame.size()), {}, p);
    ASSERT_EQ(p.kind, PacketKind::tcp) << name(p.reason);
    p.time = lab.now;
    p.frame = frame.data();
    know_service_of(p);
    EXPECT_EQ(lab.feed(lab.identified(p)).reason, Reason::cookie_sent);
    ASSERT_EQ(lab.answers.size(), 1U);
    EXPECT_EQ(lab.answers[0].ack, kClientIsn + 1);
}

TEST_F(Proxy, ARefusalBecomesTheRstThatTheClientAccepts) {
    const Craft answer = cookie();
    lab.feed(ack_of(answer));
    lab.frames.clear();
    lab.server({}, R | A, 0, kClientIsn + 1);
    ASSERT_EQ(lab.frames.size(), 1U);
    EXPECT_EQ(lab.frames[0].seq, answer.seq + 1);
    EXPECT_NE(lab.frames[0].from, client_side());
    EXPECT_EQ(lab.told(Reason::server_refused), 1U);
    EXPECT_EQ(lab.counters().flows_ended.get(), 1U);
}

/// With records, and with histories in brief.
class ProxiedAttempt : public Proxy, public testing::WithParamInterface<Recording> {
protected:
    ProxiedAttempt() : Proxy(GetParam()) {}
    /// The one flow's.
    Attempt ended() {
        lab.finish();
        const auto ends = lab.of(EventKind::flow_end);
        EXPECT_EQ(ends.size(), 1U);
        return ends.empty() ? Attempt::none : ends[0].attempt;
    }
};
INSTANTIATE_TEST_SUITE_P(Of, ProxiedAttempt, testing::Values(Recording::on, Recording::off),
                         [](const auto& i) { return i.param == Recording::on ? "Records" : "BriefHistory"; });

TEST_P(ProxiedAttempt, RefusedByTheServer) {
    lab.feed(ack_of(cookie()));
    lab.server({}, R | A, 0, kClientIsn + 1);
    EXPECT_EQ(ended(), Attempt::refused);
    EXPECT_EQ(label_of(Attempt::refused, {.service_flooded = true}), Label::closed);
}

TEST_P(ProxiedAttempt, OfASilentServerIsNoForgery) {
    lab.feed(ack_of(cookie()));
    lab.pass(60s);
    EXPECT_EQ(ended(), Attempt::persistent);
    EXPECT_EQ(label_of(Attempt::persistent, {.service_flooded = true}), Label::backlog_overflow);
}

TEST_P(ProxiedAttempt, Used) {
    const std::uint32_t c = connect();
    lab.client({}, A, kClientIsn + 1, c + 1, 100);
    lab.server({}, A, kServerIsn + 1, kClientIsn + 101, 50);
    EXPECT_EQ(ended(), Attempt::used);
    EXPECT_EQ(lab.of(EventKind::flow_end)[0].warm.sent[client_side()].packets, 3U);
}

TEST_P(ProxiedAttempt, LeavesTheTranslationAsItIs) {
    know({1400, 7, kAllFeatures, ServerProfile::kScale});
    const std::uint32_t c = connect();
    lab.client({}, A, kClientIsn + 1, c + 1, 100);
    lab.client({}, F, kClientIsn + 101, c + 1);
    lab.client({}, A, kClientIsn + 102, c + 1);
    for (const Rewrite& r : lab.rewrites) EXPECT_EQ(r.by, (tcp::Translation{kServerIsn - c, 0}));
}

TEST_P(ProxiedAttempt, Empty) {
    const std::uint32_t c = connect();
    lab.client({}, F, kClientIsn + 1, c + 1);
    EXPECT_EQ(ended(), Attempt::empty);
}

TEST_F(Proxy, ARefusalOfSomethingElseChangesNothing) {
    lab.feed(ack_of(cookie()));
    lab.server({}, R | A, 0, kClientIsn + 2);
    EXPECT_EQ(lab.flows(TcpState::syn_sent), 1U);
}

TEST_F(Proxy, ASilentServerIsAskedSixTimesThenTheClientIsTold) {
    const Craft answer = cookie();
    lab.feed(ack_of(answer));
    for (int second = 0; second < 12; ++second) lab.pass(1s);
    const auto asked =
        std::count_if(lab.frames.begin(), lab.frames.end(), [](const Craft& f) { return f.flags.bits == S; });
    EXPECT_EQ(asked, 6);
    EXPECT_EQ(lab.told(Reason::server_silent), 1U);
    EXPECT_EQ(std::count_if(lab.frames.begin(), lab.frames.end(),
                            [&](const Craft& f) { return f.flags.bits == R && f.seq == answer.seq + 1; }),
              1);
}

TEST_F(Proxy, TimeThatPassesInOneStepEndsItAtTheSameInstant) {
    lab.feed(ack_of(cookie()));
    lab.pass(60s);
    EXPECT_EQ(lab.told(Reason::server_silent), 1U);
    ASSERT_EQ(lab.of(EventKind::flow_end).size(), 1U);
    EXPECT_LT(lab.of(EventKind::flow_end)[0].time, lab.now - 50s);
}

TEST_F(Proxy, ProbesAreAnsweredWhileTheServerIsAwaited) {
    const Craft answer = cookie();
    lab.feed(ack_of(answer));
    lab.frames.clear();
    Packet probe = ack_of(answer);
    lab.feed(probe);
    EXPECT_TRUE(lab.frames.empty()) << "a repeated ACK asks for nothing";
    probe.seq = kClientIsn;
    EXPECT_EQ(lab.feed(probe).disposal, Disposal::consume);
    ASSERT_EQ(lab.frames.size(), 1U);
    EXPECT_EQ(lab.frames[0].seq, answer.seq + 1);
    EXPECT_EQ(lab.frames[0].window, 0U);
}

TEST_F(Proxy, AServerThatBreaksThePromiseEndsIt) {
    lab.feed(ack_of(cookie()));
    Packet other_scale = syn_ack();
    other_scale.options.window_scale = 3;
    lab.feed(other_scale);
    EXPECT_EQ(lab.told(Reason::server_differs), 1U);
    Observation seen;
    ASSERT_TRUE(lab.tracker().observations().pop(seen)) << "and it is learned";
    EXPECT_EQ(seen.profile.scale, 3U);
}

TEST_F(Proxy, SoDoesOneWithoutEcn) {
    syn.flags.bits = S | TcpFlags::kEce | TcpFlags::kCwr;
    const Craft answer = cookie();
    EXPECT_TRUE(answer.flags.has(TcpFlags::kEce));
    lab.feed(ack_of(answer));
    EXPECT_TRUE(lab.frames.back().flags.has(TcpFlags::kEce));
    lab.feed(syn_ack());
    EXPECT_EQ(lab.told(Reason::server_differs), 1U);
}

TEST_F(Proxy, AnOlderConnectionOfTheServerMakesWay) {
    lab.feed(ack_of(cookie()));
    lab.frames.clear();
    lab.server({}, A, 90000, 80000);
    ASSERT_EQ(lab.frames.size(), 1U);
    EXPECT_EQ(lab.frames[0].flags.bits, R);
    EXPECT_EQ(lab.frames[0].seq, 80000U);
    lab.feed(syn_ack());
    EXPECT_EQ(lab.flows(TcpState::established), 1U);
}

TEST_F(Proxy, NobodyOnTheOtherSideSpeaksForTheClient) {
    lab.feed(ack_of(cookie()));
    Packet forged = lab.packet({}, true, R, kClientIsn + 1);
    forged.port = 1;
    EXPECT_EQ(lab.feed(forged).reason, Reason::wrong_port);
    EXPECT_EQ(lab.flows(TcpState::syn_sent), 1U);
}

TEST_F(Proxy, IPv6Likewise) {
    const Tuple tuple{.ipv6 = true};
    syn = with_options(lab.packet(tuple, true, S, kClientIsn));
    know_service_of(syn);
    const Craft answer = cookie();
    Packet ack = lab.packet(tuple, true, A, kClientIsn + 1, answer.seq + 1);
    EXPECT_EQ(lab.feed(ack).reason, Reason::cookie_accepted);
}

TEST(Observing, TellsWhatServersSayUntilItIsKnown) {
    Lab lab;
    lab.connect({});
    Observation seen;
    ASSERT_TRUE(lab.tracker().observations().pop(seen));
    EXPECT_FALSE(seen.closed);
    EXPECT_EQ(seen.profile.mss, 536U) << "it said nothing";
    Posture posture;
    auto known = std::make_shared<ServerProfiles>();
    known->put(seen.service, seen.profile);
    posture.profiles = known;
    lab.posture = &posture;
    lab.connect(tuple(1));
    EXPECT_FALSE(lab.tracker().observations().pop(seen));
    lab.client(tuple(2), S, 1000);
    lab.server(tuple(2), R | A, 0, 1001);
    ASSERT_TRUE(lab.tracker().observations().pop(seen));
    EXPECT_TRUE(seen.closed) << "a refusal";
}

}  // namespace
}  // namespace ajar::test
