// A line of an event file, or of a file of flow records, as the incident that it tells.
#pragma once

#include <optional>
#include <string_view>

#include "ajar/result.hpp"
#include "explain/incident.hpp"

namespace ajar::explain {

/// `line` is what exporting::append_event() or append_flow() has written, without its newline. Nothing: an
/// event that is about no connection. The error says why the line is neither; what it quotes of it is
/// printable.
Result<std::optional<Incident>> read_incident(std::string_view line);

}  // namespace ajar::explain
