// Of which networks do words pass elsewhere, unheard here?
//
// Who is silent here may be heard there: routes that are not symmetric, equal-cost paths, direct server
// return. Shards count (tracker/coverage.hpp) connections both ends of which were heard, and those that show
// that an end was heard by its peer alone, each by the end's network (IPv4 /24, IPv6 /48), its VLAN and the
// port where its peer stands. A network's coverage is low when in the last two to four minutes kLeast or
// more of them, and one in kPart of its connections, have shown that.
//
// It errs towards keeping: who forges such words, or shares cells of the sketch with those who go unheard,
// has connections kept that might have ended, and none ended that would have been kept. (What a sketch adds
// to the connections heard can hide a network that hardly passes elsewhere: flow/count_min.hpp says how
// much.)
#pragma once

#include <algorithm>
#include <cstdint>
#include <memory>
#include <span>
#include <utility>
#include <vector>

#include "ajar/clock.hpp"
#include "ajar/flow/count_min.hpp"
#include "ajar/flow/sketch_sums.hpp"

namespace ajar {

class Tracker;

/// Immutable.
class Coverage {
public:
    static constexpr std::uint32_t kLeast = 8, kPart = 8;

    /// `counts` are a sketch's cells, of so many lines.
    Coverage(std::vector<std::uint32_t> counts, std::uint32_t lines)
        : counts_(std::move(counts)), lines_(lines) {}

    /// Of a network, by the hashes of its two CountKeys.
    [[nodiscard]] bool low(std::uint64_t heard, std::uint64_t unheard) const {
        const std::uint32_t missed = estimate(unheard);
        return missed >= kLeast && std::uint64_t{missed} * kPart >= estimate(heard);
    }

private:
    [[nodiscard]] std::uint32_t estimate(std::uint64_t hash) const {
        const auto [a, b, c, d] = cells_of(hash, lines_);
        return std::min({counts_[a], counts_[b], counts_[c], counts_[d]});
    }

    std::vector<std::uint32_t> counts_;
    std::uint32_t lines_;
};

/// Control's.
class CoverageWatch {
public:
    static constexpr Duration kStep = std::chrono::minutes(2), kTellEvery = std::chrono::seconds(1);

    /// Of sketches with so many lines.
    CoverageWatch(Memory& memory, std::uint32_t lines);

    /// Costs a look at each shard's counter while nothing passes elsewhere, but for each step. Returns
    /// whether coverage() is another one than before.
    bool update(Time now, std::span<Tracker* const> shards);
    /// Null: no network's is low.
    [[nodiscard]] const std::shared_ptr<const Coverage>& coverage() const { return coverage_; }

private:
    void sum_up(std::span<Tracker* const> shards);
    void step(Time now, std::uint64_t unheard);
    void tell(Time now);

    SketchSums sums_;
    std::vector<std::uint32_t> base_, next_base_;  // sums two to four minutes ago, and up to two
    std::uint64_t unheard_base_ = 0, unheard_next_base_ = 0;
    bool begun_ = false;
    Time stepped_{}, told_{};
    std::shared_ptr<const Coverage> coverage_;
};

}  // namespace ajar
