// A flood over many ports of one host is seen, and no other flood is taken for one.
#include "ajar/defence/host_gates.hpp"

#include "support/services.hpp"
#include "watch.hpp"

namespace ajar::test {
namespace {

constexpr std::uint32_t kHost = 0x0a000002, kNeighbour = 0x0a000003;

struct FloodedHost : testing::Test {
    explicit FloodedHost(std::size_t shards = 1) : watch(shards, {1U << 16U, 1U << 16U, 1U << 12U, 25, 25}) {
        watch.lab.policy.defence.service_high = 100;
        watch.lab.policy.defence.service_low = 25;
        watch.lab.policy.defence.destination_high = 400;
        watch.lab.policy.defence.destination_low = 100;
        for (const std::uint32_t host : {kHost, kNeighbour})
            for (const std::uint16_t port : {std::uint16_t{80}, std::uint16_t{443}})
                watch.lab.connect(to(host, port));
        watch.update();
    }
    Tuple to(std::uint32_t host, std::uint16_t port) {
        Tuple t = tuple(next++);
        t.server = host;
        t.server_port = port;
        return t;
    }
    /// So many SYNs, each to another port.
    void over_ports(std::uint32_t host, std::uint32_t n, std::uint16_t first = 1000) {
        for (std::uint32_t i = 0; i < n; ++i)
            watch.lab.client(to(host, static_cast<std::uint16_t>(first + i)), S, 1000);
    }
    void over_port(std::uint32_t host, std::uint16_t port, std::uint32_t n) {
        for (std::uint32_t i = 0; i < n; ++i) watch.lab.client(to(host, port), S, 1000);
    }
    bool answers(std::uint32_t host, std::uint16_t port) {
        return watch.lab.client(to(host, port), S, 1000).disposal == Disposal::answer;
    }
    std::uint64_t count(ChangeKind k) { return watch.situation.count(k); }

    Watch watch;
    std::uint32_t next = 0;
};

TEST_F(FloodedHost, IsAnsweredForAtAllOfItsServices) {
    over_ports(kHost, 399);
    watch.update();
    EXPECT_FALSE(answers(kHost, 80));
    over_ports(kHost, 1, 5000);
    watch.update();
    EXPECT_TRUE(answers(kHost, 80));
    EXPECT_TRUE(answers(kHost, 443));
    EXPECT_TRUE(answers(kHost, 8080)) << "by a challenge: nobody knows what it would say";
    EXPECT_EQ(watch.lab.answers.back().flags.bits, A);
}

TEST_F(FloodedHost, ItsNeighbourIsLeftAlone) {
    over_ports(kHost, 2000);
    over_ports(kNeighbour, 300);
    watch.update();
    EXPECT_TRUE(answers(kHost, 80));
    EXPECT_FALSE(answers(kNeighbour, 80));
    EXPECT_FALSE(answers(kNeighbour, 443));
}

TEST_F(FloodedHost, OneFloodedServiceIsNoReason) {
    over_port(kHost, 80, 5000);
    for (int n = 0; n < 30; ++n) {
        watch.update(n % 3 == 0 ? 1s : 10ms);
        over_port(kHost, 80, 1000);
        EXPECT_TRUE(answers(kHost, 80));
        EXPECT_FALSE(answers(kHost, 443)) << n;
    }
    EXPECT_EQ(count(ChangeKind::flooded), 1U);
}

TEST_F(FloodedHost, NeitherAreTwoFloodedServicesOfWhichOneComesLater) {
    over_port(kHost, 80, 1000);
    watch.update();
    watch.update(10ms);
    over_port(kHost, 443, 5000);
    for (int n = 0; n < 20; ++n) watch.update(20ms);
    EXPECT_TRUE(watch.lab.posture->hosts.empty());
    EXPECT_EQ(count(ChangeKind::flooded), 2U);
}

TEST_F(FloodedHost, PortsBesideAFloodedServiceAre) {
    over_port(kHost, 80, 1000);
    over_ports(kHost, 500);
    watch.update();
    EXPECT_TRUE(answers(kHost, 443));
}

TEST_F(FloodedHost, IsToldByItsAddress) {
    over_ports(kHost, 450);
    watch.update();
    ASSERT_EQ(watch.told.size(), 1U);
    EXPECT_EQ(watch.told[0].kind, ChangeKind::flooded);
    EXPECT_EQ(watch.told[0].name, count_key(CountKind::destination, be32::of(kHost), 0));
    EXPECT_EQ(watch.told[0].value, 450U);
    EXPECT_EQ(watch.told[0].enter, 400U);
    EXPECT_EQ(watch.told[0].leave, 100U);
}

TEST_F(FloodedHost, WhatWasHalfOpenBeforeGivesWay) {
    const Tuple waiting = to(kHost, 80);
    watch.lab.client(waiting, S, 1000);
    watch.lab.server(waiting, SA, 5000, 1001);
    over_ports(kHost, 450);
    watch.update();
    watch.update(1100ms);
    watch.update();
    EXPECT_EQ(watch.lab.told(Reason::backlog_freed), 451U);
}

TEST_F(FloodedHost, CookiesInFlightKeepItsGateOpenAndTheDwellClosesIt) {
    for (std::uint16_t port = 1000; port < 1100; ++port) watch.lab.connect(to(kHost, port));
    watch.update();
    over_ports(kHost, 450);
    watch.update();
    for (int second = 0; second < 40; ++second) {
        over_ports(kHost, 100);  // all known by now, so all are answered
        watch.update(1s);
        EXPECT_TRUE(answers(kHost, 80)) << second;
    }
    for (int second = 0; second < 15; ++second) watch.update(1s);
    EXPECT_FALSE(answers(kHost, 80));
    EXPECT_EQ(count(ChangeKind::flood_over), 1U);
    EXPECT_TRUE(watch.situation.now().empty());
    EXPECT_FALSE(watch.lab.posture->hosts_lately.empty()) << "late cookies are still accepted";
    for (int second = 0; second < 40; ++second) watch.update(1s);
    EXPECT_TRUE(watch.lab.posture->hosts_lately.empty());
    EXPECT_FALSE(watch.lab.posture->active);
}

TEST_F(FloodedHost, ACookieOfItsServicesComesBack) {
    over_ports(kHost, 450);
    watch.update();
    const Tuple honest = to(kHost, 443);
    watch.lab.client(honest, S, 1000);
    ASSERT_EQ(watch.lab.answers.size(), 1U);
    const auto& answer = watch.lab.answers[0];
    EXPECT_EQ(watch.lab.client(honest, A, 1001, answer.seq + 1).reason, Reason::cookie_accepted);
}

TEST_F(FloodedHost, AScanOfClosedPortsIsNoFlood) {
    for (std::uint16_t port = 1000; port < 3000; ++port) {
        const Tuple t = to(kHost, port);
        watch.lab.client(t, S, 1000);
        watch.lab.server(t, R | A, 0, 1001);
    }
    watch.update();
    EXPECT_FALSE(answers(kHost, 80));
    EXPECT_EQ(watch.lab.counters().half_open.get(), 1U);
}

TEST_F(FloodedHost, WithoutAMarkNothingIsDone) {
    watch.lab.policy.defence.destination_high = 0;
    over_ports(kHost, 5000);
    watch.update();
    EXPECT_FALSE(answers(kHost, 80));
}

TEST_F(FloodedHost, OffIsOff) {
    watch.lab.policy.defence.answer = Answering::off;
    over_ports(kHost, 5000);
    EXPECT_FALSE(watch.update().active);
}

TEST_F(FloodedHost, ServicesWithMarksOfTheirOwnNeitherCountNorAreAnsweredFor) {
    DefencePolicy many = watch.lab.policy.defence;
    many.service_high = 100'000;
    watch.lab.policy.services = make_services(
        watch.lab.policy, {{{"many", {prefix_v4(kHost, 32)}, {{1000, 1999}, {443, 443}}, 0, true, many},
                            {Mode::enforce, watch.lab.policy.timeouts}}});
    ++watch.lab.policy.generation;
    watch.update();
    over_ports(kHost, 600);  // up to port 1599
    watch.update();
    EXPECT_FALSE(answers(kHost, 80));
    over_ports(kHost, 450, 3000);
    watch.update();
    watch.update(100ms);
    EXPECT_TRUE(answers(kHost, 80));
    EXPECT_FALSE(answers(kHost, 443));
}

TEST_F(FloodedHost, SixteenAtATime) {
    for (std::uint32_t host = 0; host < 20; ++host) over_ports(0x0b000000 + host, 410 + host);
    watch.update();
    EXPECT_EQ(count(ChangeKind::flooded), FewNames::kMost);
    std::uint64_t least = ~std::uint64_t{0};
    for (const Change& c : watch.told) least = std::min(least, c.value);
    EXPECT_GE(least, 414U) << "the heaviest ones";
}

TEST_F(FloodedHost, OfIpv6) {
    for (std::uint16_t port = 1000; port < 1500; ++port) {
        Tuple t = to(kHost, port);
        t.ipv6 = true;
        watch.lab.client(t, S, 1000);
    }
    watch.update();
    ASSERT_EQ(count(ChangeKind::flooded), 1U);
    EXPECT_EQ(watch.told[0].name, count_key(CountKind::destination, Ipv6Address{10, 0, 0, 2}, 0));
    EXPECT_FALSE(answers(kHost, 80)) << "the IPv4 host is another one";
}

TEST(FloodedHosts, DoNotDependOnTheNumberOfShards) {
    struct Story : FloodedHost {
        explicit Story(std::size_t shards) : FloodedHost(shards) {}
        void TestBody() override {}
    };
    std::vector<std::vector<Change>> stories;
    for (const std::size_t shards : {1U, 2U, 3U}) {
        Story story(shards);
        for (std::uint32_t n = 0; n < 80; ++n) {
            story.over_ports(kHost + n % 5, n * 7 % 100);
            story.over_port(kHost + n % 3, 80, n % 11);
            story.watch.update(n % 5 == 0 ? 700ms : 10ms);
        }
        stories.push_back(story.watch.told);
    }
    EXPECT_EQ(stories[0], stories[1]);
    EXPECT_EQ(stories[0], stories[2]);
    EXPECT_GT(stories[0].size(), 3U);
}

}  // namespace
}  // namespace ajar::test
