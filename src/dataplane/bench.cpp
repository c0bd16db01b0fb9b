// `ajar bench`: the appliance on net_null beside a plain forwarder on the same devices with the same traffic.
//
// Both poll the same queues through the same rx callback, which makes the frames; the forwarder then swaps
// the MAC addresses and sends. Tables are filled once for each number of flows and workers; then rounds
// alternate between the two, so that a machine that slows down slows both. Medians are compared.
#include "dataplane/bench.hpp"

#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <chrono>
#include <cstring>

#include "ajar/clock.hpp"
#include "config/eal_args.hpp"
#include "config/load.hpp"
#include "config/prefixes.hpp"
#include "config/services.hpp"
#include "config/units.hpp"
#include "dataplane/bench/json.hpp"
#include "dataplane/bench/machine_facts.hpp"
#include "dataplane/bench/method.hpp"
#include "dataplane/bench/plot.hpp"
#include "dataplane/bench/scenario.hpp"
#include "dataplane/bench/text.hpp"
#include "dataplane/eal.hpp"
#include "exit_code.hpp"
#include "export/human.hpp"
#include "put_line.hpp"

namespace ajar {
namespace {

using namespace dataplane;  // NOLINT(google-build-using-namespace): this file is its bench's entrance

int complain(const std::string& text, int code) {
    put_line(stderr, "ajar bench: " + text);
    return code;
}

/// So many prefixes of twelve bits, one each.
void add_services(Config& config, std::uint32_t n) {
    for (std::uint32_t i = 0; i < n; ++i) {
        const auto prefix = config::parse_prefix(fmt::format("{}.{}.0.0/12", i >> 4U, (i & 15U) << 4U));
        config.services.push_back({.name = fmt::format("service {}", i),
                                   .prefixes = {*prefix},
                                   .ports = {},
                                   .own = {},
                                   .policy = {}});
    }
    if (n != 0) config::resolve_services(config);
}

Config config_for(const BenchFlags& flags, const Scenario& scenario, std::uint64_t flows,
                  std::uint64_t workers) {
    Config config = config::default_config();
    config.ports = {{"net_null0,no-rx=1", "net_null1,no-rx=1"}};
    config.workers = static_cast<std::uint32_t>(workers);
    config.hugepages = flags.hugepages ? Hugepages::on : Hugepages::off;
    config.seed = fmt::format("{}", flags.seed);
    config.sizes = {.confirmed = 0, .embryonic = 0, .tombstones = 64 * kPartitions};
    config.sizes.ipv6_percent = flags.ipv6 ? 100 : 0;
    config.fragments.datagrams = 64;  // there are none: no buffers need wait for them
    config.rx_descriptors = config.tx_descriptors = 256;
    add_services(config, flags.services);
    scenario.size(config, flows);
    return config;
}

/// The largest trial decides what DPDK gets.
Config largest(const BenchFlags& flags, const Scenario& scenario) {
    return config_for(flags, scenario, std::ranges::max(flags.flows), std::ranges::max(flags.workers));
}

/// What is missing for the largest trial; empty if nothing.
std::string lacking(const Config& config) {
    const auto needs = config::needs_of(config);
    if (config.hugepages == Hugepages::on) {
        const auto free = config::this_machine().free_hugepage_bytes;
        if (free >= needs.hugepage_bytes()) return "";
        return fmt::format(
            "hugepages of {} are needed, {} are free; to reserve them: echo {} > "
            "/proc/sys/vm/nr_hugepages, or leave --hugepages out",
            exporting::human_bytes(needs.hugepage_bytes()), exporting::human_bytes(free),
            (needs.hugepage_bytes() >> 21U) + 1);
    }
    const auto free = available_memory();
    if (free == 0 || free >= needs.total(false)) return "";
    return fmt::format("so many flows need {} of memory, {} are available; take fewer --flows",
                       exporting::human_bytes(needs.total(false)), exporting::human_bytes(free));
}

bool write_file(const std::string& path, const std::string& text) {
    if (path.empty()) return true;
    std::FILE* const file = path == "-" ? stdout : std::fopen(path.c_str(), "w");
    bool good = file != nullptr && std::fputs(text.c_str(), file) >= 0 && std::fflush(file) == 0;
    const int why = errno;
    if (file != nullptr && file != stdout) good = std::fclose(file) == 0 && good;
    if (!good) complain(path + ": " + std::strerror(why), kFailed);
    return good;
}

/// One line on a terminal, nothing elsewhere.
class ProgressLine {
public:
    ~ProgressLine() { clear(); }
    void say(const std::string& text) {
        if (!shown_ || text == last_) return;
        std::fprintf(stderr, "\r%s\x1b[K", text.c_str());
        last_ = text;
    }
    void clear() {
        if (shown_ && !last_.empty()) std::fputs("\r\x1b[K", stderr);
        last_.clear();
    }

private:
    bool shown_ = isatty(STDERR_FILENO) == 1;
    std::string last_;
};

/// Where the words go when standard output belongs to the JSON.
std::FILE* words_for(const BenchFlags& flags) {
    return flags.json_file == "-" || flags.plot_file == "-" ? stderr : stdout;
}

void say(std::FILE* to, const std::string& text) {
    std::fputs(text.c_str(), to);
    std::fflush(to);
}

Result<Findings> try_one(const BenchFlags& flags, const Scenario& scenario, const LcoreClocks& clocks,
                         std::uint64_t flows, std::uint64_t workers, ProgressLine& line, std::FILE* words) {
    const auto title =
        fmt::format("{} flows, {} worker{}", config::format_count(flows), workers, workers == 1 ? "" : "s");
    const Trial trial{
        .flags = flags,
        .clocks = clocks,
        .flows = flows,
        .workers = static_cast<std::uint32_t>(workers),
        .config = config_for(flags, scenario, flows, workers),
        .progress = [&](std::string_view what,
                        double part) { line.say(fmt::format("{}: {}, {:.0f} %", title, what, 100 * part)); },
        .announce =
            [&](const std::string& text) {
                line.clear();
                say(words, fmt::format("{}: {}\n", title, text));
            }};
    trial.progress("making the tables", 0);
    auto found = scenario.run(trial);
    line.clear();
    return found;
}

/// A wire and control share the CPU after the worker's; both wait for the worker, which has its own.
std::vector<std::string> eal_arguments(Config config, const Scenario& scenario) {
    if (scenario.wire) ++config.workers;
    auto args = config::eal_arguments(config);
    args.emplace_back("--no-telemetry");  // nothing of a bench's answers there
    if (!scenario.wire) return args;
    const auto cpus = config::this_machine().cpus;
    std::erase_if(args, [](const std::string& a) { return a.starts_with("--lcores="); });
    args.push_back(fmt::format("--lcores=0@{1},1@{0},2@{1}", cpus.front(), cpus[cpus.size() > 1 ? 1 : 0]));
    return args;
}

/// Adds what was found, with the words that belong to it.
void take(Report& report, Findings found, const std::string& where, std::FILE* words) {
    say(words, table_lines(found.rows));
    std::ranges::move(found.rows, std::back_inserter(report.rows));
    std::ranges::move(found.checks, std::back_inserter(report.checks));
    for (const auto& fault : found.faults) report.faults.push_back(where + fault);
}

int bench(const BenchFlags& flags, const Scenario& scenario, std::size_t cpus) {
    const LcoreClocks clocks;
    Report report{.scenario = flags.scenario, .facts = method(flags, scenario)};
    std::ranges::move(machine_facts(cpus, scenario.wire), std::back_inserter(report.facts));
    std::FILE* const words = words_for(flags);
    say(words, heading(report));
    ProgressLine line;
    for (const auto workers : flags.workers) {
        for (const auto flows : flags.flows) {
            auto found = try_one(flags, scenario, clocks, flows, workers, line, words);
            if (!found) return complain(found.error(), kFailed);
            take(report, std::move(*found), fmt::format("{} flows, {} workers: ", flows, workers), words);
        }
    }
    say(words, conclusions(report));
    const bool json = write_file(flags.json_file, to_json(report));
    const bool plot = flags.plot_file.empty() || write_file(flags.plot_file, to_svg(report));
    return json && plot && report.faults.empty() ? kGood : kFailed;
}

}  // namespace

std::vector<BenchScenario> bench_scenarios() {
    std::vector<BenchScenario> out;
    for (const Scenario& s : scenarios()) out.push_back({s.name, s.help, s.least_workers, s.most_workers});
    return out;
}

int run_bench(const BenchFlags& flags) {
    const Scenario& scenario = *scenario_named(flags.scenario);
    const Config config = largest(flags, scenario);
    if (const auto why = lacking(config); !why.empty()) return complain(why, kUsage);
    const auto cpus = config::this_machine().cpus.size();  // DPDK will pin this thread to one
    auto args = eal_arguments(config, scenario);
    std::erase_if(args,
                  [](const std::string& a) { return a.starts_with("--vdev"); });  // each trial makes its own
    args.emplace_back("--log-level=*:error");
    auto eal = Eal::start(args);
    if (!eal) return complain(eal.error(), kUsage);
    return bench(flags, scenario, cpus);
}

}  // namespace ajar
