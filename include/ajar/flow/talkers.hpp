// Who is counted most, with what certainty: summaries of streams, and how any number of them become one.
//
// A summary of N counts with k entries promises (Metwally, Agrawal, El Abbadi 2005):
//   count - error <= true count <= count for each key in it,
//   true count <= floor for each key that is not, and floor <= N/k.
// So a key with more than N/k of the counts is always in it.
//
// Merging keeps all of this, in any order and as often as wanted (Agarwal et al., Mergeable summaries, 2012).
// A key counts its floor where a summary lacks it, the floors add up to M, and the k heaviest stay. What the
// keys have above the floors sums up to N - kM at most, so the heaviest one that must go has at most
// M + (N - kM)/(k + 1) <= N/k. That is the new floor, and what is left above it sums up to at most N - k
// times that floor, as before.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "ajar/flow/count_key.hpp"

namespace ajar {

struct Talker {
    CountKey key;
    std::uint64_t count = 0;  ///< at most
    std::uint64_t error = 0;  ///< of the count, how much may be others'

    [[nodiscard]] std::uint64_t at_least() const { return count - error; }
    friend bool operator==(const Talker&, const Talker&) = default;
};
inline bool heavier(const Talker& a, const Talker& b) {
    return a.count != b.count ? a.count > b.count : a.key < b.key;
}

struct TalkerSummary {
    std::vector<Talker> talkers;  ///< the heaviest first, equal ones by key
    std::uint64_t floor = 0;      ///< what a key that is not among them may have
    std::uint64_t total = 0;      ///< all counts

    friend bool operator==(const TalkerSummary&, const TalkerSummary&) = default;
};

/// k entries at most; each part promised for k or more. The order of the parts does not matter.
TalkerSummary merge(std::span<const TalkerSummary> parts, std::size_t k);

}  // namespace ajar
