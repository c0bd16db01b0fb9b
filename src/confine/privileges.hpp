// Giving up root: who the process is from then on, and what it keeps.
//
// All threads become the user, and lose every capability. The one that calls keeps those named: main, which
// looks after links, and puts back what devices have changed. Workers, the control socket, the HTTP server
// and DPDK's own threads have none. A thread that starts later has what the one that starts it has: none of
// those that main starts behind become() is without main's capabilities. execve() gives nothing back
// (no_new_privs).
#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "ajar/result.hpp"
#include "confine/user.hpp"

namespace ajar::confine {

/// Before any other thread begins: none of them can gain a privilege by what it executes.
void forgo_new_privileges();

/// What a device of this driver of DPDK's ("net_af_packet", "mlx5_pci") asks for when it has been started, by
/// names like "cap_net_admin": to change links, MTUs and promiscuity, or to pin memory for the card.
std::span<const std::string_view> capabilities_for(std::string_view driver);

/// Of the calling thread `kept` remains. An error says which thread did not follow, or what the kernel
/// refused: then nothing may go on. A crash still leaves a core, where its limit lets it.
Result<bool> become(const User& user, const std::vector<std::string_view>& kept);

}  // namespace ajar::confine
