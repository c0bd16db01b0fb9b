// `ajar bypass`: its options.
#include <fmt/format.h>

#include <array>

#include "app/command.hpp"
#include "app/command_line.hpp"
#include "bypass/bypass.hpp"
#include "config/load.hpp"

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
    "it\nwhenever the process has ended, however that came.";
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
    const auto config = config::load_file(file);
    if (!config) return fmt::print(stderr, "{}\n", config.error()), kUsage;
    if (what == "auto") what = config->when_down == WhenDown::open ? "on" : "show";
    int code = kGood;
    for (const auto& way : bypass::ways(*config)) {
        const auto is = act(way, what);
        if (!is) code = kFailed;
        fmt::print(is ? stdout : stderr, "{} <-> {}: {}\n", way.port_a, way.port_b, is ? *is : is.error());
    }
    return code;
}

}  // namespace ajar::app
