// What is told of the defence: by name, once when it begins and once when it is over, within bounds.
#include "ajar/defence/herald.hpp"

#include "support/services.hpp"
#include "watch.hpp"

namespace ajar::test {
namespace {

CountKey service_name(std::uint32_t address, std::uint16_t port) {
    return count_key(CountKind::service, be32::of(address), 0, be16::of(port));
}
CountKey source_name(std::uint32_t address) { return count_key(CountKind::source, be32::of(address), 0); }

std::vector<Change> changes_of(const Watch& watch, ChangeKind kind) {
    std::vector<Change> out;
    for (const Change& c : watch.told)
        if (c.kind == kind) out.push_back(c);
    return out;
}

/// SYNs of one source, by ports from `first` on.
void ask_as(Watch& watch, std::uint32_t client, std::uint16_t first, unsigned n) {
    for (unsigned i = 0; i < n; ++i)
        watch.lab.client({client, static_cast<std::uint16_t>(first + i)}, S, 1000);
}
void connect_as(Watch& watch, std::uint32_t client, std::uint16_t first, unsigned n) {
    for (unsigned i = 0; i < n; ++i)
        try_to_connect(watch.lab, {client, static_cast<std::uint16_t>(first + i)});
}

TEST(Herald, SaysNothingWhileNothingHappens) {
    Watch watch;
    watch.lab.connect({});
    for (int n = 0; n < 10; ++n) watch.update(1s);
    EXPECT_TRUE(watch.told.empty());
}

TEST(Herald, NamesAFloodedServiceOnceAndItsEnd) {
    Watch watch;
    watch.lab.connect(tuple(9999));
    watch.syns(0, kHigh + 2);
    watch.update();
    const Time began = watch.lab.now;
    for (int n = 0; n < 40; ++n) watch.update(1s);
    const auto on = changes_of(watch, ChangeKind::flooded), off = changes_of(watch, ChangeKind::flood_over);
    ASSERT_EQ(on.size(), 1U);
    ASSERT_EQ(off.size(), 1U);
    EXPECT_EQ(on[0].name, service_name(0x0a000002, 80));
    EXPECT_EQ(on[0].time, began);
    EXPECT_EQ(on[0].mode, Mode::enforce);
    EXPECT_TRUE(on[0].server_known);
    EXPECT_EQ(on[0].gauge, Gauge::half_open);
    EXPECT_EQ(on[0].value, kHigh + 2);
    EXPECT_EQ(on[0].enter, kHigh);
    EXPECT_EQ(on[0].leave, kLow);
    EXPECT_EQ(off[0].name, on[0].name);
    EXPECT_EQ(off[0].since, began);
    EXPECT_GT(off[0].time, began + 2s);
    EXPECT_EQ(off[0].value, 0U);
    EXPECT_TRUE(watch.situation.now().empty());
}

TEST(Herald, SaysByWhatMethodItIsDefended) {
    Watch watch;
    watch.lab.policy.defence.method = SynProof::challenge;
    watch.syns(0, kHigh + 2);
    watch.update();
    const auto on = changes_of(watch, ChangeKind::flooded);
    ASSERT_EQ(on.size(), 1U);
    EXPECT_EQ(on[0].method, SynProof::challenge);
    EXPECT_TRUE(on[0].server_known) << "for a challenge nobody has to be known";
    EXPECT_EQ(sentence_of(on[0]), "its SYNs are challenged");
}

TEST(Herald, SaysWhereNoCookieCanBeSent) {
    Watch watch;
    watch.syns(0, kHigh);
    watch.update();
    ASSERT_EQ(changes_of(watch, ChangeKind::flooded).size(), 1U);
    EXPECT_FALSE(changes_of(watch, ChangeKind::flooded)[0].server_known);
}

TEST(Herald, NamesWhoFloodsSlowly) {
    Watch watch;
    watch.lab.connect(tuple(9999));
    for (std::uint32_t n = 0; n < kHigh; ++n) {
        watch.syns(n, 1);
        watch.update(700ms);
    }
    EXPECT_EQ(changes_of(watch, ChangeKind::flooded).size(), 1U);
}

TEST(Herald, NamesEachOfSeveral) {
    Watch watch;
    for (std::uint16_t port = 5; port > 0; --port) {
        for (std::uint32_t n = 0; n < kHigh; ++n) {
            Tuple t = tuple(port * 1000U + n);
            t.server_port = port;
            watch.lab.client(t, S, 1000);
        }
    }
    watch.update();
    const auto on = changes_of(watch, ChangeKind::flooded);
    ASSERT_EQ(on.size(), 5U);
    for (std::size_t i = 0; i < 5; ++i)
        EXPECT_EQ(on[i].name, service_name(0x0a000002, static_cast<std::uint16_t>(i + 1)));
    EXPECT_EQ(watch.situation.now().size(), 5U);
}

TEST(Herald, TellsOfARate) {
    Watch watch;
    watch.lab.policy.defence.service_rate = 100;
    watch.lab.policy.defence.service_high = 10'000;
    watch.lab.policy.defence.service_low = 5'000;
    watch.update();
    for (std::uint32_t n = 0; n < 10; ++n) {
        watch.syns(n * 100, 20);
        watch.update(100ms);
    }
    const auto on = changes_of(watch, ChangeKind::flooded);
    ASSERT_EQ(on.size(), 1U);
    EXPECT_EQ(on[0].gauge, Gauge::a_second);
    EXPECT_GE(on[0].value, 100U);
    EXPECT_LE(on[0].value, 220U);
    EXPECT_EQ(on[0].enter, 100U);
}

TEST(Herald, ALimitThatFlapsIsToldOnce) {
    Watch watch;
    watch.lab.policy.defence.answer = Answering::off;
    watch.lab.policy.defence.service_limit = 20;
    watch.syns(0, 20);
    for (std::uint32_t n = 0; n < 20; ++n) {
        EXPECT_FALSE(watch.update().full.empty());
        watch.lab.server(tuple(n), SA, 5000, 1001);
        watch.lab.client(tuple(n), A, 1001, 5001);
        EXPECT_TRUE(watch.update(100ms).full.empty());
        watch.syns(1000 + n, 1);
    }
    EXPECT_EQ(changes_of(watch, ChangeKind::limit_reached).size(), 1U);
    EXPECT_TRUE(changes_of(watch, ChangeKind::limit_left).empty());
    for (int n = 0; n < 400; ++n) watch.update(100ms);
    const auto off = changes_of(watch, ChangeKind::limit_left);
    ASSERT_EQ(off.size(), 1U);
    EXPECT_EQ(off[0].name, service_name(0x0a000002, 80));
    EXPECT_EQ(changes_of(watch, ChangeKind::limit_reached).size(), 1U);
}

TEST(Herald, ABlockedSourceIsNamedWithItsEnd) {
    Watch watch;
    watch.lab.policy.defence.source_limit = 10;
    watch.lab.policy.defence.block_time = 60s;
    ask_as(watch, 0x0a0a0a0a, 1000, 12);
    watch.update();
    auto on = changes_of(watch, ChangeKind::source_blocked);
    ASSERT_EQ(on.size(), 1U);
    EXPECT_EQ(on[0].name, source_name(0x0a0a0a0a));
    EXPECT_EQ(on[0].value, 12U);
    EXPECT_EQ(on[0].until, Time{});
    ASSERT_EQ(watch.situation.now().size(), 1U);
    while (changes_of(watch, ChangeKind::source_subsided).empty() && watch.lab.now < kStart + 60s)
        watch.update(1s);
    const auto calm = changes_of(watch, ChangeKind::source_subsided);
    ASSERT_EQ(calm.size(), 1U);
    EXPECT_NEAR(static_cast<double>((calm[0].until - watch.lab.now) / 1ms), 60'000, 30);
    EXPECT_EQ(calm[0].since, on[0].time);
    ASSERT_EQ(watch.situation.now().size(), 1U);
    EXPECT_EQ(watch.situation.now()[0].until, calm[0].until);
    while (changes_of(watch, ChangeKind::source_unblocked).empty() && watch.lab.now < calm[0].until + 60s)
        watch.update(1s);
    EXPECT_EQ(changes_of(watch, ChangeKind::source_unblocked).size(), 1U);
    EXPECT_LE(watch.lab.now, calm[0].until + 1s);
    EXPECT_TRUE(watch.situation.now().empty());
}

TEST(Herald, ABlockThatIsRenewedEndsLater) {
    Watch watch;
    watch.lab.policy.defence.source_rate = 10;
    watch.lab.policy.defence.block_time = 20s;
    watch.update();
    for (std::uint16_t n = 0; n < 20; ++n) {
        connect_as(watch, 0x0a0a0a0a, static_cast<std::uint16_t>(1000 + 20 * n), 5);
        watch.update(100ms);
    }
    for (int n = 0; n < 5; ++n) watch.update(1s);
    const auto calm = changes_of(watch, ChangeKind::source_subsided);
    ASSERT_EQ(calm.size(), 1U) << "what is dropped begins no connection";
    EXPECT_EQ(changes_of(watch, ChangeKind::source_blocked).size(), 1U);
    while (watch.lab.now < calm[0].until + 1s) watch.update(1s);
    EXPECT_EQ(changes_of(watch, ChangeKind::source_unblocked).size(), 1U);
}

TEST(Herald, NamesNoMoreThanItsBound) {
    Watch watch(1, {1U << 16U, 1U << 16U, 1U << 12U, 25, 25});
    watch.lab.policy.defence.service_high = 1U << 20U;
    watch.lab.policy.defence.source_limit = 5;
    watch.lab.policy.defence.block_time = 60s;
    for (std::uint32_t n = 0; n < 300; ++n) ask_as(watch, 0x0b000000 + n, 1000, 12);
    for (int n = 0; n < 5; ++n) watch.update(1s);
    EXPECT_EQ(changes_of(watch, ChangeKind::source_blocked).size(), Herald::kMost);
    EXPECT_EQ(watch.situation.now().size(), Herald::kMost);
}

TEST(Herald, TellsOfTheLadderAndOfCookiesForAll) {
    Watch watch;
    watch.lab.policy.defence.service_high = 1U << 20U;
    watch.lab.connect(tuple(9999));
    watch.syns(0, 5100);  // partitions fill unevenly
    watch.update();
    const auto rungs = changes_of(watch, ChangeKind::rung_entered);
    ASSERT_EQ(rungs.size(), 3U);
    EXPECT_EQ(rungs[0].rung, Rung::shorter_timers);
    EXPECT_EQ(rungs[2].rung, Rung::cookies);
    EXPECT_EQ(rungs[2].gauge, Gauge::embryonic);
    EXPECT_GE(rungs[2].value, 900U);
    EXPECT_EQ(rungs[2].enter, 900U);
    EXPECT_EQ(rungs[2].leave, 450U);
    EXPECT_EQ(changes_of(watch, ChangeKind::answers_for_all).size(), 1U);
    EXPECT_GT(changes_of(watch, ChangeKind::heavy_network).size(), 10U) << "twenty /24 share the store";
    EXPECT_EQ(watch.situation.now().size(), 4U + changes_of(watch, ChangeKind::heavy_network).size());
    for (int n = 0; n < 90; ++n) watch.update(1s);
    EXPECT_EQ(changes_of(watch, ChangeKind::rung_left).size(), 3U);
    EXPECT_EQ(changes_of(watch, ChangeKind::answers_for_all_over).size(), 1U);
    EXPECT_EQ(changes_of(watch, ChangeKind::backlog_freed).size(), 1U);
    EXPECT_TRUE(watch.situation.now().empty());
}

TEST(Herald, InObserveItSaysSo) {
    Watch watch;
    watch.lab.policy.mode = Mode::observe;
    watch.syns(0, kHigh);
    watch.update();
    ASSERT_FALSE(watch.told.empty());
    for (const Change& c : watch.told) EXPECT_EQ(c.mode, Mode::observe);
}

struct HeraldOfServices : testing::Test {
    HeraldOfServices() {
        marks.service_high = 20;
        marks.service_low = 5;
        marks.service_limit = 30;
        marks.dwell = 2s;
        say("web");
    }
    void say(const std::string& name) {
        watch.lab.policy.services = make_services(watch.lab.policy,
                                                  {{{name, {prefix_v4(0x0a000000, 24)}, {}, 0, true, marks},
                                                    {Mode::enforce, watch.lab.policy.timeouts}}},
                                                  watch.lab.policy.services.get());
        ++watch.lab.policy.generation;
        watch.update();
    }
    DefencePolicy marks;
    Watch watch;
};

TEST_F(HeraldOfServices, NamesThemAsTheConfigurationDoes) {
    watch.syns(0, 60);  // beyond the marks of all services too
    watch.update();
    const auto on = changes_of(watch, ChangeKind::flooded);
    ASSERT_EQ(on.size(), 1U);
    EXPECT_EQ(on[0].subject, Subject::named);
    EXPECT_EQ(on[0].service, "web");
    EXPECT_EQ(on[0].value, 60U);
    EXPECT_EQ(on[0].enter, 20U);
    ASSERT_EQ(changes_of(watch, ChangeKind::limit_reached).size(), 1U);
    EXPECT_EQ(changes_of(watch, ChangeKind::limit_reached)[0].enter, 30U);
    for (int n = 0; n < 40; ++n) watch.update(1s);
    EXPECT_EQ(changes_of(watch, ChangeKind::flood_over).size(), 1U);
    EXPECT_EQ(changes_of(watch, ChangeKind::limit_left).size(), 1U);
    EXPECT_TRUE(watch.situation.now().empty());
}

TEST_F(HeraldOfServices, OneThatTheConfigurationNoLongerNamesIsOver) {
    watch.syns(0, 25);
    watch.update();
    EXPECT_EQ(changes_of(watch, ChangeKind::flooded).size(), 1U);
    say("mail");
    EXPECT_EQ(changes_of(watch, ChangeKind::flood_over).size(), 1U);
    EXPECT_TRUE(watch.situation.now().empty());
}

/// The same packets, spread over one, two and three shards, are told of in the same words.
TEST(Herald, DoesNotDependOnTheNumberOfShards) {
    std::vector<std::vector<Change>> stories;
    for (const std::size_t shards : {1U, 2U, 3U}) {
        Watch watch(shards);
        watch.lab.policy.defence.source_limit = 3;
        watch.lab.policy.defence.block_time = 3s;
        for (std::uint32_t n = 0; n < 60; ++n) {
            watch.syns(n * 100, n % 7);
            for (std::uint32_t s = 0; s < 5; ++s)
                ask_as(watch, 0x0b000000 + n % 20 + s, static_cast<std::uint16_t>(n * 10), 1);
            watch.update(n % 5 == 0 ? 700ms : 10ms);
        }
        stories.push_back(watch.told);
    }
    EXPECT_EQ(stories[0], stories[1]);
    EXPECT_EQ(stories[0], stories[2]);
    EXPECT_GT(stories[0].size(), 20U);
}

}  // namespace
}  // namespace ajar::test
