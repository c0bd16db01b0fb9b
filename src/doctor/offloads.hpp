// What an interface does to frames before user space sees them.
#pragma once

#include <string>
#include <vector>

namespace ajar::doctor {

/// Names that `ethtool -K` takes, of those that are on. Empty where the kernel does not tell. Reads only.
std::vector<std::string> offloads_on(const std::string& interface);

}  // namespace ajar::doctor
