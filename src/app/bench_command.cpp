// `ajar bench`: its options.
#include "app/command.hpp"
#include "app/command_line.hpp"
#include "dataplane/bench.hpp"

namespace ajar::app {
namespace {

constexpr std::string_view kAbout =
    "Measures tracked packets per second and worker on DPDK's virtual devices, no NIC needed, beside a "
    "plain\n"
    "forwarding run of the same frames.\n\n"
    "Scenarios: established (data in known flows), connect (handshakes), flood (SYNs)";
constexpr std::string_view kExamples =
    "  ajar bench established\n"
    "  ajar bench flood --workers 2 --packets 50M\n";

}  // namespace

int bench_command(int argc, char** argv) {
    BenchFlags flags;
    CommandLine line("bench", kAbout, kExamples);
    line.argument("SCENARIO", flags.scenario, "established, connect or flood. [established]", false);
    line.number("--workers", flags.workers, "Worker threads.", 1U, 64U);
    line.number("--flows", flags.flows, "Connections in the traffic.", std::uint64_t{1});
    line.number("--packets", flags.packets, "Packets of a round, over all workers.", std::uint64_t{1});
    line.number("--rounds", flags.rounds, "Rounds, tracked and plain in turn.", 1U);
    line.flag("--hugepages", flags.hugepages, "Take hugepages.");
    if (const auto code = line.parse(argc, argv)) return *code;
    return run_bench(flags);
}

}  // namespace ajar::app
