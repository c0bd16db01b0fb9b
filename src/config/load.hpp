// From a file to a Config: every fault of it at once, each with its place.
#pragma once

#include <string>
#include <string_view>

#include "ajar/config.hpp"
#include "ajar/policy/timeouts.hpp"
#include "ajar/result.hpp"

namespace ajar::config {

/// What holds where a file says nothing.
Config default_config();

/// The defaults of a profile: its policy, and for `zeek` its tunnels.
Config profile_config(Profile profile);

/// The error holds a line for each fault: "file:line:column: section.key: what is wrong; what to do".
Result<Config> load_text(std::string_view text, std::string_view name);
/// `profile`: instead of the file's own, if not empty.
Result<Config> load_file(const std::string& path, std::string_view profile = {});

/// The faults that only an appliance has (no ports): empty, or lines as above.
std::string refuse_run(const Config& config, std::string_view name);

}  // namespace ajar::config
