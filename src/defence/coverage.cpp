// Adding up what passes elsewhere.
#include "ajar/defence/coverage.hpp"

#include <algorithm>

#include "ajar/tracker.hpp"

namespace ajar {
namespace {

std::uint64_t unheard_by(std::span<Tracker* const> shards) {
    std::uint64_t sum = 0;
    for (const Tracker* shard : shards) sum += shard->counters().unheard.get();
    return sum;
}

}  // namespace

CoverageWatch::CoverageWatch(Memory& memory, std::uint32_t lines)
    : sums_(memory, lines), base_(sums_.cells().size()), next_base_(base_) {}

void CoverageWatch::sum_up(std::span<Tracker* const> shards) {
    sums_.clear();
    for (const Tracker* shard : shards) sums_.add_modulo(shard->coverage());
}

/// After sum_up(). What was before the first counts for nothing.
void CoverageWatch::step(Time now, std::uint64_t unheard) {
    const auto cells = sums_.cells();
    base_.swap(next_base_);
    std::copy(cells.begin(), cells.end(), next_base_.begin());
    unheard_base_ = std::exchange(unheard_next_base_, unheard);
    if (!begun_) {
        base_ = next_base_;
        unheard_base_ = unheard;
    }
    begun_ = true;
    stepped_ = now;
}

/// After sum_up().
void CoverageWatch::tell(Time now) {
    const auto cells = sums_.cells();
    std::vector<std::uint32_t> grown(cells.size());
    for (std::size_t i = 0; i < grown.size(); ++i) grown[i] = cells[i] - base_[i];
    coverage_ = std::make_shared<Coverage>(std::move(grown), sums_.lines());
    told_ = now;
}

bool CoverageWatch::update(Time now, std::span<Tracker* const> shards) {
    const bool steps = !begun_ || now - stepped_ >= kStep;
    const std::uint64_t unheard = unheard_by(shards);
    const bool looks = unheard - unheard_base_ >= Coverage::kLeast && now - told_ >= kTellEvery;
    if (steps || looks) sum_up(shards);
    if (steps) step(now, unheard);
    const bool quiet = unheard - unheard_base_ < Coverage::kLeast;
    if (!quiet && (steps || looks)) {
        tell(now);
        return true;
    }
    return quiet && std::exchange(coverage_, nullptr) != nullptr;
}

}  // namespace ajar
