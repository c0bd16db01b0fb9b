// A way around the appliance while none runs: the kernel bridges the interfaces below a pair of ports.
//
// A bridge of the kernel's is a wire with two ends here: no spanning tree, no address, no IPv6 of its own,
// tags and link-local frames pass (but pause, LACP and spanning tree, which no bridge may forward). It is
// named after the first interface, so that it is found again by whoever comes later. While both it and an
// appliance on net_af_packet are there, frames pass twice: the appliance takes it away before it begins.
//
// What DPDK takes from the kernel has no interface, and what a process makes (net_tap) is gone with it: there
// a relay before the cards is needed.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "ajar/config.hpp"
#include "ajar/result.hpp"

namespace ajar::bypass {

/// Of every bridge's name; its first interface's number follows.
inline constexpr std::string_view kPrefix = "ajarby";

/// A port pair and what the kernel has below it.
struct Way {
    std::string port_a, port_b;  ///< names of the devices
    std::string a, b;            ///< interfaces; empty: it has none
    [[nodiscard]] bool possible() const { return !a.empty() && !b.empty(); }
};
/// Of each port pair, in order. Reads /sys.
std::vector<Way> ways(const Config& config);
/// What it takes where there is none, in a sentence.
std::string why_impossible(const Way& way);

bool is_open(const Way& way);
/// False: it was open already. Needs CAP_NET_ADMIN, as does shut().
Result<bool> open(const Way& way);
/// False: it was none. Both interfaces stay up.
Result<bool> shut(const Way& way);

}  // namespace ajar::bypass
