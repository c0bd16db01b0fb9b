// From what shards count to a posture: marks, cookies in flight, purge, keys, and any number of shards.
#include "ajar/defence/defence.hpp"

#include "watch.hpp"

namespace ajar::test {
namespace {

TEST(Defence, IsCalmWhileNothingHappens) {
    Watch watch;
    watch.lab.connect({});
    EXPECT_FALSE(watch.update().active);
}

TEST(Defence, AServiceAboveTheMarkIsAnsweredFor) {
    Watch watch;
    watch.lab.connect(tuple(9999));  // it was seen to answer
    watch.syns(0, kHigh - 1);
    EXPECT_FALSE(watch.update().active);
    watch.syns(1000, 1);
    EXPECT_TRUE(watch.update().active);
    EXPECT_TRUE(watch.flooded());
}

TEST(Defence, AnotherServiceIsLeftAlone) {
    Watch watch;
    watch.lab.connect(tuple(9999));
    Tuple other_port = tuple(9998);
    other_port.server_port = 81;
    watch.lab.connect(other_port);
    watch.syns(0, kHigh);
    watch.update();
    other_port.client += 1;
    watch.lab.client(other_port, S, 1000);
    EXPECT_TRUE(watch.lab.answers.empty());
}

TEST(Defence, CookiesOfOneServiceAreNoReasonToAnswerForAll) {
    Watch watch;
    watch.lab.connect(tuple(9999));
    Tuple other_port = tuple(9998);
    other_port.server_port = 81;
    watch.lab.connect(other_port);
    watch.syns(0, kHigh);
    watch.update();
    watch.syns(1000, 1U << 12U);  // more than the embryonic store has places
    watch.update();
    ASSERT_GE(watch.lab.answers.size(), 1U << 12U);
    EXPECT_FALSE(watch.update().every_service);
    other_port.client += 1;
    EXPECT_EQ(watch.lab.client(other_port, S, 1000).disposal, Disposal::forward);
}

TEST(Defence, CookiesInFlightKeepTheGateOpen) {
    Watch watch;
    watch.lab.connect(tuple(9999));
    watch.syns(0, kHigh);
    watch.update();
    watch.lab.pass(31s);  // those that were tracked are gone
    for (std::uint32_t n = 0; n < 10; ++n) {
        watch.syns(2000 + n * 100, kLow + 5);
        watch.update(1s);
        EXPECT_TRUE(watch.flooded()) << n;
    }
}

TEST(Defence, LeavesWhenItHasBeenQuietForTheDwell) {
    Watch watch;
    watch.lab.connect(tuple(9999));
    watch.syns(0, kHigh);
    watch.update();
    EXPECT_TRUE(watch.flooded());
    for (int second = 0; second < 20; ++second) watch.update(1s);
    EXPECT_FALSE(watch.flooded());
    const Posture& later = watch.update();
    EXPECT_FALSE(later.flooded.holds(0) || !later.flooded.empty());
    EXPECT_FALSE(later.lately.empty()) << "late cookies are still accepted";
}

struct ByChallenges : testing::Test {
    ByChallenges() { watch.lab.policy.defence.method = SynProof::challenge; }
    Watch watch;
};

TEST_F(ByChallenges, NobodyNeedsToHaveSeenTheServer) {
    watch.syns(0, kHigh);
    EXPECT_TRUE(watch.update().active);
    EXPECT_TRUE(watch.flooded());
    EXPECT_EQ(watch.lab.answers.back().flags.bits, A);
}

TEST_F(ByChallenges, ThoseInFlightKeepTheGateOpen) {
    watch.syns(0, kHigh);
    watch.update();
    watch.lab.pass(31s);  // those that were tracked are gone
    for (std::uint32_t n = 0; n < 10; ++n) {
        watch.syns(2000 + n * 100, kLow + 5);
        watch.update(1s);
        EXPECT_TRUE(watch.flooded()) << n;
    }
}

TEST_F(ByChallenges, WhoHasProvenHimselfIsInFlightNoLonger) {
    watch.syns(0, kHigh);
    watch.update();
    bool open = true;
    std::uint32_t visitor = 1000;
    for (int second = 0; second < 20 && open; ++second) {
        for (int n = 0; n < 50; ++n) watch.visit(visitor++);
        open = !watch.update(1s).flooded.empty();
    }
    EXPECT_FALSE(open) << "fifty visitors a second are no flood";
    EXPECT_EQ(watch.lab.flows(TcpState::established), visitor - 1000) << "and each was served";
    EXPECT_GT(watch.lab.counters().challenges_met.get(), 100U);
}

TEST_F(ByChallenges, AFullStoreHasEverySynChallenged) {
    watch.lab.policy.defence.service_high = 1U << 20U;
    for (std::uint32_t n = 0; n < 5000; ++n) {
        Tuple t = tuple(n);
        t.server_port = static_cast<std::uint16_t>(n);
        watch.lab.client(t, S, 1000);
    }
    EXPECT_TRUE(watch.update().every_service);
    Tuple unknown = tuple(60'000);
    unknown.server_port = 12345;
    EXPECT_EQ(watch.lab.client(unknown, S, 1000).reason, Reason::challenge_sent);
}

TEST(Defence, WhatWasHalfOpenBeforeGivesWay) {
    Watch watch;
    watch.lab.connect(tuple(9999));
    for (std::uint32_t n = 0; n < kHigh; ++n) {
        watch.lab.client(tuple(n), S, 1000);
        watch.lab.server(tuple(n), SA, 5000, 1001);
    }
    watch.syns(1000, 3);
    watch.update();
    watch.update(900ms);
    EXPECT_EQ(watch.lab.flows(TcpState::syn_recv), kHigh);
    watch.update(200ms);
    watch.update();
    EXPECT_EQ(watch.lab.flows(TcpState::syn_recv), 0U);
    EXPECT_EQ(watch.lab.flows(TcpState::syn_sent), 0U) << "they will ask again, and get a cookie";
    EXPECT_EQ(watch.lab.told(Reason::backlog_freed), kHigh + 3);
    EXPECT_EQ(watch.lab.frames.size(), kHigh) << "each frees a place of the server's";
}

/// So many tuples whose partition is that of the first.
std::vector<Tuple> neighbours(Lab& lab, std::size_t n) {
    std::vector<Tuple> out;
    for (std::uint32_t i = 0; out.size() < n; ++i) {
        if (lab.packet(tuple(i), true, S, 0).partition == lab.packet(tuple(0), true, S, 0).partition)
            out.push_back(tuple(i));
    }
    return out;
}

/// When how many gave way: of 600 flows in one partition, collected `budget` at a time.
std::vector<std::pair<Time, std::uint64_t>> giving_way(std::size_t budget) {
    Watch watch(1, {1U << 12U, 1U << 17U, 1U << 12U, 25, 25});
    watch.lab.connect(tuple(99'999));
    const auto flows = neighbours(watch.lab, 600);
    for (const Tuple& t : flows) watch.lab.client(t, S, 1000);
    watch.lab.server(flows[1], SA, 5000, 1001);
    watch.update();
    watch.update(1020ms);
    std::vector<std::pair<Time, std::uint64_t>> story;
    while (story.size() < 2 || story.back().second != story[story.size() - 2].second) {
        watch.lab.pass(10ms, budget);
        EXPECT_EQ(watch.lab.flows(TcpState::syn_recv), 0U) << "the server's backlog comes first";
        story.emplace_back(watch.lab.now, watch.lab.told(Reason::backlog_freed));
        if (story.size() == 1) watch.lab.server(flows[256], R | A, 0, 1001);  // where the walk stands
    }
    return story;
}

TEST(Defence, ManyGiveWayAFewEachTick) {
    const auto story = giving_way(1U << 20U);
    ASSERT_EQ(story.size(), 4U);
    EXPECT_EQ(story[0].second, 256U);
    EXPECT_EQ(story[3].second, 599U) << "one left by itself";
    EXPECT_EQ(story, giving_way(64)) << "however the calls are cut";
}

TEST(Defence, OffIsOff) {
    Watch watch;
    watch.lab.policy.defence.answer = Answering::off;
    watch.lab.connect(tuple(9999));
    watch.syns(0, 10 * kHigh);
    EXPECT_FALSE(watch.update().active);
}

TEST(Defence, WithoutCookiesAFullStoreStillShortensTimers) {
    Watch watch;
    watch.lab.policy.defence.answer = Answering::off;
    watch.syns(0, 2800);
    const Posture& full = watch.update();
    EXPECT_LT(full.share, kWholeShare);
    EXPECT_TRUE(full.on(Rung::shorter_timers));
    EXPECT_FALSE(full.active);
    watch.lab.pass(29s);
    EXPECT_EQ(watch.lab.flows(TcpState::syn_sent), 0U) << "of 30 s";
}

TEST(Defence, InObserveItSaysWhatWouldBeDoneAndChangesNothing) {
    Watch watch;
    watch.lab.policy.mode = Mode::observe;
    watch.lab.policy.actions[static_cast<std::size_t>(Cause::embryonic_stale)] = Action::evict;
    watch.lab.connect(tuple(9999));
    watch.syns(0, 2800);
    EXPECT_LT(watch.update().share, kWholeShare);
    watch.syns(5000, 7);
    EXPECT_EQ(watch.lab.counters().would_answer.get(), 7U);
    EXPECT_TRUE(watch.lab.answers.empty());
    watch.update(2s);
    watch.update();
    EXPECT_EQ(watch.lab.told(Reason::backlog_freed), 0U);
    watch.lab.pass(27s);
    EXPECT_EQ(watch.lab.told(Reason::stale_syn_sent), 0U);
}

TEST(Defence, CookiesSwitchedOffAreOffAtOnce) {
    Watch watch;
    watch.lab.connect(tuple(9999));
    watch.syns(0, kHigh);
    watch.update();
    EXPECT_TRUE(watch.flooded());
    watch.lab.policy.defence.answer = Answering::off;
    watch.update();
    EXPECT_FALSE(watch.flooded());
}

TEST(Defence, ASourceAboveItsLimitIsRefused) {
    Watch watch;
    watch.lab.policy.defence.answer = Answering::off;
    watch.lab.policy.defence.source_limit = 5;
    Tuple one = tuple(0);
    for (std::uint16_t n = 0; n < 5; ++n) {
        one.client_port = static_cast<std::uint16_t>(30000 + n);
        watch.lab.client(one, S, 1000);
    }
    watch.update();
    one.client_port = 31000;
    EXPECT_EQ(watch.lab.client(one, S, 1000).reason, Reason::source_limit);
    EXPECT_EQ(watch.lab.client(tuple(77), S, 1000).disposal, Disposal::forward);
}

TEST(Defence, AFullStoreShortensTimersAndAnswersForAll) {
    Watch watch;
    watch.lab.policy.defence.service_high = 1U << 20U;
    watch.lab.connect(tuple(9999));
    watch.syns(0, 2100);
    EXPECT_EQ(watch.update().share, embryonic_share(2100 * 1000 / 3072)) << "three quarters are IPv4's";
    watch.syns(3000, 3000);  // partitions fill unevenly
    const Posture& full = watch.update();
    EXPECT_TRUE(full.every_service);
    EXPECT_TRUE(full.on(Rung::cookies));
    EXPECT_TRUE(watch.flooded());
}

TEST(Defence, KeysChangeWithThePeriodAndInItsLastSecond) {
    Watch watch;
    const auto first = watch.update().keys;
    EXPECT_EQ(watch.update(10ms).keys, first);
    const auto second = watch.update(tcp::cookie::kPeriod).keys;
    EXPECT_NE(second, first);
}

/// Another appliance, started at another moment, whose workers' clock differs.
TEST(Defence, AFleetsKeysFollowTheWallClock) {
    Watch here, there;
    there.lab.now += 7s;
    here.ahead = 7s;
    const Packet syn = here.lab.packet({}, true, S, 1000);
    const auto cookie = tcp::cookie::seal(*here.update().keys, syn);
    EXPECT_EQ(cookie, tcp::cookie::seal(*there.update().keys, syn));
    EXPECT_EQ(here.update().ahead, 7s);
    EXPECT_EQ(there.update().ahead, 0s);
    here.ahead = -60s;  // somebody has set the clock
    EXPECT_NE(cookie, tcp::cookie::seal(*here.update().keys, syn));
}

class ByAnyMethod : public testing::TestWithParam<SynProof> {};
INSTANTIATE_TEST_SUITE_P(Of, ByAnyMethod,
                         testing::Values(SynProof::cookie, SynProof::challenge, SynProof::challenge_cookie));

/// The same packets, spread over one, two and three shards, lead to the same postures.
TEST_P(ByAnyMethod, DoesNotDependOnTheNumberOfShards) {
    std::vector<std::vector<std::string>> stories;
    for (const std::size_t shards : {1U, 2U, 3U}) {
        Watch watch(shards);
        watch.lab.policy.defence.method = GetParam();
        auto& story = stories.emplace_back();
        watch.lab.connect(tuple(9999));
        for (std::uint32_t n = 0; n < 60; ++n) {
            watch.syns(n * 100, n % 7);
            watch.syns(n / 3 * 100, 1);  // some ask three times
            const Posture& p = watch.update(n % 5 == 0 ? 700ms : 10ms);
            story.push_back(std::to_string(p.flooded.size()) + " " + std::to_string(p.lately.size()) + " " +
                            std::to_string(p.purge) + " " + std::to_string(p.share) + " " +
                            std::to_string(watch.lab.answers.size()));
        }
    }
    EXPECT_EQ(stories[0], stories[1]);
    EXPECT_EQ(stories[0], stories[2]);
    EXPECT_NE(stories[0].back().substr(0, 2), "0 ") << "the gate opened";
}

}  // namespace
}  // namespace ajar::test
