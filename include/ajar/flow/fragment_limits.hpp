// How much the fragment holder may hold.
#pragma once

#include <chrono>
#include <cstdint>

#include "ajar/clock.hpp"

namespace ajar {

struct FragmentLimits {
    std::uint64_t datagrams = 4096;    ///< held at once, over all partitions
    std::uint64_t bytes = 64U << 20U;  ///< of held frames
    Duration timeout = std::chrono::seconds(30);
};

}  // namespace ajar
