// What the kernel does with the same frames: it may alter, forward, answer or judge them.
#include <fmt/format.h>

#include <algorithm>
#include <set>

#include "bypass/bypass.hpp"
#include "config/device.hpp"
#include "doctor/checks.hpp"
#include "export/human.hpp"

namespace ajar::doctor {
namespace {

/// Interfaces whose frames the kernel hears too. XDP takes what is Ajar's away from it.
std::set<std::string> heard_twice(const Patient& patient) {
    std::set<std::string> out;
    for (const auto& device : patient.devices)
        if (!device.pci && !device.interface.empty() && !device.name.starts_with("net_af_xdp"))
            out.insert(device.interface);
    return out;
}

std::set<std::string> interfaces_of(const Patient& patient) {
    std::set<std::string> out;
    for (const auto& device : patient.devices)
        if (!device.pci && !device.interface.empty()) out.insert(device.interface);
    return out;
}

/// Those that a bridge would forward between: of cards that the kernel shares with DPDK, too.
std::set<std::string> bridgeable(const Patient& patient) {
    auto out = interfaces_of(patient);
    for (const auto& device : patient.devices)
        if (device.nic != nullptr && !device.interface.empty() && config::is_bifurcated(device.nic->driver))
            out.insert(device.interface);
    return out;
}

bool has_ipv4(const Sight& sight, const std::string& interface) {
    const auto routes = sight.lines("/proc/net/route");
    return std::any_of(routes.begin(), routes.end(), [&](const auto& line) {
        const auto words = words_of(line);
        return !words.empty() && words.front() == interface;
    });
}

bool has_ipv6(const Sight& sight, const std::string& interface) {
    const auto addresses = sight.lines("/proc/net/if_inet6");
    return std::any_of(addresses.begin(), addresses.end(), [&](const auto& line) {
        const auto words = words_of(line);
        return words.size() > 5 && words[5] == interface;
    });
}

bool forwards(const Sight& sight) {
    return sight.number("/proc/sys/net/ipv4/ip_forward").value_or(0) != 0 ||
           sight.number("/proc/sys/net/ipv6/conf/all/forwarding").value_or(0) != 0;
}

Findings of_bridge(const Patient& patient, const std::string& interface) {
    const auto bridge = patient.sight.target(fmt::format("/sys/class/net/{}/master", interface));
    const bool bond = patient.sight.exists(fmt::format("/sys/class/net/{}/bonding", bridge));
    if (bridge.empty() || bond) return {};
    if (bridge.starts_with(bypass::kPrefix))
        return {{Grade::ok,
                 fmt::format("{} is bridged by `ajar bypass`; `ajar run` takes that away", interface)}};
    return {{Grade::trouble,
             fmt::format("{} is a part of {}: the kernel forwards what Ajar forwards", interface, bridge),
             fmt::format("ip link set {} nomaster", interface)}};
}

Findings of_addresses(const Patient& patient, const std::string& interface) {
    Findings out;
    if (has_ipv4(patient.sight, interface))
        out.push_back({Grade::advice,
                       fmt::format("{} has an address: the kernel answers there for itself", interface),
                       fmt::format("ip addr flush dev {}", interface)});
    if (has_ipv6(patient.sight, interface))
        out.push_back({Grade::advice,
                       fmt::format("{} has an IPv6 address: the kernel speaks there, too", interface),
                       fmt::format("sysctl -w net.ipv6.conf.{}.disable_ipv6=1", interface)});
    return out;
}

Findings of_routing(const Patient& patient) {
    const auto interfaces = heard_twice(patient);
    const auto routed = std::count_if(interfaces.begin(), interfaces.end(), [&](const auto& name) {
        return has_ipv4(patient.sight, name) || has_ipv6(patient.sight, name);
    });
    if (routed < 2 || !forwards(patient.sight)) return {};
    return {
        {Grade::trouble, "the kernel routes between these interfaces: packets cross twice",
         "sysctl -w net.ipv4.ip_forward=0 net.ipv6.conf.all.forwarding=0   # or take the addresses away"}};
}

bool is_bridge_filtered(const Sight& sight) {
    return sight.number("/proc/sys/net/bridge/bridge-nf-call-iptables").value_or(0) != 0;
}

std::string offload_line(const std::string& interface, const std::vector<std::string>& on) {
    std::string out = fmt::format("ethtool -K {}", interface);
    for (const auto& name : on) out += fmt::format(" {} off", name);
    return out;
}

}  // namespace

Findings look_at_offloads(const Patient& patient) {
    Findings out;
    for (const auto& [interface, on] : patient.offloads) {
        if (on.empty()) continue;
        out.push_back(
            {Grade::advice,
             fmt::format("{}: {} on: frames come without checksums, or larger than any on the wire; a veth's "
                         "other end likewise",
                         interface, exporting::listed(on)),
             offload_line(interface, on)});
    }
    if (out.empty() && !interfaces_of(patient).empty()) out.push_back({Grade::ok, "none alters frames"});
    return out;
}

Findings look_at_kernel_forwarding(const Patient& patient) {
    Findings out = of_routing(patient);
    const auto all = [&](const std::set<std::string>& interfaces, auto* look) {
        for (const auto& interface : interfaces)
            for (auto& finding : look(patient, interface)) out.push_back(std::move(finding));
    };
    all(bridgeable(patient), of_bridge);
    all(interfaces_of(patient), of_addresses);
    if (out.empty() && patient.config)
        out.push_back({Grade::ok, "the kernel forwards nothing between the ports"});
    return out;
}

Findings look_at_kernel_conntrack(const Patient& patient) {
    if (!patient.config) return {};
    const bool tracks = patient.sight.exists("/proc/sys/net/netfilter/nf_conntrack_max");
    Findings out;
    if (patient.config->when_down == WhenDown::open && is_bridge_filtered(patient.sight))
        out.push_back(
            {Grade::advice,
             "bridged frames go through iptables: while Ajar is down it would judge connections that it "
             "has not seen begin",
             "sysctl -w net.bridge.bridge-nf-call-iptables=0 net.bridge.bridge-nf-call-ip6tables=0"});
    for (const auto& interface : heard_twice(patient))
        if (tracks && (has_ipv4(patient.sight, interface) || has_ipv6(patient.sight, interface)))
            out.push_back(
                {Grade::advice,
                 fmt::format("{} has an address: the kernel tracks what is addressed to it, and so does Ajar",
                             interface),
                 fmt::format(
                     "nft 'add table inet ajar; add chain inet ajar pre {{ type filter hook prerouting "
                     "priority raw; }}; add rule inet ajar pre iifname \"{}\" notrack'",
                     interface)});
    if (out.empty())
        out.push_back(
            {Grade::ok, tracks ? "the kernel's sees none of the ports' packets" : "the kernel has none"});
    return out;
}

}  // namespace ajar::doctor
