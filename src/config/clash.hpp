// What no single option can see: values that are right by themselves and wrong together.
#pragma once

#include <string>
#include <vector>

#include "ajar/config.hpp"

namespace ajar::config {

struct Clash {
    std::string path;  ///< the option to point at: "policy.mode", or "ports"
    std::string text;  ///< what is wrong and what to do
};

/// Of any configuration.
std::vector<Clash> clashes(const Config& config);

/// Those of them that concern [[ports]].
std::vector<Clash> port_clashes(const Config& config);

/// Of one that an appliance is to run with: it needs ports.
std::vector<Clash> run_clashes(const Config& config);

}  // namespace ajar::config
