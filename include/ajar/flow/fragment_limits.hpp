// How much a fragment holder may hold.
#pragma once

#include <chrono>
#include <cstdint>

#include "ajar/clock.hpp"

namespace ajar {

struct FragmentLimits {
    std::uint64_t datagrams = 4096;    ///< held at once, over all partitions
    std::uint64_t bytes = 64U << 20U;  ///< of held frames, over all partitions
    Duration timeout = std::chrono::seconds(30);
};

/// What one of `partitions` holders gets of them, rounded up.
constexpr FragmentLimits share_of(const FragmentLimits& all, std::uint64_t partitions) {
    return {(all.datagrams + partitions - 1) / partitions, (all.bytes + partitions - 1) / partitions,
            all.timeout};
}

}  // namespace ajar
