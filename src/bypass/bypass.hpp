// A way around the appliance while none runs: the kernel bridges the interfaces below a pair of ports.
//
// A bridge of the kernel's is a wire with two ends here: no spanning tree, no address, no IPv6 of its own,
// tags and link-local frames pass (but pause, LACP and spanning tree, which no bridge may forward). Whoever
// comes later finds it by either of its interfaces, and knows it by its name. While both it and an appliance
// on net_af_packet are there, frames pass twice: the appliance takes it away before it begins.
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

/// How the name of every bridge of ours begins; its first interface's number follows.
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

/// Both are members of one bridge of ours.
bool is_open(const Way& way);
/// False: it was open already. Bridges of ours with one of them that are not this one (the ports have been
/// others) go. Needs CAP_NET_ADMIN, as does shut().
Result<bool> open(const Way& way);
/// Takes every bridge of ours away that has one of them; false: there was none. The interfaces stay up. An
/// error where either is a part of something else that forwards: then frames would pass twice.
Result<bool> shut(const Way& way);

}  // namespace ajar::bypass
