// How to run the inline appliance: one call that returns when it was told to stop, or when its captures have
// ended.
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "ajar/config.hpp"
#include "ajar/result.hpp"

namespace ajar {

/// What has come of a file that was read again.
struct Reloaded {
    Config config;
    std::vector<std::string> changed, waiting;  ///< config::Reload's
};

/// What the command line of `ajar run` adds to the configuration.
struct RunFlags {
    bool until_idle = false;    ///< stop by itself once every capture port has delivered its file
    bool live_view = true;      ///< on a terminal, redraw once a second; else a line per report_interval
    std::string config_file{};  ///< where the configuration stands
    std::string summary_file;   ///< the summary as JSON; empty for none
    /// On SIGHUP and `ajar reload`: what the running configuration becomes, or why it stays. `profile`:
    /// instead of the file's, if not empty.
    std::function<Result<Reloaded>(const Config& running, const std::string& profile)> reload;
};

/// Runs the appliance on the calling thread and the lcores that the configuration asks for. Initialises and
/// cleans up the EAL, so once in a process. Returns the exit code: 0 after SIGINT, SIGTERM or the end of the
/// captures, 1 when a device failed, the frames do not add up or events could not be written, 2 when the
/// configuration is at fault.
int run_appliance(const Config& config, const RunFlags& flags);

}  // namespace ajar
