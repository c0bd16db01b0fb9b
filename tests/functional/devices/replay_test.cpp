// The appliance with the packet clock says byte for byte what a replay says, with any number of workers, and
// its frames go where the replay's verdicts send them.
#include <fmt/format.h>
#include <gtest/gtest.h>

#include "ajar/defence/defence.hpp"
#include "ajar/policy/decide.hpp"
#include "ajar/policy/services.hpp"
#include "capture_files.hpp"
#include "config/needs.hpp"
#include "cookie_zoo.hpp"
#include "export/changes.hpp"
#include "export/event_json.hpp"
#include "fragment_zoo.hpp"
#include "generate/gen.hpp"
#include "replay/engine.hpp"
#include "support/dataplane/rig.hpp"
#include "support/services.hpp"

namespace ajar {
namespace {

struct Case {
    std::string scenario;
    std::uint64_t seed = 1;
    std::uint64_t connections = 120;
    TableSizes sizes{.confirmed = 1U << 14U, .embryonic = 1U << 14U, .tombstones = 1U << 12U};
    Mode mode = Mode::observe;
    double disorder = 0;
    Profile profile = Profile::ajar;
    std::uint64_t start = 1'700'000'000;  ///< seconds of the epoch
    bool few_buffers = false;
    InvalidAction refused = InvalidAction::pass;
    bool services = false;
    bool limits = false;  ///< and low marks
    SynProof method = SynProof::cookie;
    bool always = false;  ///< all SYNs are answered
};

std::string name_of(const testing::TestParamInfo<Case>& info) {
    const auto& c = info.param;
    return c.scenario + "_" + std::to_string(c.seed) + (c.profile == Profile::zeek ? "_zeek" : "") +
           (c.start > 2'000'000'000 ? "_late" : "") + (c.mode == Mode::enforce ? "_enforce" : "") +
           (c.sizes.confirmed < 1024 ? "_full" : "") + (c.disorder > 0 ? "_disorder" : "") +
           (c.few_buffers ? "_few_buffers" : "") + (c.refused == InvalidAction::drop ? "_drop" : "") +
           (c.services ? "_services" : "") + (c.limits ? "_limits" : "") +
           (c.method == SynProof::cookie ? "" : "_challenges");
}

GenOptions traffic(const Case& c) {
    GenOptions g;
    g.scenario = c.scenario;
    g.seed = c.seed;
    g.connections = c.connections;
    g.rate = 400;
    g.weights = "handshake=50,flood=20,scan=10,idle=5,fragments=10,reuse=5,crash=5,cut=2";
    g.loss_percent = c.disorder;
    g.reorder_percent = c.disorder;
    g.ipv6_percent = 30;
    g.start = c.start;
    g.linger = std::chrono::seconds(150);
    return g;
}

Policy policy_of(const Case& c) {
    Policy policy = c.profile == Profile::ajar ? config::default_config().policy : ajar::policy_of(c.profile);
    policy.mode = c.mode;
    policy.refused = c.refused;
    policy.flow_end_events = true;
    policy.flow_start_events = true;
    if (c.limits) {
        policy.defence.source_limit = 8;
        policy.defence.block_time = std::chrono::seconds(5);
        policy.defence.service_high = 100;
        policy.defence.service_low = 20;
        policy.defence.service_rate = 200;
        policy.defence.service_rate_limit = 300;
        policy.defence.dwell = std::chrono::seconds(2);
    }
    policy.defence.method = c.method;
    if (c.always) policy.defence.answer = Answering::always;
    if (c.services) policy.services = test::low_and_high_ports(policy, c.method);
    return policy;
}

/// Changes of the defence, each behind so many events.
using Changes = std::vector<std::pair<std::size_t, Change>>;

std::string lines_of(std::span<const Event> events, const Changes& changes) {
    exporting::Text text;
    auto change = changes.begin();
    for (std::size_t i = 0; i <= events.size(); ++i) {
        for (; change != changes.end() && change->first == i; ++change)
            exporting::append_change(text, change->second);
        if (i == events.size()) break;
        exporting::append_event(text, events[i]);
        if (events[i].kind == EventKind::flow_end) exporting::append_flow(text, events[i]);
    }
    return {text.data(), text.size()};
}

/// What was said, where the frames went, and who asked for connections in the busiest second.
struct Story {
    std::string lines, books;
    Asks busiest{};
};

using Counts = std::array<std::uint64_t, kReasonCount>;

/// Of the frames and flows under each Reason; those without one need no entry.
std::string books_of(std::uint64_t forwarded, const Counts& reasons, const Counts& disposed) {
    std::string out = fmt::format("forwarded {}\n", forwarded);
    for (std::size_t r = 0; r < kReasonCount; ++r) {
        if (reasons[r] == 0 && disposed[r] == 0) continue;
        out += fmt::format("{} {}, frames freed {}\n", kReasonTable[r].name, reasons[r], disposed[r]);
    }
    return out;
}

/// What the verdicts say of frames that do not leave the box.
Counts disposed_by(const Policy& policy, const Counts& reasons) {
    Counts out{};
    for (std::size_t r = 0; r < kReasonCount; ++r) {
        const auto reason = static_cast<Reason>(r);
        const Fate f = fate(reason);
        const bool freed = f == Fate::consume || drops_hidden_syn(policy, reason) ||
                           (f != Fate::end && !passes(policy.mode, policy, reason));
        out[r] = freed ? reasons[r] : 0;
    }
    return out;
}

Story replayed(const Case& c, const std::string& file) {
    replay::ReplayOptions options;
    options.files = {file};
    options.policy = policy_of(c);
    options.sizes = c.sizes;
    options.fragments.datagrams = 512;
    options.shards = 2;
    std::vector<Event> events;
    Changes changes;
    replay::Engine engine(options);
    engine.run(
        [&](std::span<const replay::EventRef> final) {
            for (const auto& e : final) events.push_back(*e.event);
        },
        [](const replay::Input&) {},
        [&](const Change& change) { changes.emplace_back(events.size(), change); });
    EXPECT_EQ(engine.faults(), 0U);
    const replay::Sums sums = engine.sums();
    EXPECT_EQ(sums.packets, sums.forwarded + sums.dropped + sums.consumed);
    return {lines_of(events, changes),
            books_of(sums.forwarded, sums.reasons, disposed_by(options.policy, sums.reasons)),
            engine.busiest()};
}

Story run(const Case& c, const test::CaptureFiles& files, std::uint32_t workers) {
    Config config = test::small_config("net_pcap0,rx_pcap=" + files.path("split.a.pcap"),
                                       "net_pcap1,rx_pcap=" + files.path("split.b.pcap"), workers);
    config.clock = ClockSource::packet;
    config.sizes = c.sizes;
    config.policy = policy_of(c);
    if (c.few_buffers) config.mbufs = static_cast<std::uint32_t>(config::needs_of(config).least_buffers);
    test::Rig rig(config);
    if (!rig.make() || !rig.start()) return {"nothing", ""};
    rig.run_until([&] { return rig.appliance().finished(); });
    const auto outcome = rig.finish();
    test::expect_sums_hold(outcome);
    EXPECT_GT(outcome.last.frames.received, 0U);
    EXPECT_EQ(outcome.last.tracker.events_lost, 0U);
    const auto& frames = outcome.last.frames;
    return {lines_of(outcome.events, outcome.changes),
            books_of(frames.transmitted - frames.crafted, outcome.last.tracker.reasons, frames.by_reason),
            outcome.ending.busiest};
}

/// Where two texts part; empty if they do not.
std::string first_difference(const std::string& told, const std::string& expected) {
    const auto at = std::mismatch(told.begin(), told.end(), expected.begin(), expected.end());
    if (at.first == told.end() && at.second == expected.end()) return {};
    const auto line = [](const std::string& text, std::size_t where) {
        const auto before = where == 0 ? std::string::npos : text.rfind('\n', where - 1);
        const auto begin = before == std::string::npos ? 0 : before + 1;
        return text.substr(begin, text.find('\n', where) - begin);
    };
    const auto where = static_cast<std::size_t>(at.second - expected.begin());
    return fmt::format("told {}\nnot  {}", line(told, where), line(expected, where));
}

void expect_the_same(const Case& c, const test::CaptureFiles& files) {
    const Story expected = replayed(c, files.path("whole.pcap"));
    EXPECT_GT(expected.lines.size(), 500U);
    EXPECT_GT(expected.busiest.count, 0U);
    for (const std::uint32_t workers : {1U, 2U, 3U}) {
        const Story told = run(c, files, workers);
        EXPECT_EQ(first_difference(told.lines, expected.lines), "") << workers << " workers";
        EXPECT_EQ(told.books, expected.books) << workers << " workers";
        EXPECT_TRUE(told.busiest == expected.busiest) << workers << " workers";
    }
}

/// Which of them must tell of the defence? A mix has too little of anything.
bool is_fought(const Case& c) {
    return c.mode == Mode::enforce && (c.scenario == "flood" || (c.scenario == "scan" && c.limits));
}

class RunEqualsReplay : public testing::TestWithParam<Case> {};

TEST_P(RunEqualsReplay, ForOneTwoAndThreeWorkers) {
    const test::CaptureFiles files;
    files.generate(traffic(GetParam()));
    expect_the_same(GetParam(), files);
    const auto said = replayed(GetParam(), files.path("whole.pcap")).lines;
    EXPECT_TRUE(!is_fought(GetParam()) || said.find("\"event_type\":\"defence\"") != std::string::npos);
}

constexpr TableSizes kTiny{.confirmed = 256, .embryonic = 128, .tombstones = 128};

INSTANTIATE_TEST_SUITE_P(
    Scenarios, RunEqualsReplay,
    testing::Values(Case{.scenario = "handshake"}, Case{.scenario = "flood", .connections = 2000},
                    Case{.scenario = "reuse"}, Case{.scenario = "fragments"},
                    Case{.scenario = "fragments", .disorder = 3},
                    Case{.scenario = "fragments", .mode = Mode::enforce, .disorder = 3, .few_buffers = true},
                    Case{.scenario = "vlan"}, Case{.scenario = "qinq"},
                    Case{.scenario = "vlan", .profile = Profile::zeek},
                    Case{.scenario = "mix", .profile = Profile::zeek},
                    Case{.scenario = "flood", .connections = 2000, .mode = Mode::enforce, .services = true},
                    Case{.scenario = "flood", .connections = 2000, .mode = Mode::enforce, .limits = true},
                    Case{.scenario = "scan", .mode = Mode::enforce, .limits = true},
                    Case{.scenario = "flood",
                         .connections = 2000,
                         .mode = Mode::enforce,
                         .services = true,
                         .method = SynProof::challenge},
                    Case{.scenario = "handshake", .start = 3'000'000'000}),
    name_of);

/// Fifty mixes; every third overflows its tables, every second resets what it evicts.
std::vector<Case> mixes() {
    std::vector<Case> out;
    for (std::uint64_t seed = 1; seed <= 50; ++seed) {
        Case c{
            .scenario = "mix", .seed = seed, .connections = 200, .disorder = static_cast<double>(seed % 4)};
        if (seed % 3 == 0) {
            c.sizes = kTiny;
            c.connections = 800;
        }
        c.mode = seed % 2 == 0 ? Mode::enforce : Mode::observe;
        c.services = seed % 4 >= 2;
        c.limits = seed % 5 == 0;
        c.method = static_cast<SynProof>(seed % 3);
        out.push_back(c);
    }
    return out;
}

INSTANTIATE_TEST_SUITE_P(Mixes, RunEqualsReplay, testing::ValuesIn(mixes()), name_of);

class FragmentsOfEveryFate : public testing::TestWithParam<Case> {};

TEST_P(FragmentsOfEveryFate, GoTheSameWay) {
    const test::CaptureFiles files;
    test::write_fragment_zoo(files);
    expect_the_same(GetParam(), files);
}

/// Whatever the fragments are, and whether or not their datagrams are whole when the run ends.
TEST(ObserveMode, LosesNoFragment) {
    const test::CaptureFiles files;
    test::write_fragment_zoo(files);
    for (const std::uint32_t workers : {1U, 3U}) {
        Config config = test::small_config("net_pcap0,rx_pcap=" + files.path("split.a.pcap"),
                                           "net_pcap1,rx_pcap=" + files.path("split.b.pcap"), workers);
        test::Rig rig(config);
        ASSERT_TRUE(rig.make() && rig.start());
        rig.run_until([&] { return rig.appliance().captures_ended(); });
        const auto outcome = rig.finish();
        test::expect_sums_hold(outcome);
        EXPECT_EQ(outcome.last.frames.received, test::FragmentZoo().frames.size());
        EXPECT_EQ(outcome.last.frames.transmitted, outcome.last.frames.received) << workers << " workers";
        EXPECT_GE(test::count(outcome.last.tracker.reasons, Reason::fragment_timeout), 20U);
    }
}

std::uint64_t number_in(const std::string& books, Reason reason) {
    const auto name = fmt::format("\n{} ", kReasonTable[static_cast<std::size_t>(reason)].name);
    const auto at = books.find(name);
    return at == std::string::npos ? 0 : std::stoull(books.substr(at + name.size()));
}

// What comes back to an answer, and what follows in translated numbers.
TEST(Cookies, AreHeardTheSameWay) {
    const Case c{.scenario = "cookies", .mode = Mode::enforce, .always = true};
    const test::CookieZoo zoo(cookie_secret(hash_key_from_seed(1)));
    const test::CaptureFiles files;
    test::write_cookie_zoo(files, zoo);
    expect_the_same(c, files);
    const std::string books = replayed(c, files.path("whole.pcap")).books;
    EXPECT_EQ(number_in(books, Reason::challenge_met), 1U) << books;
    // After a refusal clients are challenged, until the server has answered again.
    EXPECT_EQ(number_in(books, Reason::cookie_sent) + number_in(books, Reason::challenge_sent),
              test::CookieZoo::kClients + 1)
        << books;
    EXPECT_EQ(number_in(books, Reason::cookie_accepted), test::CookieZoo::kClients / 6 * 5) << books;
    EXPECT_EQ(number_in(books, Reason::proxy_established), test::CookieZoo::kServed) << books;
    EXPECT_EQ(number_in(books, Reason::invalid_ack_high), 0U) << books;
}

INSTANTIATE_TEST_SUITE_P(
    Modes, FragmentsOfEveryFate,
    testing::Values(Case{.scenario = "zoo"}, Case{.scenario = "zoo", .profile = Profile::zeek},
                    Case{.scenario = "zoo", .mode = Mode::enforce},
                    Case{.scenario = "zoo", .mode = Mode::enforce, .refused = InvalidAction::drop},
                    Case{.scenario = "zoo", .few_buffers = true}),
    name_of);

}  // namespace
}  // namespace ajar
