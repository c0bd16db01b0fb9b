// Services with marks of their own: flooded, full and calm by exact counts, each for itself.
#include "ajar/defence/named_gates.hpp"

#include "ajar/defence/defence.hpp"
#include "lab.hpp"
#include "support/services.hpp"

namespace ajar::test {
namespace {

constexpr std::uint32_t kWeb = 0x0a000000, kMail = 0x0a000100;  // a /24 each
constexpr TableSizes kSizes{1U << 13U, 1U << 13U, 1U << 12U, 25, 25};

class NamedServices : public testing::Test {
protected:
    void SetUp() override {
        marks.service_high = 40;
        marks.service_low = 10;
        marks.dwell = 2s;
        marks.answer = Answering::automatic;
        say();
    }
    void say() {
        lab.policy.services = make_services(
            lab.policy,
            {{{"web", {prefix_v4(kWeb, 24)}, {}, 0, true, marks}, {lab.policy.mode, lab.policy.timeouts}},
             {{"mail", {prefix_v4(kMail, 24)}, {}, 0, true, mail}, {lab.policy.mode, lab.policy.timeouts}}},
            lab.policy.services.get());
        ++lab.policy.generation;
        update();
    }
    void update(Duration later = 10ms) {
        lab.pass(later);
        held = defence.update(lab.now, trackers, lab.policy);
        lab.posture = held.get();
    }
    Tuple next(std::uint32_t net) {
        Tuple t = tuple(n);
        t.server = net + 1 + n % 200;
        ++n;
        return t;
    }
    Verdict syn(std::uint32_t net) { return lab.client(next(net), S, 1000); }
    void syns(std::uint32_t net, unsigned many) {
        for (unsigned i = 0; i < many; ++i) syn(net);
    }
    /// All addresses of the net are seen to answer.
    void let_answer(std::uint32_t net) {
        for (unsigned i = 0; i < 200; ++i) {
            const Tuple t = next(net);
            lab.connect(t);
            lab.client(t, R, 1001);
            if (i % 20 == 19) update(50ms);
        }
        update(200ms);
    }

    Lab lab{kSizes};
    std::vector<Tracker*> trackers{&lab.tracker()};
    Defence defence{kSizes, {3, 4}};
    std::shared_ptr<const Posture> held;
    DefencePolicy marks{}, mail{};
    std::uint32_t n = 0;
};

TEST_F(NamedServices, AFloodOverAllAddressesOfOneIsSeen) {
    let_answer(kWeb);
    let_answer(kMail);
    syns(kWeb, 39);
    update();
    EXPECT_NE(syn(kWeb).disposal, Disposal::answer);
    update();
    EXPECT_EQ(syn(kWeb).disposal, Disposal::answer);
    EXPECT_EQ(syn(kMail).disposal, Disposal::forward) << "another service";
}

TEST_F(NamedServices, ItsOwnMarkCountsAndNotTheOneOfAllOthers) {
    lab.policy.defence.service_high = 5;
    lab.policy.defence.service_low = 5;
    marks.service_high = 1000;
    say();
    let_answer(kWeb);
    Tuple t = next(kWeb);
    for (std::uint32_t i = 0; i < 500; ++i) {
        t.client = 0x14000000 + i;
        lab.client(t, S, 1000);
    }
    update();
    t.client = 0x15000000;
    EXPECT_EQ(lab.client(t, S, 1000).disposal, Disposal::forward) << "500 at one address, below 1000";
}

TEST_F(NamedServices, CookiesInFlightKeepItOpenAndTheDwellClosesIt) {
    let_answer(kWeb);
    syns(kWeb, 60);
    update();
    ASSERT_EQ(syn(kWeb).disposal, Disposal::answer);
    for (int s = 0; s < 40; ++s) {
        syns(kWeb, 20);
        update(1s);
    }
    EXPECT_EQ(syn(kWeb).disposal, Disposal::answer) << "nothing is half open any more, but the flood goes on";
    for (int s = 0; s < 20; ++s) update(1s);
    EXPECT_EQ(syn(kWeb).disposal, Disposal::forward);
    EXPECT_TRUE(held->named->says(lab.policy.services->serial(), 1, ServiceStates::kAccepts)) << "lately";
    for (int s = 0; s < 31; ++s) update(1s);
    EXPECT_FALSE(held->named->says(lab.policy.services->serial(), 1, ServiceStates::kAccepts));
}

TEST_F(NamedServices, ARateOpensItToo) {
    marks.service_high = 100'000;
    marks.service_rate = 100;
    say();
    let_answer(kWeb);
    for (int s = 0; s < 60; ++s) update(1s);
    for (int i = 0; i < 60; ++i) {  // 50 a second, and each connection ends at once
        const Tuple t = next(kWeb);
        lab.connect(t);
        lab.client(t, R, 1001);
        update(20ms);
    }
    EXPECT_EQ(syn(kWeb).disposal, Disposal::forward);
    for (int i = 0; i < 300; ++i) {  // 200 a second
        const Tuple t = next(kWeb);
        lab.connect(t);
        update(5ms);
    }
    EXPECT_EQ(syn(kWeb).disposal, Disposal::answer);
}

TEST_F(NamedServices, ALimitDropsWhatNoCookieAnswers) {
    marks.answer = Answering::off;
    marks.service_limit = 30;
    say();
    syns(kWeb, 30);
    update();
    const auto over = syn(kWeb);
    EXPECT_EQ(over.disposal, Disposal::drop);
    EXPECT_EQ(over.reason, Reason::service_limit);
    EXPECT_EQ(syn(kMail).disposal, Disposal::forward);
    update(31s);  // they have expired
    update();
    EXPECT_EQ(syn(kWeb).disposal, Disposal::forward);
}

TEST_F(NamedServices, ARateLimitDropsAndLetsInAgain) {
    marks.answer = Answering::off;
    marks.service_rate_limit = 50;
    say();
    unsigned passed = 0;
    for (int i = 0; i < 1000; ++i) {  // 200 a second for five seconds
        passed += syn(kWeb).disposal == Disposal::forward ? 1U : 0U;
        update(5ms);
    }
    EXPECT_GE(passed, 150U);
    EXPECT_LE(passed, 350U);
}

TEST_F(NamedServices, AGateOutlivesAReload) {
    let_answer(kWeb);
    syns(kWeb, 60);
    update();
    ASSERT_EQ(syn(kWeb).disposal, Disposal::answer);
    marks.dwell = 3s;
    say();
    EXPECT_EQ(syn(kWeb).disposal, Disposal::answer);
}

TEST_F(NamedServices, FlowsOfATableThatIsGoneAreNotCountedWhenTheyEnd) {
    syns(kWeb, 30);
    mail.service_high = 7;
    mail.service_low = 1;
    say();
    syns(kWeb, 5);
    EXPECT_EQ(lab.tracker().services().of(1).half_open, 5U);
    lab.pass(31s);
    EXPECT_EQ(lab.tracker().services().of(1).half_open, 0U) << "neither more nor less";
}

TEST_F(NamedServices, CookiesCanBeForcedForOne) {
    marks.answer = Answering::always;
    say();
    let_answer(kMail);
    update();
    EXPECT_EQ(syn(kMail).disposal, Disposal::forward);
    EXPECT_EQ(syn(kWeb).reason, Reason::challenge_sent) << "nobody knows how its servers answer";
    Tuple t = next(kWeb);
    EXPECT_EQ(lab.client(t, S, 1000).reason, Reason::challenge_sent);
    lab.client(t, R, lab.answers.back().ack);
    EXPECT_EQ(try_to_connect(lab, t).disposal, Disposal::forward);
    update(200ms);
    update();
    t.client += 1;
    EXPECT_EQ(lab.client(t, S, 1000).reason, Reason::cookie_sent);
}

TEST(Sources, ThatAreBlockedOrTrusted) {
    Lab lab;
    lab.policy.sources = std::make_shared<const SourceLists>(std::vector<Prefix>{prefix_v4(0x0a010001, 32)},
                                                             std::vector<Prefix>{prefix_v4(0x0a010000, 24)});
    EXPECT_EQ(lab.client(tuple(1), S, 1000).disposal, Disposal::forward) << "trusted within a blocked net";
    const auto blocked = lab.client(tuple(2), S, 1000);
    EXPECT_EQ(blocked.disposal, Disposal::drop);
    EXPECT_EQ(blocked.reason, Reason::source_blocked);
    EXPECT_EQ(lab.client(tuple(300), S, 1000).disposal, Disposal::forward);
    lab.policy.mode = Mode::observe;
    EXPECT_EQ(lab.client(tuple(2), S, 1000).disposal, Disposal::forward);
}

class SourceLimits : public NamedServices {};

TEST_F(SourceLimits, ARateBlocksForAWhileAndTrustedOnesNever) {
    lab.policy.services = nullptr;
    lab.policy.defence.source_rate = 50;
    lab.policy.defence.block_time = 10s;
    lab.policy.sources = std::make_shared<const SourceLists>(std::vector<Prefix>{prefix_v4(0x0b000001, 32)},
                                                             std::vector<Prefix>{});
    update(1s);
    update(1s);
    Tuple scanner = tuple(1), proxy = tuple(1);
    scanner.client = 0x0c000001;
    proxy.client = 0x0b000001;
    const auto ask = [&](Tuple& t) {
        ++t.client_port;
        return try_to_connect(lab, t);
    };
    for (int i = 0; i < 200; ++i) {
        ask(scanner);
        ask(proxy);
        update(5ms);
    }
    EXPECT_EQ(ask(scanner).reason, Reason::source_limit);
    EXPECT_EQ(ask(proxy).disposal, Disposal::forward);
    for (int i = 0; i < 8; ++i) update(1s);
    EXPECT_EQ(ask(scanner).reason, Reason::source_limit) << "it is quiet, and still blocked";
    for (int i = 0; i < 8; ++i) update(1s);
    EXPECT_EQ(ask(scanner).disposal, Disposal::forward);
}

TEST_F(SourceLimits, ARateIsOfThoseWhoHaveProvenThemselves) {
    lab.policy.services = nullptr;
    lab.policy.defence.source_rate = 50;
    update(1s);
    update(1s);
    Tuple victim = tuple(1);
    for (int i = 0; i < 400; ++i) {
        ++victim.client_port;
        lab.client(victim, S, 1000);  // in its name
        update(5ms);
    }
    ++victim.client_port;
    EXPECT_EQ(lab.client(victim, S, 1000).disposal, Disposal::forward);
}

TEST_F(SourceLimits, ARateOfServicesAloneIsCounted) {
    lab.policy.services = nullptr;
    lab.policy.defence.answer = Answering::off;
    lab.policy.defence.service_rate_limit = 50;
    update(1s);
    update(1s);
    std::uint32_t dropped = 0;
    for (std::uint32_t i = 0; i < 400; ++i) {
        dropped += lab.client(tuple(i), S, 1000).reason == Reason::service_limit ? 1U : 0U;
        update(5ms);
    }
    EXPECT_GT(dropped, 200U) << "of 200 a second";
}

TEST_F(SourceLimits, NobodyIsBarredForTheCompanyOfHisCells) {
    lab.policy.services = nullptr;
    lab.policy.defence.answer = Answering::off;
    lab.policy.defence.source_limit = 8;
    for (std::uint32_t i = 0; i < 8000; ++i) lab.client(tuple(i), S, 1000);
    update();
    std::uint32_t barred = 0;
    for (std::uint32_t i = 20000; i < 20200; ++i)
        barred += lab.client(tuple(i), S, 1000).reason == Reason::source_limit ? 1U : 0U;
    EXPECT_LE(barred, 2U);
}

TEST_F(SourceLimits, ARateThatIsNewlyAskedForCountsNothingOfBefore) {
    lab.policy.services = nullptr;
    lab.policy.defence.answer = Answering::always;
    const Tuple known = tuple(5000);
    lab.connect(known);
    update(200ms);
    update(200ms);
    for (std::uint32_t i = 0; i < 500; ++i) lab.client(tuple(i), S, 1000);
    ASSERT_EQ(lab.answers.size(), 500U);
    lab.policy.defence.answer = Answering::automatic;
    lab.policy.defence.service_high = 100'000;
    lab.policy.defence.service_rate = 100;
    for (int s = 0; s < 45; ++s) update(1s);
    EXPECT_EQ(lab.client(tuple(9000), S, 1000).disposal, Disposal::forward);
}

TEST_F(SourceLimits, AServiceWithoutANameHasItsLimitToo) {
    lab.policy.services = nullptr;
    lab.policy.defence.answer = Answering::off;
    lab.policy.defence.service_limit = 20;
    for (std::uint32_t i = 0; i < 20; ++i) lab.client(tuple(i), S, 1000);
    update();
    EXPECT_EQ(lab.client(tuple(100), S, 1000).reason, Reason::service_limit);
    lab.policy.sources = std::make_shared<const SourceLists>(
        std::vector<Prefix>{prefix_v4(0x0a010000 + 100, 32)}, std::vector<Prefix>{});
    EXPECT_EQ(lab.client(tuple(100), S, 1000).disposal, Disposal::forward) << "trusted";
    Tuple elsewhere = tuple(100);
    elsewhere.server_port = 81;
    EXPECT_EQ(lab.client(elsewhere, S, 1000).disposal, Disposal::forward);
}

}  // namespace
}  // namespace ajar::test
