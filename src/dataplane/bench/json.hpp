// How is a report read by a program?
#pragma once

#include <string>

#include "dataplane/bench/report.hpp"

namespace ajar::dataplane {

/// One object:
///   schema     1; it grows only when a field changes its meaning or goes
///   scenario   the command's word
///   facts      {name: text}, what the heading shows: machine, ISA, pages, method
///   rows       [{run, flows, workers,
///                rate, wall_rate: {median, least, most, rounds: [..]},  packets a second, of all workers
///                ns_per_packet,                                         on one worker
///                ratio: {beside, median, least, most} or null,
///                packets, transmitted, dropped, switches,
///                figures: {name: number}}]
///   checks     [{name, flows, workers, value, bar, at_most, met}]
///   faults     [text]: not empty, the figures mean nothing
std::string to_json(const Report& report);

}  // namespace ajar::dataplane
