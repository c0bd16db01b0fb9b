// The effective configuration as an annotated file, which reads back to the same configuration.
#pragma once

#include <string>

#include "ajar/config.hpp"

namespace ajar::config {

/// With the defaults this is conf/ajar.toml, byte for byte.
std::string print(const Config& config);

}  // namespace ajar::config
