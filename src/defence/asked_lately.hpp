// Names out of the samples of asks: what control's parts have in common.
#pragma once

#include <array>
#include <cstdint>
#include <span>
#include <utility>
#include <vector>

#include "ajar/flow/ask_sample.hpp"
#include "ajar/tracker.hpp"

namespace ajar {

/// Of the second under way, and of the one before. In an order that depends on who saw them.
inline std::vector<AskPart> asked_lately(std::span<Tracker* const> shards, Time now) {
    std::vector<AskPart> parts;
    for (const Tracker* shard : shards) {
        shard->asked(second_of(now), parts);
        shard->asked(second_of(now) - 1, parts);
    }
    return parts;
}

/// Lets each hash pass once, mostly.
class Sieve {
public:
    bool passes(std::uint64_t hash) { return std::exchange(seen_[hash % seen_.size()], hash) != hash; }

private:
    std::array<std::uint64_t, 1024> seen_{};
};

}  // namespace ajar
