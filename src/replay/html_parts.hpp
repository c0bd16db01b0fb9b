// The sections of the page of a replay.
#pragma once

#include <span>

#include "page/document.hpp"
#include "replay/html.hpp"

namespace ajar::replay {

page::Markup timelines_html(const ReplayOptions& options, const Outcome& outcome, const Details& details);
page::Markup findings_html(const ReplayOptions& options, const Outcome& outcome);
page::Markup who_html(const Outcome& outcome, const Details& details);
page::Markup why_html(const Outcome& outcome);
page::Markup defence_html(const Outcome& outcome);
page::Markup connections_html(const Details& details);
page::Markup what_if_html(std::span<const WhatIf> all);
page::Markup numbers_html(const Outcome& outcome);

/// Cases of all findings.
std::uint64_t troubled(const Tally& tally);

}  // namespace ajar::replay
