// The keyed hash of a flow key, and the partition that a flow belongs to.
#pragma once

#include <array>
#include <cstdint>

#include "ajar/flow/key.hpp"

namespace ajar {

/// 128 bits of secret and the 16-bit word that the symmetric RSS key repeats. All shards share it.
struct HashKey {
    std::array<std::uint64_t, 2> secret{};
    std::uint16_t rss_word = 0x6d5a;
};

}  // namespace ajar
