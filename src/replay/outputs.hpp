// Would an output of a replay destroy one of its captures, or another output?
#pragma once

#include <string>

#include "replay/replay.hpp"

namespace ajar::replay {

/// The complaint; empty where each output is a file of its own.
std::string clash_of_files(const ReplayOptions& options);

}  // namespace ajar::replay
