// `ajar replay`: its options, and how a configuration file and a profile become one.
#include <fmt/format.h>

#include "app/command.hpp"
#include "app/command_line.hpp"
#include "config/load.hpp"
#include "config/seed.hpp"
#include "config/services.hpp"
#include "replay/replay.hpp"
#include "replay/what_if.hpp"

namespace ajar::app {
namespace {

constexpr std::string_view kReplayAbout =
    "Reads captures (pcap, pcapng) with the packets' own time and says what was half open, embryonic, "
    "flagged or\n"
    "evicted, and why. Needs no configuration; the same capture gives the same output for any number of "
    "shards.";
constexpr std::string_view kReplayExamples =
    "  ajar replay trace.pcap\n"
    "  ajar replay from-clients.pcap from-servers.pcap\n"
    "  ajar replay trace.pcap --report report.html\n"
    "  ajar replay trace.pcap --profile linux --events events.json --flows flows.json\n"
    "  ajar replay trace.pcap --what-if linux,pf,asa,panos,azure-lb,aws-nlb,ajar\n"
    "  tcpdump -w - | ajar replay -\n";

/// What is said on the command line and is no member of ReplayOptions.
struct ReplayWords {
    std::string config, profile, checksums = "ignore", mode, what_if;
    bool quiet = false;
};

void declare(CommandLine& line, replay::ReplayOptions& o, ReplayWords& words) {
    line.arguments("FILE", o.files, "Captures, merged by their time stamps; - is standard input.");
    line.choice("--profile", words.profile, kProfileNames, "Timers, actions and rules of");
    line.text("-c,--config", words.config, "FILE",
              "Policy, timers, sizes and tunnels from a configuration file.");
    line.choice("--mode", words.mode, kModeNames, "Report as if in this mode");
    line.choice("--checksums", words.checksums, kChecksumPolicyNames, "Wrong checksums change no state, or");
    line.number("--shards", o.shards, "Work in parallel; 0: as many as there are cores.");
    line.number("--seed", o.seed, "Of the hashes; uids come from it.");
    line.text("--events", o.events_file, "FILE",
              "Events as JSON lines (EVE's shape); - is standard output, unix:PATH a socket.");
    line.text("--flows", o.flows_file, "FILE", "One JSON object for each connection (Zeek's terms).");
    line.text("--ipfix", o.ipfix_collector, "COLLECTOR",
              "The same as IPFIX biflows, to udp:HOST:PORT, tcp:HOST:PORT or a file.");
    line.text("--packets", o.packets_file, "FILE",
              "All packets of flagged and half-open connections as pcapng; reads the captures twice.");
    line.text("--summary", o.summary_file, "FILE", "The report as JSON.");
    line.text("--report", o.report_file, "FILE",
              "The report as a page (HTML, one file): timelines, tables, connections with packet ladders.");
    line.text("--what-if", words.what_if, "PROFILE,...",
              "Instead of the report (with --report, beside it): what those boxes would have forgotten "
              "alive, and kept "
              "after its death.");
    line.flag("-q,--quiet", words.quiet, "No progress bar.");
}

template <typename Enum>
Enum named(std::string_view name, std::span<const std::string_view> names) {
    return static_cast<Enum>(std::find(names.begin(), names.end(), name) - names.begin());
}

/// What an appliance would do with this file; its outputs are the appliance's own. Equal seeds give both the
/// same uids.
void use_config(const Config& config, replay::ReplayOptions& o, bool seed_given) {
    if (const auto profile = profile_named(config.profile)) o.use_profile(*profile);
    o.policy = config.policy;
    o.sizes = config.sizes;
    o.fragments = config.fragments;
    o.decapsulate = config.decapsulate;
    o.steer = config.steer;
    if (!seed_given) o.seed = config::parse_seed(config.seed).value_or(o.seed);
}

/// Several replays and their comparison. What else was asked for has to wait.
int compare_profiles(const CommandLine& line, replay::ReplayOptions options, const ReplayWords& words) {
    if (!words.profile.empty() || !words.config.empty() || !words.mode.empty() ||
        !options.events_file.empty() || !options.flows_file.empty() || !options.ipfix_collector.empty() ||
        !options.packets_file.empty())
        return line.complain(
            "--what-if takes captures, and of the other options only --report, --summary, --shards, --seed");
    if (std::count(options.files.begin(), options.files.end(), "-") != 0)
        return line.complain(
            "--what-if reads its captures several times, which standard input (-) allows once");
    const auto profiles = replay::profiles_of(words.what_if);
    if (!profiles) return line.complain(profiles.error());
    if (options.report_file.empty()) return replay::what_if(options, *profiles);
    options.what_if = *profiles;
    return replay::replay(options);
}

}  // namespace

int replay_command(int argc, char** argv) {
    replay::ReplayOptions options;
    ReplayWords words;
    CommandLine line("replay", kReplayAbout, kReplayExamples);
    declare(line, options, words);
    if (const auto code = line.parse(argc, argv)) return *code;
    if (!words.profile.empty() && !words.config.empty())
        return line.complain("give --profile or --config; the file names its own profile");
    if (!words.config.empty()) {
        auto config = config::load_file(words.config);
        if (!config) {
            fmt::print(stderr, "{}\n", config.error());
            return kUsage;
        }
        if (!words.mode.empty()) {
            config->policy.mode = named<Mode>(words.mode, kModeNames);
            config::resolve_services(*config);
        }
        use_config(*config, options, line.given("--seed"));
    }
    if (const auto profile = profile_named(words.profile)) options.use_profile(*profile);
    if (words.config.empty() || line.given("--checksums"))
        options.policy.checksums = named<ChecksumPolicy>(words.checksums, kChecksumPolicyNames);
    if (!words.mode.empty()) options.policy.mode = named<Mode>(words.mode, kModeNames);
    options.progress = !words.quiet;
    if (line.given("--what-if")) return compare_profiles(line, options, words);
    return replay::replay(options);
}

}  // namespace ajar::app
