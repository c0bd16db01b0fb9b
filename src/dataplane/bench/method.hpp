// How was measured?
#pragma once

#include <string>
#include <utility>
#include <vector>

#include "dataplane/bench/scenario.hpp"

namespace ajar::dataplane {

/// Frames, flows, rounds, offered load, loss criterion (RFC 2544 26), in the words of a report.
std::vector<std::pair<std::string, std::string>> method(const BenchFlags& flags, const Scenario& scenario);

}  // namespace ajar::dataplane
