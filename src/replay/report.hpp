// What a replay tells: in sentences for a person, and as one JSON object.
#pragma once

#include <span>
#include <string>

#include "ajar/flow/asks.hpp"
#include "replay/input.hpp"
#include "replay/replay.hpp"
#include "replay/sums.hpp"
#include "replay/tally.hpp"
#include "replay/what_if.hpp"

namespace ajar::replay {

struct Outcome {
    InputTotals input;
    Complaints complaints;
    Sums sums;
    Tally tally;
    Asks busiest{};  ///< second
};

/// The verdict first, then the numbers.
std::string report_text(const ReplayOptions& options, const Outcome& outcome);
/// The same facts. A function of the captures and the options, but for the number of shards.
std::string summary_json(const ReplayOptions& options, const Outcome& outcome,
                         std::span<const WhatIf> what_if = {});

}  // namespace ajar::replay
