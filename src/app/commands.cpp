// The command table, and how a command is found in it.
#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cstdio>
#include <vector>

#include "app/command.hpp"
#include "app/command_line.hpp"
#include "app/pages.hpp"
#include "config/nearest.hpp"
#include "control/verbs.hpp"

namespace ajar::app {
namespace {

constexpr std::array kPrograms = {
#ifdef AJAR_DATAPLANE
    Command{"run", "Track every TCP connection that crosses this box, in line.", run_command},
    Command{"doctor", "Is this machine fit for it? What is wrong, and the line that mends it.",
            doctor_command},
    Command{"bypass", "A way around an appliance that does not run: the kernel bridges its ports.",
            bypass_command},
#endif
    Command{"replay", "The same over captures: what was half open, embryonic, evicted, and why.",
            replay_command},
    Command{"explain", "Why one connection was flagged, evicted or reset, in sentences.", explain_command},
    Command{"gen", "Make traffic: handshakes, floods, scans, crashed and idle ends, mixes.", gen_command},
#ifdef AJAR_DATAPLANE
    Command{"bench", "Measure packets per second on DPDK's virtual devices.", bench_command},
#endif
};

/// Those, and the verbs of a running appliance.
const std::vector<Command> kCommands = [] {
    std::vector<Command> out(kPrograms.begin(), kPrograms.end());
    for (const auto& verb : control::verbs())
        if (verb.id != control::VerbId::explain) out.push_back({verb.name, verb.help, client_command});
    return out;
}();

const Command* find(std::string_view name) {
    const auto it =
        std::find_if(kCommands.begin(), kCommands.end(), [&](const Command& c) { return c.name == name; });
    return it == kCommands.end() ? nullptr : &*it;
}

int print_help() {
    fmt::print(
        "Ajar tracks every TCP connection and never lets one hang half open.\n\n"
        "Usage: ajar COMMAND [OPTIONS]\n\n"
        "Commands:\n");
    for (const auto& command : kCommands) {
        if (&command == &kCommands[kPrograms.size()]) fmt::print("\nOf a running appliance:\n");
        fmt::print("  {:8} {}\n", command.name, command.help);
    }
    fmt::print(
        "\n  {:8} {}\n\n"
        "Begin with a capture:    ajar replay trace.pcap\n"
        "or make one:             ajar gen mix -o trace.pcap\n"
        "Configure an appliance:  ajar run --print-config > ajar.toml\n",
        "help", "Explain a command: ajar help replay");
    return kGood;
}

int print_version() {
    fmt::print("ajar {} ({}{})\n", AJAR_VERSION, AJAR_CPU,
#ifdef AJAR_DATAPLANE
               ", DPDK " AJAR_DPDK_VERSION
#else
               ", without data plane"
#endif
    );
    return kGood;
}

int unknown(std::string_view name) {
    std::vector<std::string_view> names = {"help"};
    for (const auto& command : kCommands) names.push_back(command.name);
    const auto near = config::nearest(name, names);
    fmt::print(stderr, "ajar: no command \"{}\"{}; `ajar --help` lists them\n", name,
               near.empty() ? "" : fmt::format("; did you mean {}?", near));
    return kUsage;
}

/// What `ajar help` takes beside a command's name.
int print_page(std::string_view option, std::string_view value) {
    if (option == "--man") return fmt::print("{}", manual_page(kCommands)), kGood;
    if (value == "bash") return fmt::print("{}", bash_completion(kCommands)), kGood;
    fmt::print(stderr, "ajar help: completion is for bash: `ajar help --completion bash`\n");
    return kUsage;
}

/// `ajar help CMD` is `ajar CMD --help`.
int help_on(std::string_view name) {
    const auto* command = find(name);
    if (command == nullptr) return unknown(name);
    std::string own(name), flag("--help");
    std::array<char*, 3> argv = {own.data(), flag.data(), nullptr};
    return command->run(2, argv.data());
}

bool is_one_of(std::string_view word, std::initializer_list<std::string_view> words) {
    return std::find(words.begin(), words.end(), word) != words.end();
}

}  // namespace

std::span<const Command> commands() { return kCommands; }

int dispatch(int argc, char** argv) {
    if (argc < 2) {
        print_help();
        return kUsage;
    }
    const std::string_view word = argv[1];
    if (is_one_of(word, {"-h", "--help"})) return print_help();
    if (is_one_of(word, {"-V", "--version", "version"})) return print_version();
    if (word == "help" && argc > 2 && is_one_of(argv[2], {"--man", "--completion"}))
        return print_page(argv[2], argc > 3 ? argv[3] : "");
    if (word == "help") return argc > 2 ? help_on(argv[2]) : print_help();
    const auto* command = find(word);
    return command != nullptr ? command->run(argc - 1, argv + 1) : unknown(word);
}

}  // namespace ajar::app
