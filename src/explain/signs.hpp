// What the packets of a connection under suspicion have shown.
#pragma once

#include <string>
#include <vector>

#include "explain/incident.hpp"

namespace ajar::explain {

/// The verdict with the numbers that prove it, and how far it can be trusted; without a verdict, that there
/// was a suspicion. Nothing where there was none.
std::vector<std::string> tell_signs(const Incident& incident);

}  // namespace ajar::explain
