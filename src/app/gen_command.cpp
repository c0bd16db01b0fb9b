// `ajar gen`: its options.
#include <fmt/format.h>

#include "app/command.hpp"
#include "app/command_line.hpp"
#include "generate/gen.hpp"
#include "generate/scenario.hpp"

namespace ajar::app {
namespace {

constexpr std::string_view kGenExamples =
    "  ajar gen mix -o mix.pcap --seed 7\n"
    "  ajar gen flood -o flood.pcap --connections 1M --rate 100k\n"
    "  ajar gen handshake -o - --loss 1% --reorder 2% | ajar replay -\n";

std::string about() {
    std::string out = "Writes a capture of made traffic; equal options give equal bytes.\n\nScenarios:\n";
    for (const auto& s : gen::scenarios()) out += fmt::format("  {:14} {}\n", s.name, s.help);
    return out + fmt::format("  {:14} {}", "mix", "several of these, by --weights");
}

void declare_traffic(CommandLine& line, GenOptions& o) {
    line.text("--weights", o.weights, "LIST", "Of mix: shares of the conversations.");
    line.number("--seed", o.seed, "Another seed, another capture.");
    line.number("--connections", o.connections, "Conversations; 0: until --duration ends.");
    line.number("--rate", o.rate, "New conversations a second.", std::uint64_t{1});
    line.duration("--duration", o.duration, "Conversations begin within it.");
    line.number("--start", o.start, "Time of the first one, in seconds since 1970.");
    line.number("--clients", o.clients, "Client addresses, at least.", 1U);
    line.number("--servers", o.servers, "Server addresses.", 1U, 65000U);
    line.number("--ipv6", o.ipv6_percent, "Percent of the conversations over IPv6.", 0U, 100U);
    line.number("--vlan", o.vlan, "Tag of every frame; 0: none.", std::uint16_t{0}, std::uint16_t{4094});
    line.number("--payload", o.payload, "Mean bytes of a response.");
    line.duration("--rtt", o.rtt, "Mean round trip.");
    line.percent("--loss", o.loss_percent, "Of the segments: half before the box, half behind it.");
    line.percent("--reorder", o.reorder_percent, "Of the segments that come close behind others.");
    line.percent("--duplicate", o.duplicate_percent, "Of the segments.");
    line.percent("--detours", o.detour_percent, "Conversations of which some packets go a hop further.");
}

void declare_flood(CommandLine& line, GenOptions& o) {
    line.flag("--one-source", o.one_source, "A flood from one address instead of spoofed ones.");
    line.number("--syn-acks", o.syn_acks, "Of the flooded server, for each SYN; retransmitted ones too.");
    line.duration("--linger", o.linger, "A last frame that much later, so that timers run out.");
}

void declare_output(CommandLine& line, GenOptions& o) {
    line.text("-o,--output", o.output, "FILE", "The capture (pcap); - is standard output.");
    line.flag("--split", o.split,
              "Two captures, FILE.a.pcap and FILE.b.pcap: the sides of a bump in the wire.");
    line.flag("--microseconds", o.microseconds, "The classic resolution instead of nanoseconds.");
    line.text("--truth", o.truth, "FILE", "What was made, as JSON.");
    line.text("--truth-connections", o.truth_connections, "FILE", "Each conversation as a line of JSON.");
}

}  // namespace

int gen_command(int argc, char** argv) {
    GenOptions options;
    CommandLine line("gen", about(), kGenExamples);
    line.argument("SCENARIO", options.scenario, "One of the scenarios above, or mix.");
    declare_output(line, options);
    declare_traffic(line, options);
    declare_flood(line, options);
    if (const auto code = line.parse(argc, argv)) return *code;
    return generate(options);
}

}  // namespace ajar::app
