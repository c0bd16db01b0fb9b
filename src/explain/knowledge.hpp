// What does each end know of the connection now?
#pragma once

#include <array>
#include <span>
#include <string>

#include "explain/incident.hpp"

namespace ajar::explain {

/// By the latest evidence about it: what it was told, what it has said, or else what the connection's state
/// means.
std::array<std::string, 2> tell_knowledge(std::span<const Incident> incidents);

}  // namespace ajar::explain
