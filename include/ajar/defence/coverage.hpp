// Of which networks do words pass elsewhere, unheard here?
//
// Who is silent here may be heard there: routes that are not symmetric, equal-cost paths, direct server
// return. Shards count (tracker/coverage.hpp) connections both ends of which were heard, and those that show
// that an end was heard by its peer alone, each by the end's network (IPv4 /24, IPv6 /48), its VLAN and the
// port where its peer stands. A network's coverage is low when in the last two to four minutes kMany have
// shown that, or kLeast, if they are one in kPart of its connections.
//
// Connections are counted only while anything at all has passed elsewhere in these minutes: where nothing
// ever does, none costs anything, and what passed before the first that does is no excuse for it.
//
// It errs towards keeping. Words that only one side says cannot be told from forged ones, so who forges some
// has connections of a network kept that might have ended, for as long as he goes on; and who opens many
// connections there cannot hide more than kMany that pass elsewhere. The two counts share no cells: however
// many connections are heard, none of them looks unheard.
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
    static constexpr std::uint32_t kLeast = 8, kPart = 8, kMany = 64;

    /// Cells of the two sketches, of so many lines.
    Coverage(std::vector<std::uint32_t> heard, std::vector<std::uint32_t> unheard, std::uint32_t lines)
        : heard_(std::move(heard)), unheard_(std::move(unheard)), lines_(lines) {}

    /// Of a network, by the hashes of its two CountKeys.
    [[nodiscard]] bool low(std::uint64_t heard, std::uint64_t unheard) const {
        const std::uint32_t missed = estimate(unheard_, unheard);
        if (missed < kLeast) return false;
        return missed >= kMany || missed * kPart >= estimate(heard_, heard);
    }

private:
    [[nodiscard]] std::uint32_t estimate(const std::vector<std::uint32_t>& counts, std::uint64_t hash) const {
        const auto [a, b, c, d] = cells_of(hash, lines_);
        return std::min({counts[a], counts[b], counts[c], counts[d]});
    }

    std::vector<std::uint32_t> heard_, unheard_;
    std::uint32_t lines_;
};

/// By how much have the cells of all shards' sketches of one kind grown in the last one to two steps?
class Growth {
public:
    Growth(Memory& memory, std::uint32_t lines)
        : sums_(memory, lines), base_(sums_.cells().size()), next_base_(base_) {}

    /// From an empty sum on: clear(), add() of each shard's, and then the others.
    [[nodiscard]] SketchSums& sums() { return sums_; }
    /// `first`: what was before counts for nothing.
    void step(bool first);
    [[nodiscard]] std::vector<std::uint32_t> cells() const;

private:
    SketchSums sums_;
    std::vector<std::uint32_t> base_, next_base_;
};

/// Control's.
class CoverageWatch {
public:
    static constexpr Duration kStep = std::chrono::minutes(2), kTellEvery = std::chrono::seconds(1);

    /// Of sketches with so many lines.
    CoverageWatch(Memory& memory, std::uint32_t lines)
        : heard_(memory, lines), unheard_(memory, lines), lines_(lines) {}

    /// Costs a look at each shard's counter while nothing passes elsewhere, but for each step. Returns
    /// whether coverage() or unheard_lately() is another one than before.
    bool update(Time now, std::span<Tracker* const> shards);
    /// Null: no network's is low.
    [[nodiscard]] const std::shared_ptr<const Coverage>& coverage() const { return coverage_; }
    /// Anything was unheard in the last one to two steps.
    [[nodiscard]] bool unheard_lately() const { return unheard_lately_; }

private:
    void sum_up(std::span<Tracker* const> shards);
    void step(Time now, std::uint64_t unheard);
    void tell(Time now);
    bool heed(std::uint64_t unheard);

    Growth heard_, unheard_;
    std::uint32_t lines_;
    std::uint64_t unheard_base_ = 0, unheard_next_base_ = 0;
    bool begun_ = false, unheard_lately_ = false;
    Time stepped_{}, told_{};
    std::shared_ptr<const Coverage> coverage_;
};

}  // namespace ajar
