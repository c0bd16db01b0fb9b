// `ajar bench`: its options.
#include <fmt/format.h>

#include <algorithm>
#include <bit>

#include "ajar/policy/services.hpp"
#include "app/command.hpp"
#include "app/command_line.hpp"
#include "config/nearest.hpp"
#include "config/units.hpp"
#include "dataplane/bench.hpp"

namespace ajar::app {
namespace {

constexpr std::string_view kBenchExamples =
    "  ajar bench established --flows 64Ki,1Mi,16Mi --plot established.svg\n"
    "  ajar bench connect --workers 1,2 --json connect.json\n"
    "  ajar bench established --ipv6 --choice zipf --frame 512\n";

constexpr std::array<std::string_view, 2> kChoices = {"uniform", "zipf"};

/// Lots of traffic are dealt to workers: each gets an equal power of two of flows.
constexpr std::uint64_t kLeastFlows = 4096, kMostFlows = std::uint64_t{1} << 28U;

std::string about_bench() {
    std::string out =
        "Measures the appliance on DPDK's virtual devices, no NIC needed, beside a plain forwarder on the "
        "same\n"
        "devices with the same frames.\n\nScenarios:\n";
    for (const auto& s : bench_scenarios()) out += fmt::format("  {:12} {}\n", s.name, s.help);
    return out;
}

std::uint32_t least_workers(const std::string& scenario) {
    const auto all = bench_scenarios();
    const auto it = std::ranges::find(all, scenario, &BenchScenario::name);
    return it == all.end() ? 1 : it->least_workers;
}

/// What is wrong with the values together; empty if nothing.
std::string wrong(const BenchFlags& flags) {
    std::vector<std::string_view> names;
    const auto all = bench_scenarios();
    names.reserve(all.size());
    for (const auto& s : all) names.push_back(s.name);
    if (std::ranges::find(names, flags.scenario) == names.end()) {
        const auto near = config::nearest(flags.scenario, names);
        return fmt::format("no scenario \"{}\"{}", flags.scenario,
                           near.empty() ? "" : fmt::format("; did you mean {}?", near));
    }
    const auto& scenario = *std::ranges::find(all, flags.scenario, &BenchScenario::name);
    for (const auto n : flags.workers)
        if (n < scenario.least_workers || n > scenario.most_workers)
            return fmt::format("--workers {}: {} takes {} to {}", n, scenario.name, scenario.least_workers,
                               scenario.most_workers);
    for (const auto n : flags.flows)
        if (!std::has_single_bit(n))
            return fmt::format("--flows {}: no power of two; take {} or {}", n,
                               config::format_count(std::bit_floor(n)),
                               config::format_count(std::bit_ceil(n)));
    for (const auto n : flags.workers)
        if (!std::has_single_bit(n))
            return fmt::format("--workers {}: flows are dealt to a power of two of them", n);
    const std::uint16_t least = flags.ipv6 ? 84 : 64;
    if (flags.frame_bytes != 0 && flags.frame_bytes < least)
        return fmt::format("--frame {}: data over IPv{} takes {} bytes at least", flags.frame_bytes,
                           flags.ipv6 ? 6 : 4, least);
    return "";
}

void declare(CommandLine& line, BenchFlags& flags) {
    line.argument("SCENARIO", flags.scenario, "One of the scenarios above. [established]", false);
    line.numbers("--flows", flags.flows, "Flows in the tables, one run each; powers of two.", kLeastFlows,
                 kMostFlows);
    line.numbers("--workers", flags.workers,
                 "Worker threads, one run each; powers of two. handoff begins with 2.", 1, 64);
    line.number("--packets", flags.packets, "Packets of a round, over all workers.", std::uint64_t{10'000});
    line.number("--rounds", flags.rounds, "Rounds of each kind, in turn.", 1U, 1000U);
    line.number("--frame", flags.frame_bytes, "Bytes of a frame with data, FCS counted; 0: the shortest.",
                std::uint16_t{0}, std::uint16_t{1518});
    line.flag("--ipv6", flags.ipv6, "IPv6 instead of IPv4.");
    line.choice("--choice", flags.choice, kChoices, "How data chooses its flow");
    line.number("--services", flags.services,
                "Services with names in the configuration, which cover all IPv4 addresses between them.",
                std::uint32_t{0}, static_cast<std::uint32_t>(kMostServices));
    line.number("--seed", flags.seed, "Of the tables' hash.");
    line.flag("--hugepages", flags.hugepages, "Take hugepages.");
    line.text("--json", flags.json_file, "FILE", "The report as JSON; - is standard output.");
    line.text("--plot", flags.plot_file, "FILE", "Cost by flows and rate by workers, as SVG.");
}

}  // namespace

int bench_command(int argc, char** argv) {
    BenchFlags flags;
    CommandLine line("bench", about_bench(), kBenchExamples);
    declare(line, flags);
    if (const auto code = line.parse(argc, argv)) return *code;
    if (!line.given("--workers")) flags.workers = {least_workers(flags.scenario)};
    if (const auto fault = wrong(flags); !fault.empty()) return line.complain(fault);
    return run_bench(flags);
}

}  // namespace ajar::app
