// What a running appliance takes over from a changed file, and what has to wait for its restart.
#pragma once

#include <string>
#include <vector>

#include "ajar/config.hpp"

namespace ajar::config {

struct Reload {
    Config config;                     ///< as running, with every reloadable option of the wanted one
    std::vector<std::string> changed;  ///< "timeouts.syn_sent": taken over
    std::vector<std::string> waiting;  ///< "appliance.workers": differs, and needs a restart
};

/// The policy's generation goes up by one where anything was taken over. A profile that cuts flows by another
/// rule
/// (`zeek`) is not: nothing of such a file is.
Reload reload(const Config& running, const Config& wanted);

}  // namespace ajar::config
