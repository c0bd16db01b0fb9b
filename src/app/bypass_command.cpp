// `ajar bypass`: its options.
#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <chrono>

#include "app/command.hpp"
#include "app/command_line.hpp"
#include "bypass/bypass.hpp"
#include "bypass/memory.hpp"
#include "config/load.hpp"
#include "control/socket.hpp"
#include "dataplane/control_socket.hpp"

namespace ajar::app {
namespace {

constexpr std::array<std::string_view, 4> kActs = {"show", "on", "off", "auto"};
constexpr std::string_view kBypassAbout =
    "Lets the kernel bridge the interfaces below each port pair (net_af_packet, net_af_xdp, net_pcap with "
    "iface, "
    "cards\nthat DPDK shares with the kernel), so that traffic passes while no appliance runs. `ajar run` "
    "takes the "
    "bridges\naway before it begins. `auto` does it if when_down is \"open\" and nothing otherwise: the "
    "service calls "
    "it\nwhenever the process has ended, however that came. Where the file can no longer be read, it does "
    "what "
    "held at the\nlast start. Neither opens anything while an appliance answers at the control socket.";
constexpr std::string_view kBypassExamples =
    "  ajar bypass -c ajar.toml         is it open?\n"
    "  ajar bypass -c ajar.toml on      with no appliance there, or frames pass twice\n"
    "  ajar bypass -c ajar.toml off\n";

/// "open" or "shut", by what was done, or an error.
Result<std::string> act(const bypass::Way& way, std::string_view what) {
    const auto done = what == "on"    ? bypass::open(way)
                      : what == "off" ? bypass::shut(way)
                                      : Result<bool>(false);
    if (!done) return Error{done.error()};
    return std::string(bypass::is_open(way) ? "open" : "shut");
}

/// Of the file, or for `auto` of the last start.
Result<bypass::Memory> ways_of(const std::string& file, std::string_view what) {
    const auto config = config::load_file(file);
    if (config)
        return bypass::Memory{config->when_down, dataplane::socket_path(*config), bypass::ways(*config)};
    if (what != "auto") return Error{config.error()};
    auto last = bypass::recall(bypass::memory_folder(), file);
    if (!last)
        return Error{fmt::format("{}\nNor is it known what held before: {}", config.error(), last.error())};
    fmt::print(stderr, "{}\nWhat held at the last start holds now.\n", config.error());
    return last;
}

/// Frames would pass twice, or around the one that judges them.
bool answers(const std::string& socket) {
    return !socket.empty() && control::connect_to(socket, std::chrono::seconds(2)).ok();
}

}  // namespace

int bypass_command(int argc, char** argv) {
    std::string file, what = "show";
    CommandLine line("bypass", kBypassAbout, kBypassExamples);
    line.text("-c,--config", file, "FILE", "The configuration.");
    line.argument("ACT", what, "show, on, off, or auto: on if when_down is \"open\".", false, kActs);
    if (const auto code = line.parse(argc, argv)) return *code;
    if (std::find(kActs.begin(), kActs.end(), what) == kActs.end())
        return line.complain("ACT is show, on, off or auto");
    if (file.empty()) return line.complain("no configuration; give -c FILE");
    const auto known = ways_of(file, what);
    if (!known) return fmt::print(stderr, "{}\n", known.error()), kUsage;
    if (what == "auto") what = known->when_down == WhenDown::open ? "on" : "show";
    if (what == "on" && answers(known->socket))
        return fmt::print(stderr, "ajar bypass: an appliance answers at {}: end it first\n", known->socket),
               kFailed;
    int code = kGood;
    for (const auto& way : known->ways) {
        const auto is = act(way, what);
        if (!is) code = kFailed;
        fmt::print(is ? stdout : stderr, "{} <-> {}: {}\n", way.port_a, way.port_b, is ? *is : is.error());
    }
    return code;
}

}  // namespace ajar::app
