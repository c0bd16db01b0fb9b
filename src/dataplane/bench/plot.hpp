// How does a report look as a picture?
#pragma once

#include <string>

#include "dataplane/bench/report.hpp"

namespace ajar::dataplane {

/// SVG with two diagrams: nanoseconds of a packet against flows, and packets a second against workers. A line
/// is one run with one number of workers (or flows); bars span the least and the most of its rounds.
std::string to_svg(const Report& report);

}  // namespace ajar::dataplane
