// Do the options do what they say, and do senseless ones get a clear error?
#include <algorithm>
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

/// So often do conversations of the scenario show such a segment more than once.
std::size_t repeat(const std::string& scenario, std::uint8_t flags, double loss) {
    auto options = options_for(scenario, 400);
    options.loss_percent = loss;
    options.payload = 100;
    std::size_t repeating = 0;
    for (const auto& c : run(options).conversations) {
        std::multiset<std::uint32_t> seen;
        for (const auto& s : c.steps)
            if (s.flags == flags) seen.insert(s.seq);
        repeating += std::any_of(seen.begin(), seen.end(), [&](auto seq) { return seen.count(seq) > 1; });
    }
    return repeating;
}

TEST(Options, LossBefallsEverySegment) {
    constexpr auto kSyn = TcpFlags::kSyn, kAck = TcpFlags::kAck, kFin = TcpFlags::kFin, kRst = TcpFlags::kRst;
    const std::vector<std::pair<std::string, std::uint8_t>> segments = {
        {"handshake", kSyn},     {"handshake", kSyn | kAck},  {"handshake", kFin | kAck},
        {"closed", kRst | kAck}, {"halfclosed", kFin | kAck}, {"discovered", kRst},
        {"synscan", kSyn | kAck}};
    for (const auto& [scenario, flags] : segments) {
        EXPECT_EQ(repeat(scenario, flags, 0), 0U) << scenario;
        EXPECT_GE(repeat(scenario, flags, 10), 5U) << scenario;
    }
}

/// What is lost is said again until it arrives, so each comes to the end that it was to have.
TEST(Options, LossChangesNoOutcome) {
    for (const auto& scenario : all_scenarios()) {
        auto options = options_for(scenario, 60);
        const auto before = run(options).truth.total();
        for (const double loss : {5.0, 100.0}) {
            options.loss_percent = loss;
            const auto after = run(options).truth.total();
            EXPECT_EQ(before.conversations, after.conversations) << scenario;
            if (scenario == "mix" || scenario == "embryonic") continue;
            EXPECT_EQ(before.signs, after.signs) << scenario;
        }
    }
}

TEST(Options, WhoIsUnheardSaysItAgainAsOften) {
    auto options = options_for("unheard", 300);
    options.loss_percent = 20;
    for (const auto& c : run(options).conversations) {
        const auto& last = c.steps.back();
        const auto times =
            std::count_if(c.steps.begin(), c.steps.end(), [&](auto& s) { return s.seq == last.seq; });
        EXPECT_GE(times, 6) << "of which all but the first are repetitions";
    }
}

TEST(Options, DetoursMakeAFewPacketsComeFurther) {
    auto options = options_for("handshake", 1000);
    options.detour_percent = 10;
    const auto t = run(options);
    EXPECT_NEAR(static_cast<double>(std::count_if(t.conversations.begin(), t.conversations.end(),
                                                  [](auto& c) { return c.detours; })),
                100, 40);
    std::set<unsigned> hops;
    for (const auto& f : t.frames) hops.insert(f.packet.ttl);
    EXPECT_EQ(hops.size(), 4U) << "each end's, and a hop less";
}

TEST(Options, DuplicatesComeTwice) {
    auto options = options_for("handshake", 200);
    const auto frames = run(options).frames.size();
    options.duplicate_percent = 10;
    EXPECT_GT(run(options).frames.size(), frames + frames / 20);
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
