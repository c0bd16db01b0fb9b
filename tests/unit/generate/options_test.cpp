// Do the options do what they say, and do senseless ones get a clear error?
#include <set>

#include "traffic.hpp"

namespace ajar::gen {
namespace {

std::string error_of(const GenOptions& o) {
    const auto s = Source::make(o);
    return s.ok() ? "" : s.error();
}

TEST(Options, AnUnknownScenarioListsAllAndTheNearest) {
    const auto text = error_of(options_for("hanshake"));
    EXPECT_NE(text.find("did you mean 'handshake'"), text.npos) << text;
    for (const auto& s : scenarios()) EXPECT_NE(text.find(s.help), text.npos);
}

TEST(Options, WeightsMustBeNameAndNumber) {
    for (const auto* text : {"handshake", "handshake=", "handshake=0", "handshake=7x", "=3", "", "idle=1,"}) {
        auto options = options_for("mix");
        options.weights = text;
        EXPECT_NE(error_of(options), "") << text;
    }
}

TEST(Options, LimitsAreChecked) {
    const auto broken = [](auto change) {
        auto o = options_for("handshake");
        change(o);
        return error_of(o);
    };
    EXPECT_NE(broken([](auto& o) { o.rate = 0; }).find("--rate"), std::string::npos);
    EXPECT_NE(broken([](auto& o) { o.connections = 0; }).find("--duration"), std::string::npos);
    EXPECT_NE(broken([](auto& o) { o.servers = 0; }).find("--servers"), std::string::npos);
    EXPECT_NE(broken([](auto& o) { o.syn_acks = 7; }).find("--syn-acks"), std::string::npos);
    EXPECT_NE(broken([](auto& o) { o.loss_percent = -1; }).find("--loss"), std::string::npos);
    EXPECT_NE(broken([](auto& o) { o.start = 1'700'000'000'000; }).find("--start"), std::string::npos);
    EXPECT_NE(broken([](auto& o) { o.vlan = 4095; }).find("--vlan"), std::string::npos);
}

TEST(Options, RateAndDurationShapeTheArrivals) {
    auto options = options_for("flood", 0);
    options.rate = 5000;
    options.duration = std::chrono::seconds(2);
    const auto t = run(options);
    EXPECT_NEAR(static_cast<double>(t.conversations.size()), 10'000, 300);
    EXPECT_LT(t.conversations.back().start - t.truth.first, options.duration);
}

TEST(Options, Ipv6IsAShare) {
    auto options = options_for("handshake", 2000);
    options.ipv6_percent = 25;
    std::size_t six = 0;
    for (const auto& c : run(options).conversations) six += c.family == Family::ipv6;
    EXPECT_NEAR(static_cast<double>(six), 500, 60);
}

TEST(Options, VlanTagsEveryFrame) {
    auto options = options_for("flood");
    options.vlan = 77;
    for (const auto& f : run(options).frames) EXPECT_EQ(f.packet.v4.zone, zone_of(0, 77, 0));
}

TEST(Options, LingerEndsWithAnArpOnEachPort) {
    auto options = options_for("flood", 1);
    options.linger = std::chrono::minutes(3);
    const auto t = run(options);
    ASSERT_EQ(t.frames.size(), 3U);
    for (std::size_t i : {1U, 2U}) {
        EXPECT_EQ(t.frames[i].packet.reason, Reason::arp);
        EXPECT_EQ(t.frames[i].time, t.frames[0].time + options.linger);
        EXPECT_EQ(t.frames[i].port, i - 1);
    }
}

TEST(Options, TuplesOfAMixAreUnique) {
    auto options = options_for("mix", 20'000);
    options.weights = "idle=1,churn=1,scan=1,flood=1,embryonic=1,vlan=1";
    options.clients = 3;
    options.payload = 100;
    using Tuple = std::tuple<std::array<Ipv6Address, 2>, std::array<std::uint16_t, 2>, std::uint16_t>;
    std::set<Tuple> tuples;
    auto source = Source::make(options);
    ASSERT_TRUE(source.ok());
    source->observe([&](const Conversation& c) { tuples.emplace(c.address, c.port, c.outer_vlan); });
    while (source->next()) {
    }
    EXPECT_EQ(tuples.size(), 20'000U);
}

TEST(Source, MemoryGoesByTheLivingNotByTheTotal) {
    auto options = options_for("churn", 100'000);
    options.rate = 1000;
    auto source = Source::make(options);
    ASSERT_TRUE(source.ok());
    while (source->next()) {
    }
    EXPECT_LT(source->truth().most_alive, 200U);
}

}  // namespace
}  // namespace ajar::gen
