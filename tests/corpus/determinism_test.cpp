// Does the number of shards change a byte? Over the corpus, and over generated mixes (AJAR_MIXES, or fifty),
// of which some overflow their tables.
#include <gtest/gtest.h>

#include <cstdlib>
#include <filesystem>
#include <set>

#include "export/changes.hpp"
#include "export/event_json.hpp"
#include "generate/gen.hpp"
#include "replay/engine.hpp"
#include "replay/report.hpp"
#include "support/services.hpp"

namespace ajar::replay {
namespace {

namespace fs = std::filesystem;

/// All that a replay says: event records, flow records, summary.
struct Said {
    std::string events, flows, summary;
    std::uint64_t flow_count = 0, refused = 0, gave_way = 0, faults = 0, changes = 0;
    friend bool operator==(const Said& a, const Said& b) {
        return a.events == b.events && a.flows == b.flows && a.summary == b.summary;
    }
};

Said replayed(ReplayOptions options, std::uint32_t shards) {
    options.shards = shards;
    options.policy.flow_start_events = true;
    Engine engine(options);
    exporting::Text events, flows;
    Outcome outcome;
    std::uint64_t changes = 0;
    const auto sink = [&](std::span<const EventRef> batch) {
        for (const EventRef& e : batch) {
            outcome.tally.add(*e.event);
            if (e.event->kind == EventKind::flow_end) {
                exporting::append_flow(flows, *e.event);
            } else {
                exporting::append_event(events, *e.event);
            }
        }
    };
    const auto tell = [&](const Change& change) {
        outcome.tally.add(change);
        exporting::append_change(events, change);
        ++changes;
    };
    engine.run(
        sink, [](const Input&) {}, tell);
    outcome.tally.finish();
    outcome.input = engine.input();
    outcome.sums = engine.sums();
    const auto count = [&](Finding f) { return outcome.tally.findings[static_cast<std::size_t>(f)].count; };
    return {fmt::to_string(events),
            fmt::to_string(flows),
            summary_json(options, outcome),
            outcome.tally.flows,
            count(Finding::refused),
            count(Finding::gave_way),
            engine.faults(),
            changes};
}

/// The first line that differs, to be read in a failure.
std::string difference(const std::string& a, const std::string& b) {
    const auto at =
        static_cast<std::size_t>(std::mismatch(a.begin(), a.end(), b.begin(), b.end()).first - a.begin());
    const auto line = [at](const std::string& text) {
        const auto from = at == 0 ? 0 : text.rfind('\n', std::min(at, text.size()) - 1) + 1;
        return text.substr(from, text.find('\n', from) - from);
    };
    return a == b ? "equal" : line(a) + "\n  against\n" + line(b);
}

/// Replays with one shard and with several; returns what one shard said.
Said expect_same_for_any_number_of_shards(const ReplayOptions& options, const std::string& what) {
    auto one = replayed(options, 1);
    EXPECT_EQ(one.faults, 0U) << what;
    for (const std::uint32_t shards : {2U, 3U, 8U}) {
        const auto several = replayed(options, shards);
        EXPECT_EQ(several.faults, 0U) << what;
        EXPECT_TRUE(one == several) << what << ": " << shards
                                    << " shards say something else than one:\nevents "
                                    << difference(one.events, several.events) << "\nflows "
                                    << difference(one.flows, several.flows) << "\nsummary "
                                    << difference(one.summary, several.summary);
    }
    return one;
}

fs::path corpus() {
    const char* set = std::getenv("AJAR_CORPUS");
    return fs::path(set != nullptr ? set : AJAR_SOURCE_ROOT "/../shared/corpus") / "pcap";
}

TableSizes tables_of(std::uint64_t flows) {
    TableSizes sizes;
    sizes.confirmed = sizes.embryonic = sizes.tombstones = flows;
    return sizes;
}

void replay_corpus(const ReplayOptions& defaults) {
    if (!fs::is_directory(corpus())) GTEST_SKIP() << "SKIPPED: no corpus at " << corpus();
    std::uint64_t flows = 0;
    std::set<fs::path> captures;  // in an order of their own
    for (const auto& entry : fs::directory_iterator(corpus())) captures.insert(entry.path());
    for (const auto& path : captures) {
        ReplayOptions options = defaults;
        options.files = {path.string()};
        options.sizes = tables_of(1U << 12U);
        flows += expect_same_for_any_number_of_shards(options, path.filename().string()).flow_count;
    }
    EXPECT_GT(flows, 5000U);
}

TEST(Determinism, CorpusUnderTheDefaultProfile) { replay_corpus({}); }

TEST(Determinism, CorpusUnderZeeksProfileWithVerifiedChecksums) {
    ReplayOptions options;
    options.use_profile(Profile::zeek);
    options.policy.checksums = ChecksumPolicy::verify;
    replay_corpus(options);
}

class GeneratedMix {
public:
    explicit GeneratedMix(unsigned n) {
        GenOptions options;
        options.scenario = "mix";
        options.weights =
            "handshake=30,flood=20,scan=10,embryonic=10,idle=5,crash=5,reuse=5,retransmit=5,vlan=5,fragments="
            "3,"
            "halfclosed=3,churn=10,cut=3,lookalike=5,oneway=5,rerouted=15";
        options.seed = n;
        options.connections = 3000;
        options.rate = 300 + 400 * (n % 7);
        options.ipv6_percent = n % 3 * 20;
        options.linger = std::chrono::seconds(n % 2 == 0 ? 0 : 200);
        options.output = path();
        EXPECT_EQ(generate(options), 0);
    }
    ~GeneratedMix() { fs::remove(path()); }
    GeneratedMix(const GeneratedMix&) = delete;
    GeneratedMix& operator=(const GeneratedMix&) = delete;
    [[nodiscard]] const std::string& path() const { return path_; }

private:
    std::string path_ =
        (fs::temp_directory_path() / ("ajar-mix-" + std::to_string(::getpid()) + ".pcap")).string();
};

unsigned mixes() {
    const char* const text = std::getenv("AJAR_MIXES");
    return text == nullptr ? 50 : static_cast<unsigned>(std::stoul(text));
}

TEST(Determinism, MixesOfWhichSomeOverflow) {
    std::uint64_t overflowing = 0, changes = 0, by_network = 0, by_coverage = 0;
    for (unsigned n = 0; n < mixes(); ++n) {
        const GeneratedMix mix(n);
        ReplayOptions options;
        options.files = {mix.path()};
        options.policy.mode = n % 2 == 0 ? Mode::observe : Mode::enforce;
        options.seed = n;
        const auto method = static_cast<SynProof>(n % 3);
        if (n % 4 >= 2) options.policy.services = test::low_and_high_ports(options.policy, method);
        if (n % 8 >= 4) {
            options.policy.defence.source_limit = 30;
            options.policy.defence.source_rate = 40;
            options.policy.defence.service_rate_limit = 200;
            options.policy.defence.block_time = std::chrono::seconds(3);
        }
        options.sizes = tables_of(n % 5 == 0 ? 256 : n % 5 == 1 ? 1024 : 1U << 15U);
        const auto said = expect_same_for_any_number_of_shards(options, "mix " + std::to_string(n));
        const bool limits = n % 4 >= 2 || n % 8 >= 4;  // which drop SYNs
        EXPECT_GE(said.flow_count + said.refused, limits ? 2000U : 3000U) << "mix " << n;
        changes += said.changes;
        by_coverage += said.events.find("low_coverage") != std::string::npos ? 1 : 0;
        by_network += said.summary.find("heaviest_network") != std::string::npos ? 1 : 0;
        overflowing += said.refused + said.gave_way > 0 ? 1 : 0;
    }
    EXPECT_GE(changes, mixes()) << "of the defence";
    EXPECT_GE(by_network, mixes() / 20) << "where a network had most of a full store";
    EXPECT_GE(by_coverage, mixes() / 4) << "where words pass elsewhere";
    EXPECT_GE(overflowing, mixes() / 5);
    EXPECT_LE(overflowing, mixes() * 4 / 5);
}

/// The sums of what is reported must not depend on the seed's hash either: another seed, the same flows.
TEST(Determinism, TheSeedChangesIdsButNotFlows) {
    const GeneratedMix mix(99);
    ReplayOptions options;
    options.files = {mix.path()};
    options.sizes = tables_of(1U << 15U);
    const auto first = replayed(options, 2);
    options.seed = 12345;
    const auto second = replayed(options, 2);
    EXPECT_NE(first.flows, second.flows);
    EXPECT_EQ(first.summary, second.summary);
}

}  // namespace
}  // namespace ajar::replay
