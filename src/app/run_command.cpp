// `ajar run`: its options, and what it can say without touching a device.
#include <fcntl.h>
#include <fmt/format.h>
#include <unistd.h>

#include <csignal>

#include "app/command.hpp"
#include "app/command_line.hpp"
#include "app/join.hpp"
#include "config/cookie_key.hpp"
#include "config/device.hpp"
#include "config/eal_args.hpp"
#include "config/load.hpp"
#include "config/needs.hpp"
#include "config/presence.hpp"
#include "config/print.hpp"
#include "config/reload.hpp"
#include "config/services.hpp"
#include "confine/user.hpp"
#include "dataplane/run.hpp"
#include "dataplane/settle.hpp"
#include "put_line.hpp"

namespace ajar::app {
namespace {

constexpr std::string_view kRunAbout =
    "Tracks every TCP connection between the ports of each pair, evicts or flags what hangs half open. The "
    "default\n"
    "mode, observe, sends nothing and reports what enforce would have done. SIGHUP reloads, SIGINT and "
    "SIGTERM end.";
constexpr std::string_view kRunExamples =
    "  ajar run --print-config > ajar.toml     a file to start from: every key, its values, its default\n"
    "  ajar run -c ajar.toml --check           is it right, and what does it need?\n"
    "  ajar run -c ajar.toml                   run it\n";

struct RunWords {
    std::string config, mode, events, flows, ipfix;
    bool check = false, print = false, eal_args = false, no_live = false;
};

void declare(CommandLine& line, RunWords& words, RunFlags& flags) {
    line.text("-c,--config", words.config, "FILE", "The configuration.");
    line.flag("--check", words.check, "Check it, say what it needs, touch no device.");
    line.flag("--print-config", words.print,
              "Print the effective configuration, annotated; without -c the defaults.");
    line.flag("--eal-args", words.eal_args, "Print the arguments that DPDK will get.");
    line.choice("--mode", words.mode, kModeNames, "Instead of the file's");
    line.text("--events", words.events, "FILE", "Instead of the file's [events] file.");
    line.text("--flows", words.flows, "FILE", "Instead of the file's [events] flows.");
    line.text("--ipfix", words.ipfix, "COLLECTOR", "Instead of the file's [ipfix] collector.");
    line.text("--summary", flags.summary_file, "FILE", "The summary as JSON, at the end.");
    line.flag("--until-idle", flags.until_idle,
              "End by itself when all captures are delivered; every port must be a net_pcap device with an "
              "end.");
    line.flag("--no-live", words.no_live, "A line of numbers now and then, also on a terminal.");
}

int complain(std::string_view text) {
    fmt::print(stderr, "{}\n", text);
    return kUsage;
}

Result<Config> load(const RunWords& words) {
    if (words.config.empty()) return config::default_config();
    return config::load_file(words.config);
}

void override(Config& config, const RunWords& words) {
    if (words.mode == name(Mode::enforce)) config.policy.mode = Mode::enforce;
    if (words.mode == name(Mode::observe)) config.policy.mode = Mode::observe;
    if (!words.events.empty()) config.events_file = words.events;
    if (!words.flows.empty()) config.flows_file = words.flows;
    if (!words.ipfix.empty()) config.ipfix_collector = words.ipfix;
    config.policy.flow_end_events = config.wants_flow_ends();
    config::resolve_services(config);
}

/// What the user that it becomes could not read again, or write at the end.
std::string refuse_files(const Config& config, const RunWords& words, const RunFlags& flags) {
    std::string out;
    const auto user = config::user_of(config);
    const confine::AsUser as(user);
    if (const auto* why = config::refuse_output(flags.summary_file))
        out += fmt::format("ajar run: --summary {}: {}\n", flags.summary_file, why);
    if (user && faccessat(AT_FDCWD, words.config.c_str(), R_OK, AT_EACCESS) != 0)
        out +=
            fmt::format("{0}: user {1} cannot read it again for a reload: chgrp {1} {0} && chmod 640 {0}\n",
                        words.config, user->name);
    return out;
}

/// Why this machine and this command line cannot do it, a line each.
std::string refuse_start(const Config& config, const RunWords& words, const RunFlags& flags) {
    std::string out = config::refuse_run(config, words.config);
    out += refuse_files(config, words, flags);
    for (const auto& missing : config::absent(config))
        out += fmt::format("{}: {}: {}\n", words.config, missing.path, missing.text);
    for (const auto& [a, b] : config.ports)
        for (const auto& port : {a, b})
            if (flags.until_idle && !config::comes_to_an_end(port))
                out += fmt::format(
                    "ajar run: --until-idle would never end: {} is no net_pcap device whose captures end; "
                    "leave it out\n",
                    config::device_name(port));
    return out;
}

/// What only a start shows.
std::string not_checked(const Config& config) {
    std::string out =
        "unchecked  whether the devices are there and can do what is asked: queues, MTU, link_follow\n";
    for (const auto& [a, b] : config.ports)
        for (const auto& port : {a, b})
            if (!config::capture_files(port).empty()) {
                out += fmt::format("           what the captures of {} hold{}\n", config::device_name(port),
                                   config::repeats_capture(port)
                                       ? "; its packets, kept in buffers, are counted at the start"
                                       : "");
            }
    return out;
}

int check(const Config& config, const std::string& file) {
    if (!config.cookie_key_file.empty()) {
        if (auto key = config::read_cookie_key(config.cookie_key_file); !key) return complain(key.error());
    }
    const auto verdict = config::compare(config, config::needs_of(config), config::this_machine());
    fmt::print("{}: the configuration is right\n{}{}", file, verdict.text, not_checked(config));
    if (verdict.enough) return kGood;
    return complain(
        "ajar run: hugepages = \"on\", and there are too few; reserve them as above, or set \"auto\"");
}

std::string list(const char* what, const std::vector<std::string>& keys) {
    return keys.empty() ? "" : fmt::format("; {} {}", what, join(keys, ", "));
}

/// The file again, and the command line's word over it.
Result<Reloaded> reload(const Config& running, const RunWords& words, const std::string& profile) {
    auto wanted = config::load_file(words.config, profile);
    if (!wanted) return Error{wanted.error()};
    override(*wanted, words);
    if (auto faults = config::refuse_run(*wanted, words.config); !faults.empty())
        return Error{std::move(faults)};
    auto merged = config::reload(running, *wanted);
    put_line(stderr, fmt::format("ajar: {} reloaded, generation {}{}{}", words.config,
                                 merged.config.policy.generation, list("changed:", merged.changed),
                                 list("needs a restart:", merged.waiting)));
    dataplane::remember_reloaded(merged.config, words.config);
    return Reloaded{std::move(merged.config), std::move(merged.changed), std::move(merged.waiting)};
}

int go(const Config& config, RunFlags flags, const RunWords& words) {
    std::signal(SIGPIPE, SIG_IGN);  // whoever reads our events may end; the appliance does not
    flags.live_view = !words.no_live;
    flags.config_file = words.config;
    flags.reload = [&words](const Config& running, const std::string& profile) {
        return reload(running, words, profile);
    };
    return run_appliance(config, flags);
}

}  // namespace

int run_command(int argc, char** argv) {
    RunWords words;
    RunFlags flags;
    CommandLine line("run", kRunAbout, kRunExamples);
    declare(line, words, flags);
    if (const auto code = line.parse(argc, argv)) return *code;
    if (words.config.empty() && !words.print)
        return complain(
            "ajar run: no configuration; give -c FILE (`ajar run --print-config` prints one to start from)");
    auto config = load(words);
    if (!config) return complain(config.error());
    override(*config, words);
    if (words.print) return fmt::print("{}", config::print(*config)), kGood;
    if (const auto faults = refuse_start(*config, words, flags); !faults.empty()) return complain(faults);
    if (words.check) return check(*config, words.config);
    if (words.eal_args) return fmt::print("{}\n", join(config::eal_arguments(*config), " ")), kGood;
    return go(*config, flags, words);
}

}  // namespace ajar::app
