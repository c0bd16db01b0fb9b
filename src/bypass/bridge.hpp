// A bridge of the kernel's with two ends: made and taken away by ioctls.
#pragma once

#include <string>

#include "ajar/result.hpp"

namespace ajar::bypass {

/// Both interfaces exist; they are brought up. What fails is undone.
Result<bool> make_bridge(const std::string& bridge, const std::string& a, const std::string& b);
Result<bool> remove_bridge(const std::string& bridge);

}  // namespace ajar::bypass
