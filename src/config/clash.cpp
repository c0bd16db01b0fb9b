// What no single option can see: values that are right by themselves and wrong together.
#include "config/clash.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <string_view>

#include "ajar/policy/timeouts.hpp"
#include "config/cpus.hpp"
#include "config/domain.hpp"
#include "config/needs.hpp"
#include "config/units.hpp"

namespace ajar::config {
namespace {

using Clashes = std::vector<Clash>;

/// What names a device: a PCI address whole, of a vdev string the part before its arguments.
std::string_view device_of(std::string_view port) { return port.substr(0, port.find(',')); }

std::vector<std::string> all_ports(const Config& config) {
    std::vector<std::string> out;
    for (const auto& pair : config.ports) out.insert(out.end(), {pair.a, pair.b});
    return out;
}

void port_twice(const Config& config, Clashes& out) {
    auto ports = all_ports(config);
    std::sort(ports.begin(), ports.end(),
              [](const auto& x, const auto& y) { return device_of(x) < device_of(y); });
    const auto twin = std::adjacent_find(ports.begin(), ports.end(), [](const auto& x, const auto& y) {
        return device_of(x) == device_of(y);
    });
    if (twin == ports.end()) return;
    out.push_back({"ports", fmt::format("{} stands in [[ports]] twice; each port belongs to one pair, on one "
                                        "side (give vdevs different numbers)",
                                        quoted(device_of(*twin)))});
}

void packet_clock_without_capture(const Config& config, Clashes& out) {
    if (config.clock != ClockSource::packet) return;
    for (const auto& port : all_ports(config))
        if (!port.starts_with("net_pcap"))
            out.push_back({"appliance.clock",
                           fmt::format("clock = \"packet\" needs timestamps, which only net_pcap devices "
                                       "deliver, and {} is none; set clock = \"tsc\"",
                                       quoted(device_of(port)))});
}

void pace_without_capture(const Config& config, Clashes& out) {
    if (config.pace == 0 || config.clock == ClockSource::packet) return;
    out.push_back({"appliance.pace",
                   "pace holds the packet clock back, and clock = \"tsc\" is not it; set pace = 0 or "
                   "clock = \"packet\""});
}

void reset_of_unverified(const Config& config, Clashes& out) {
    if (config.policy.actions[static_cast<std::size_t>(Cause::unverified)] != Action::evict_reset) return;
    out.push_back(
        {"actions.unverified",
         "a flow that nobody vouched for is never reset: its sequence numbers may be a forger's; set "
         "\"flag\" or \"evict\""});
}

void enforce_with_zeek(const Config& config, Clashes& out) {
    if (config.policy.mode != Mode::enforce || config.policy.boundaries != Boundaries::zeek) return;
    out.push_back({"policy.mode",
                   "profile \"zeek\" cuts living connections into records after its own timers, so it is "
                   "for watching; set mode = \"observe\" or another profile"});
}

void reset_without_rate(const Config& config, Clashes& out) {
    const auto& policy = config.policy;
    const bool resets = std::count(policy.actions.begin(), policy.actions.end(), Action::evict_reset) > 0;
    if (policy.mode != Mode::enforce || !resets) return;
    if (policy.resets_per_second > 0 && policy.resets_burst > 0) return;
    out.push_back({policy.resets_per_second == 0 ? "resets.rate" : "resets.burst",
                   "0 sends no reset at all, but [actions] asks for some; give a rate and a burst, or set "
                   "those actions to \"evict\""});
}

void fragments_too_small(const Config& config, Clashes& out) {
    if (config.fragments.bytes >= config.fragments.datagrams * 128) return;
    out.push_back({"fragments.bytes",
                   fmt::format("too few for {} datagrams at 128 bytes and more each; give {}, or fewer "
                               "datagrams",
                               config.fragments.datagrams, format_bytes(config.fragments.datagrams * 128))});
}

void too_few_buffers(const Config& config, Clashes& out) {
    const auto least = needs_of(config).least_buffers;
    if (config.mbufs == 0 || config.mbufs >= least) return;
    out.push_back({"appliance.mbufs",
                   fmt::format("{} buffers are too few for these queues and workers: give {} or more, fewer "
                               "descriptors, or 0",
                               config.mbufs, least)});
}

void both_outputs_same(const Config& config, Clashes& out) {
    if (config.events_file.empty() || config.events_file != config.flows_file) return;
    out.push_back({"events.flows", fmt::format("events and flow records cannot share {}; name another file",
                                               quoted(config.flows_file))});
}

/// Arguments that are derived from options: given again, EAL would refuse or Ajar would believe the wrong.
void derived_eal_argument(const Config& config, Clashes& out) {
    struct Derived {
        std::string_view argument, instead;
    };
    static constexpr std::array kDerived = {
        Derived{"-l", "cpus"},
        Derived{"-c", "cpus"},
        Derived{"--lcores", "cpus"},
        Derived{"--main-lcore", "cpus"},
        Derived{"--no-huge", "hugepages"},
        Derived{"--in-memory", "hugepages"},
    };
    for (const auto& given : config.eal_args)
        for (const auto& [argument, instead] : kDerived)
            if (given.substr(0, given.find('=')) == argument)
                out.push_back(
                    {"appliance.eal_args",
                     fmt::format("{} is derived; set {} in [appliance] instead", argument, instead)});
}

void incomplete_pair(const Config& config, Clashes& out) {
    for (const auto& port : all_ports(config))
        if (port.empty())
            out.push_back({"ports",
                           "each [[ports]] block needs both sides, a and b, each a PCI address or a "
                           "vdev such as \"net_af_packet0,iface=eth0\""});
}

}  // namespace

Clashes clashes(const Config& config) {
    Clashes out;
    for (auto* find : {incomplete_pair, port_twice, packet_clock_without_capture, pace_without_capture,
                       reset_of_unverified, enforce_with_zeek, reset_without_rate, fragments_too_small,
                       too_few_buffers, both_outputs_same, derived_eal_argument})
        find(config, out);
    return out;
}

Clashes run_clashes(const Config& config) {
    if (!config.ports.empty()) return {};
    return {{"ports",
             "no ports: an appliance stands between two; add\n"
             "    [[ports]]\n"
             "    a = \"0000:3b:00.0\"\n"
             "    b = \"0000:3b:00.1\"\n"
             "  with PCI addresses (dpdk-devbind.py --status lists them) or DPDK vdevs such as\n"
             "  \"net_af_packet0,iface=eth0\""}};
}

}  // namespace ajar::config
