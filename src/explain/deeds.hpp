// What Ajar did, or would have done: flags, evictions, resets, questions.
#pragma once

#include <span>
#include <string>
#include <vector>

#include "explain/incident.hpp"

namespace ajar::explain {

/// What was done about a flag or an eviction. `after`: what else is told of the connection, from this
/// incident on.
std::vector<std::string> tell_action(const Incident& incident, std::span<const Incident> after);
/// Of a reset_sent.
std::string tell_reset(const Incident& incident);
/// Of a probed: who was asked when, who said what, and what follows from it.
std::vector<std::string> tell_probe(const Incident& incident);

}  // namespace ajar::explain
