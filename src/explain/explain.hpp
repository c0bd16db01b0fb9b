// `ajar explain`: why a connection was flagged, evicted or reset, out of the events that were told of it.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace ajar::explain {

struct ExplainOptions {
    std::string flow;                ///< as Wanted::parse() takes it
    std::vector<std::string> files;  ///< of events and flow records; "-": standard input
    bool json = false;
};

/// Prints the story. The exit code: 0 told; 1 unknown, meant by several, or a file that cannot be read; 2
/// `flow` names no connection.
int explain(const ExplainOptions& options);
/// Likewise of a text with such lines; `name` is how it is called.
int explain_text(std::string_view lines, const std::string& name, const std::string& flow, bool json);

}  // namespace ajar::explain
