// Why a connection was flagged, evicted, refused or ended: the rule, its timer, and what was awaited.
#pragma once

#include <string>
#include <vector>

#include "explain/incident.hpp"

namespace ajar::explain {

/// What had happened.
std::string tell_cause(const Incident& incident);
/// What became of the attempt to connect; empty where it tells nothing more.
std::string tell_attempt(Attempt attempt);
/// Does the incident tell a timer?
bool has_timer(const Incident& incident);
/// "timer established (timeouts.established, 2 h 4 min for this connection)": what its service says, and
/// pressure, stands above the option. Of one that has_timer().
std::string timer_text(const Incident& incident);
/// Which timer ran from when to when; empty where none was the cause.
std::string tell_timer(const Incident& incident);
/// The number that each end waits for; empty where nobody has acknowledged anything.
std::string tell_expected(const Incident& incident);

}  // namespace ajar::explain
