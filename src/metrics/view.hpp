// What is exported: the facts of an appliance at one moment, and what was looked at beside them.
#pragma once

#include <array>
#include <chrono>
#include <optional>
#include <string>

#include "control/facts.hpp"
#include "http/http.hpp"

namespace ajar::metrics {

/// Which program it is.
struct Build {
    std::string version, dpdk;
};

struct View {
    Build build{};
    control::Facts facts{};  ///< with the occupancy of each worker's tables
    /// Embryonic flows by age (bounds of kEmbryonicAgeBounds).
    std::array<std::uint64_t, kEmbryonicAgeBounds.size() + 1> ages{};
    std::chrono::nanoseconds cost{};  ///< what the latest look at the tables took
    std::optional<http::HttpFacts> http{};
};

}  // namespace ajar::metrics
