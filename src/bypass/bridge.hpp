// A bridge of the kernel's with two ends: made and taken away by ioctls.
#pragma once

#include <string>

#include "ajar/result.hpp"

namespace ajar::bypass {

/// Both interfaces exist; they are brought up, and stay so. Where it fails no bridge is left. The kernel's
/// firewall judges what it forwards where net.bridge.bridge-nf-call-iptables (or -ip6tables) is 1.
Result<bool> make_bridge(const std::string& bridge, const std::string& a, const std::string& b);
/// Its interfaces stay up.
Result<bool> remove_bridge(const std::string& bridge);

}  // namespace ajar::bypass
