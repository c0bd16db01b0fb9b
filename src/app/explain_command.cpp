// `ajar explain`: its options.
#include "app/command.hpp"
#include "app/command_line.hpp"
#include "explain/explain.hpp"

namespace ajar::app {
namespace {

constexpr std::string_view kExplainAbout =
    "Tells why a connection was flagged, evicted or reset: rule, timer, numbers, packets, what Ajar did and "
    "what each\nend knows now. FLOW is both of its ends, in either order, or its uid (ajar.uid of an event, "
    "uid of a "
    "flow record).\nWithout a FILE a running appliance tells what it remembers.";
constexpr std::string_view kExplainExamples =
    "  ajar replay trace.pcap --events events.json --flows flows.json\n"
    "  ajar explain 10.0.0.1:4711-10.0.0.2:80 events.json\n"
    "  ajar explain '[2001:db8::1]:4711 > [2001:db8::2]:80' events.json flows.json\n"
    "  ajar explain C2GWSpcZPk1ECMwwFo events.json --json\n"
    "  ajar explain 10.0.0.1:4711-10.0.0.2:80\n";

}  // namespace

int explain_command(int argc, char** argv) {
    explain::ExplainOptions options;
    std::string socket;
    CommandLine line("explain", kExplainAbout, kExplainExamples);
    line.argument("FLOW", options.flow, "Whose connection: ADDRESS:PORT-ADDRESS:PORT, or a uid.");
    line.arguments(
        "FILE", options.files,
        "Events (--events of run and replay), flow records (--flows), or both; - is standard input.", false);
    line.text("--socket", socket, "PATH", "The running appliance's.");
    line.flag("--json", options.json, "One JSON object instead of text.");
    if (const auto code = line.parse(argc, argv)) return *code;
    if (options.files.empty()) return explain_running(options.flow, socket, options.json);
    return explain::explain(options);
}

}  // namespace ajar::app
