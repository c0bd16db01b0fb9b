// Are causes and scanners told apart in mixes whose truth is known? At least 99 % of flows, and of sources.
#include <gtest/gtest.h>

#include <iostream>

#include "confusion.hpp"

namespace ajar::causes::test {
namespace {

struct Mix {
    std::string name, weights;
    std::uint64_t connections = 30'000, rate = 500;
    std::uint32_t ipv6_percent = 0, syn_acks = 2, servers = 8;
};

GenOptions options_of(const Mix& mix) {
    GenOptions o;
    o.scenario = "mix";
    o.weights = mix.weights;
    o.connections = mix.connections;
    o.rate = mix.rate;
    o.ipv6_percent = mix.ipv6_percent;
    o.syn_acks = mix.syn_acks;
    o.servers = mix.servers;
    o.payload = 500;
    o.clients = 100;
    o.linger = std::chrono::minutes(5);
    return o;
}

class CleanMix : public testing::TestWithParam<Mix> {};

INSTANTIATE_TEST_SUITE_P(
    Of, CleanMix,
    testing::Values(
        Mix{"everything",
            "handshake=40,flood=20,synscan=6,sweep=6,connectscan=6,slowscan=1,crawler=8,closed=3,filtered=3,"
            "overflow=3,unreachable=2,oneway=2"},
        Mix{.name = "everything_ipv6",
            .weights = "handshake=40,flood=20,synscan=6,sweep=6,connectscan=6,slowscan=1,crawler=8,closed=3,"
                       "filtered=3,overflow=3,unreachable=2,oneway=2",
            .ipv6_percent = 100},
        Mix{.name = "flood_without_answers",
            .weights = "handshake=30,flood=60,filtered=5,closed=5",
            .syn_acks = 0},
        Mix{.name = "no_flood_no_scan",
            .weights = "handshake=60,crawler=20,closed=5,filtered=5,overflow=5,unreachable=3,oneway=2"},
        Mix{.name = "slow_scans_beside_crawlers",
            .weights = "handshake=45,crawler=45,slowscan=10",
            .connections = 30'000,
            .rate = 20}),
    [](const auto& i) { return i.param.name; });

TEST_P(CleanMix, IsToldApart) {
    const auto options = options_of(GetParam());
    const auto judged = judge(options);
    std::cout << GetParam().name << ": " << options.weights << '\n'
              << judged.flows.table() << judged.sources.table();
    EXPECT_EQ(judged.unmatched, 0U);
    EXPECT_GE(judged.flows.right_per_mille(), 990);
    for (std::size_t l = 0; l < kLabelCount; ++l) {
        const auto label = static_cast<Label>(l);
        const auto all = judged.flows.of(label);
        EXPECT_GE(static_cast<double>(judged.flows.right(label)), 0.99 * static_cast<double>(all))
            << name(label);
    }
    EXPECT_EQ(judged.sources.missed, 0U) << judged.sources.names;
    EXPECT_EQ(judged.sources.accused, 0U) << judged.sources.names;
}

}  // namespace
}  // namespace ajar::causes::test
