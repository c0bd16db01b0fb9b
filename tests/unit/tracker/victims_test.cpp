// Who gives way in a full store while heavy networks are known.
#include "lab.hpp"

namespace ajar::test {
namespace {

constexpr std::uint32_t kHeavyNetwork = 0xc6336400, kOtherHeavyNetwork = 0xc6336500;  // /24

/// Eight IPv4 places a partition, and tuples that share one.
struct EightPlaces : testing::Test {
    Lab lab{{1024, 1024, 128, 0, 50}};
    Posture posture;
    std::uint32_t next_light = 0, next_heavy = 0;

    EightPlaces() {
        add(kHeavyNetwork);
        lab.posture = &posture;
    }
    void add(std::uint32_t network) {
        posture.heaviest.add(lab.tracker().hash_of(count_key(CountKind::network, be32::of(network), 0)));
    }
    std::size_t partition_of(const Tuple& t) { return lab.packet(t, true, S, 0).partition; }
    /// The next of a network, or one of many, whose flow is of the one partition.
    Tuple heavy(std::uint32_t network = kHeavyNetwork) {
        for (;;) {
            const std::uint32_t n = next_heavy++;
            const Tuple t{network + n % 256, static_cast<std::uint16_t>(1024 + n / 256)};
            if (partition_of(t) == 7) return t;
        }
    }
    Tuple light() {
        for (;;) {
            const std::uint32_t n = next_light++;
            const Tuple t{0x14000000 + (n << 8U), 4000};
            if (partition_of(t) == 7) return t;
        }
    }
    Tuple syn(const Tuple& t) {
        lab.now += 20ms;
        lab.client(t, S, 1000);
        return t;
    }
    void fill(std::size_t lights) {
        for (std::size_t n = 0; n < lights; ++n) syn(light());
    }
    /// The clients of those that were evicted, in order.
    std::vector<std::uint32_t> gone(Reason why) {
        std::vector<std::uint32_t> out;
        for (const Event& e : lab.of(EventKind::evicted)) {
            const auto& a = e.key.address[e.originator()];
            if (e.reason == why) out.push_back(load_be32(a.data()));
        }
        return out;
    }
};

using Clients = std::vector<std::uint32_t>;

TEST_F(EightPlaces, TheOldestOfTheHeavyNetworkGivesWay) {
    fill(3);
    const auto a = syn(heavy()), b = syn(heavy());
    fill(3);
    syn(light());
    EXPECT_EQ(gone(Reason::heaviest_network), Clients{a.client});
    syn(light());
    EXPECT_EQ(gone(Reason::heaviest_network), (Clients{a.client, b.client}));
    EXPECT_TRUE(gone(Reason::embryonic_full).empty());
}

TEST_F(EightPlaces, WhereItHasNoneTheOldestOfAllDoes) {
    const auto first = syn(light());
    fill(7);
    syn(light());
    EXPECT_EQ(gone(Reason::embryonic_full), Clients{first.client});
}

TEST_F(EightPlaces, ANetworkThatFloodsDisplacesItselfAlone) {
    fill(4);
    for (int n = 0; n < 500; ++n) syn(heavy());
    EXPECT_EQ(gone(Reason::heaviest_network).size(), 496U);
    EXPECT_TRUE(gone(Reason::embryonic_full).empty());
}

TEST_F(EightPlaces, OthersThatComeMeanwhileStayToo) {
    for (int n = 0; n < 8; ++n) syn(heavy());
    std::vector<Tuple> lights;
    for (int n = 0; n < 6; ++n) {
        lights.push_back(syn(light()));
        for (int more = 0; more < 10; ++more) syn(heavy());
    }
    EXPECT_TRUE(gone(Reason::embryonic_full).empty());
    for (const Tuple& t : lights) EXPECT_EQ(lab.server(t, SA, 5000, 1001).state, TcpState::syn_recv);
}

TEST_F(EightPlaces, FlowsOfAllListsCount) {
    fill(3);
    const auto answered = syn(heavy()), asked = syn(heavy());
    lab.server(answered, SA, 5000, 1001);
    fill(3);
    for (int n = 0; n < 20 && gone(Reason::heaviest_network).size() < 2; ++n) syn(light());
    auto who = gone(Reason::heaviest_network);
    std::sort(who.begin(), who.end());
    Clients both{answered.client, asked.client};
    std::sort(both.begin(), both.end());
    EXPECT_EQ(who, both);
}

TEST_F(EightPlaces, WhatIsOverGoesBeforeAll) {
    syn(heavy());
    fill(2);
    const auto refused = syn(light());
    lab.server(refused, R | A, 0, 1001);
    fill(4);
    syn(light());
    EXPECT_EQ(gone(Reason::embryonic_full), Clients{refused.client});
    EXPECT_TRUE(gone(Reason::heaviest_network).empty());
}

TEST_F(EightPlaces, InObserveItIsTheOldest) {
    lab.policy.mode = Mode::observe;
    const auto first = syn(light());
    for (int n = 0; n < 8; ++n) syn(heavy());
    EXPECT_EQ(gone(Reason::embryonic_full), Clients{first.client});
}

TEST_F(EightPlaces, SeveralNetworksCanBeHeavy) {
    add(kOtherHeavyNetwork);
    fill(6);
    const auto a = syn(heavy()), b = syn(heavy(kOtherHeavyNetwork));
    fill(2);
    EXPECT_EQ(gone(Reason::heaviest_network), (Clients{a.client, b.client}));
}

TEST_F(EightPlaces, IfHeavyFlowsAreRareAFewLooksMustDo) {
    fill(8);
    std::size_t found = 0;
    for (int n = 0; n < 200; ++n) {
        if (n % 40 == 0) syn(heavy());
        syn(light());
        found = gone(Reason::heaviest_network).size();
    }
    EXPECT_GE(found, 3U);
    EXPECT_EQ(found + gone(Reason::embryonic_full).size(), 205U);
}

}  // namespace
}  // namespace ajar::test
