// How many flows are remembered.
#pragma once

#include <cstdint>

namespace ajar {

/// Sizes of a whole appliance (all partitions, all shards); each partition gets its 1/128, rounded up.
struct TableSizes {
    std::uint64_t confirmed = 1U << 20U;    ///< flows
    std::uint64_t embryonic = 1U << 20U;    ///< flows
    std::uint64_t tombstones = 1U << 18U;   ///< evicted tuples
    std::uint32_t ipv6_percent = 25;        ///< the share of each of these that is laid out for IPv6
    std::uint32_t mid_stream_percent = 25;  ///< cap of mid-stream flows within the embryonic store
};

/// Is a record (flow/record.hpp) kept beside each flow?
enum class Recording : std::uint8_t { off, on };

}  // namespace ajar
