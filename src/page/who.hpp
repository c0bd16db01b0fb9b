// Tables of who was in it: sources and targets, why attempts failed, who scans, what the defence did.
#pragma once

#include <cstdint>
#include <span>
#include <string>

#include "ajar/defence/change.hpp"
#include "ajar/flow/asks.hpp"
#include "causes/causes.hpp"
#include "page/table.hpp"

namespace ajar::page {

/// The heaviest, with their share of `count`. `called`: "source".
Table endpoints_table(const causes::HeavyHitters& hitters, std::uint64_t count, const std::string& called);

/// Attempts that came to nothing, by label.
Table labels_table(const causes::Causes& causes);

/// The busiest scanners.
Table scanners_table(const causes::Suspects& suspects);

/// Who asked whom in one second.
Table asks_table(const Asks& asked);

/// `all`: how many changes there were.
Table changes_table(std::span<const Change> first, std::uint64_t all);

}  // namespace ajar::page
