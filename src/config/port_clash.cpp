// What is wrong with ports that are right one by one.
#include <fmt/format.h>

#include <algorithm>

#include "config/clash.hpp"
#include "config/device.hpp"
#include "config/domain.hpp"

namespace ajar::config {
namespace {

using Clashes = std::vector<Clash>;

std::vector<std::string> all_ports(const Config& config) {
    std::vector<std::string> out;
    for (const auto& pair : config.ports) out.insert(out.end(), {pair.a, pair.b});
    return out;
}

void incomplete_pair(const Config& config, Clashes& out) {
    for (const auto& port : all_ports(config))
        if (port.empty())
            out.push_back({"ports",
                           "each [[ports]] block needs both sides, a and b, each a PCI address or a "
                           "vdev such as \"net_af_packet0,iface=eth0\""});
}

void no_device_name(const Config& config, Clashes& out) {
    for (const auto& port : all_ports(config)) {
        const auto name = device_name(port);
        if (port.empty() || is_device_name(name)) continue;
        out.push_back({"ports", fmt::format("{} is no name that DPDK has for a device; write a PCI address "
                                            "(dpdk-devbind.py --status lists them), a vdev, or for an "
                                            "interface of the kernel \"net_af_packet0,iface={}\"",
                                            config::in_quotes(name), name)});
    }
}

void port_twice(const Config& config, Clashes& out) {
    std::vector<std::string> names;
    for (const auto& port : all_ports(config)) names.push_back(device_name(port));
    std::sort(names.begin(), names.end());
    const auto twin = std::adjacent_find(names.begin(), names.end());
    if (twin == names.end() || twin->empty()) return;
    out.push_back({"ports", fmt::format("{} stands in [[ports]] twice; each port belongs to one pair, on one "
                                        "side (give vdevs different numbers)",
                                        config::in_quotes(*twin))});
}

void packet_clock_without_capture(const Config& config, Clashes& out) {
    if (config.clock != ClockSource::packet) return;
    for (const auto& port : all_ports(config)) {
        if (comes_to_an_end(port)) continue;
        const auto* what = port.starts_with("net_pcap")
                               ? "has none (infinite_rx repeats them for ever, an interface has no file)"
                               : "is no net_pcap device";
        out.push_back({"appliance.clock",
                       fmt::format("clock = \"packet\" needs the timestamps of captures that end, and {} {}; "
                                   "set clock = \"tsc\"",
                                   config::in_quotes(device_name(port)), what)});
    }
}

}  // namespace

Clashes port_clashes(const Config& config) {
    Clashes out;
    for (auto* find : {incomplete_pair, no_device_name, port_twice, packet_clock_without_capture})
        find(config, out);
    return out;
}

}  // namespace ajar::config
