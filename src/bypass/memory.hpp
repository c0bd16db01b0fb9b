// What is remembered of an appliance while it runs, so that its traffic finds a way around it even if its
// configuration cannot be read any more when it has ended.
//
// A file for each configuration, root's alone: who reads it (`ajar bypass auto`) is root, and who runs may be
// somebody else. It is written by whoever starts as root; a process that has become a user cannot change it.
#pragma once

#include <string>
#include <vector>

#include "ajar/config.hpp"
#include "ajar/result.hpp"
#include "bypass/bypass.hpp"

namespace ajar::bypass {

struct Memory {
    WhenDown when_down = WhenDown::closed;
    std::string socket{};  ///< of the control socket; empty: none
    std::vector<Way> ways{};
};

/// $STATE_DIRECTORY, which the service has, else /run/ajar-bypass.
std::string memory_folder();

/// Replaces what was remembered for this configuration; all at once. The folder is made, root's alone.
Result<bool> remember(const std::string& folder, const std::string& config_file, const Memory& memory);
/// An error: nothing is, or not by root, or it is damaged.
Result<Memory> recall(const std::string& folder, const std::string& config_file);

}  // namespace ajar::bypass
