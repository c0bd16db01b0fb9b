// The report of a replay as a page: one file, which needs nothing beside it.
#pragma once

#include <span>
#include <string>

#include "replay/cases.hpp"
#include "replay/chronicle.hpp"
#include "replay/report.hpp"
#include "replay/what_if.hpp"

namespace ajar::replay {

/// What only the page tells, beyond Outcome: kept where one was asked for.
struct Details {
    Chronicle chronicle;
    Cases cases;
    causes::HeavyHitters servers, clients;  ///< of all findings

    /// `found`: whether it is the first evidence of a finding.
    void add(const Event& event, bool found);
};

/// A function of the captures and the options, but for the number of shards: equal bytes. `what_if` may be
/// empty.
std::string report_html(const ReplayOptions& options, const Outcome& outcome, const Details& details,
                        std::span<const WhatIf> what_if = {});

}  // namespace ajar::replay
