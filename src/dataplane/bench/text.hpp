// How is a report read by a person?
#pragma once

#include <span>
#include <string>

#include "dataplane/bench/report.hpp"

namespace ajar::dataplane {

/// Scenario, method and machine, and the head of the table.
std::string heading(const Report& report);
/// Lines of the table, for rows of one number of flows and workers.
std::string table_lines(std::span<const Row> rows);
/// What follows from several rows: growth with flows, gain by workers, checks, faults.
std::string conclusions(const Report& report);

}  // namespace ajar::dataplane
