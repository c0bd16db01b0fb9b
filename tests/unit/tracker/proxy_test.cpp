// Cookies, the handshake with the server, and the translated life that follows.
#include "ajar/defence/defence.hpp"
#include "lab.hpp"

namespace ajar::test {
namespace {

constexpr std::uint8_t kAllFeatures =
    ServerProfile::kScale | ServerProfile::kSack | ServerProfile::kTimestamps | ServerProfile::kEcn;
constexpr std::uint32_t kClientIsn = 1000, kServerIsn = 5000;

struct Proxy : testing::Test {
    Lab lab;
    Posture posture;
    Packet syn = with_options(lab.packet({}, true, S, kClientIsn));

    Proxy() {
        posture.active = posture.every_service = true;
        posture.keys = std::make_shared<tcp::cookie::Keys>(tcp::cookie::Secret{1, 2}, lab.now);
        know({1400, 7, kAllFeatures, kAllFeatures});
        lab.posture = &posture;
    }

    /// The service of the lab's tuple.
    [[nodiscard]] std::uint64_t service() const {
        const Side server = other(syn.side);
        return keyed_hash(
            count_key(CountKind::service, syn.v4.address[server], syn.v4.zone, syn.v4.port[server]),
            prepare(hash_key_from_seed(1)));
    }
    void know(const ServerProfile& profile) {
        auto known = std::make_shared<ServerProfiles>();
        known->put(service(), profile);
        posture.profiles = known;
    }
    static Packet with_options(Packet p) {
        p.options.present = TcpOptions::kMss | TcpOptions::kWindowScale | TcpOptions::kSackPermitted |
                            TcpOptions::kTimestamps;
        p.options.mss = 1460;
        p.options.window_scale = 9;
        p.options.ts_value = 77;
        return p;
    }

    /// The answer to the SYN.
    Craft cookie() {
        const Verdict v = lab.feed(syn);
        EXPECT_EQ(v.disposal, Disposal::answer);
        EXPECT_EQ(lab.answers.size(), 1U);
        return lab.answers.back();
    }
    /// The client's ACK of it.
    Packet ack_of(const Craft& answer) {
        Packet p = lab.packet({}, true, A, kClientIsn + 1, answer.seq + 1);
        p.options.present = TcpOptions::kTimestamps;
        p.options.ts_value = 78;
        p.options.ts_echo = answer.options.ts_value;
        p.window = 500;
        return p;
    }
    Packet syn_ack() {
        Packet p = with_options(lab.packet({}, false, SA, kServerIsn, kClientIsn + 1));
        p.options.window_scale = 7;
        p.options.ts_value = 900;
        p.options.ts_echo = 78;
        p.window = 60000;
        return p;
    }
    /// Both halves; the cookie.
    std::uint32_t connect() {
        const Craft answer = cookie();
        EXPECT_EQ(lab.feed(ack_of(answer)).reason, Reason::cookie_accepted);
        EXPECT_EQ(lab.feed(syn_ack()).reason, Reason::proxy_established);
        return answer.seq;
    }
    Side client_side() const { return syn.side; }
};

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

TEST_F(Proxy, WhatOnlyTheServerCanAnswerPasses) {
    syn.options.present |= TcpOptions::kEndToEnd;
    EXPECT_EQ(lab.feed(syn).disposal, Disposal::forward);
    EXPECT_TRUE(lab.answers.empty());
}

TEST_F(Proxy, AServiceThatNobodySawAnsweringGetsItsOwnSyns) {
    posture.profiles = std::make_shared<ServerProfiles>();
    EXPECT_EQ(lab.feed(syn).disposal, Disposal::forward);
}

TEST_F(Proxy, ASynWhoseOptionsAreCutOffFindsNoWayAround) {
    Packet piece = syn;
    piece.kind = PacketKind::refused;
    piece.reason = Reason::fragment_too_small;
    EXPECT_EQ(lab.feed(piece).disposal, Disposal::drop);
    posture.active = false;
    EXPECT_EQ(lab.feed(piece).disposal, Disposal::forward);
}

TEST_F(Proxy, InObserveNothingIsAnswered) {
    lab.policy.mode = Mode::observe;
    EXPECT_EQ(lab.feed(syn).disposal, Disposal::forward);
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
    const Side server = other(syn.side);
    auto known = std::make_shared<ServerProfiles>();
    known->put(
        keyed_hash(count_key(CountKind::service, syn.v6.address[server], syn.v6.zone, syn.v6.port[server]),
                   prepare(hash_key_from_seed(1))),
        {1400, 7, kAllFeatures, kAllFeatures});
    posture.profiles = known;
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
