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

void Growth::step(bool first) {
    const auto cells = sums_.cells();
    base_.swap(next_base_);
    std::copy(cells.begin(), cells.end(), next_base_.begin());
    if (first) base_ = next_base_;
}

std::vector<std::uint32_t> Growth::cells() const {
    const auto now = sums_.cells();
    std::vector<std::uint32_t> grown(now.size());
    for (std::size_t i = 0; i < grown.size(); ++i) grown[i] = now[i] - base_[i];
    return grown;
}

void CoverageWatch::sum_up(std::span<Tracker* const> shards) {
    heard_.sums().clear();
    unheard_.sums().clear();
    for (const Tracker* shard : shards) {
        heard_.sums().add_modulo(shard->heard());
        unheard_.sums().add_modulo(shard->unheard());
    }
}

/// After sum_up().
void CoverageWatch::step(Time now, std::uint64_t unheard) {
    heard_.step(!begun_);
    unheard_.step(!begun_);
    unheard_base_ = begun_ ? unheard_next_base_ : unheard;
    unheard_next_base_ = unheard;
    begun_ = true;
    stepped_ = now;
}

/// After sum_up().
void CoverageWatch::tell(Time now) {
    coverage_ = std::make_shared<Coverage>(heard_.cells(), unheard_.cells(), lines_);
    told_ = now;
}

/// Returns whether connections are counted from now on, or no longer.
bool CoverageWatch::heed(std::uint64_t unheard) {
    const bool lately = unheard != unheard_base_;
    return std::exchange(unheard_lately_, lately) != lately;
}

bool CoverageWatch::update(Time now, std::span<Tracker* const> shards) {
    const bool steps = !begun_ || now - stepped_ >= kStep;
    const std::uint64_t unheard = unheard_by(shards);
    const bool looks = unheard - unheard_base_ >= Coverage::kLeast && now - told_ >= kTellEvery;
    if (steps || looks) sum_up(shards);
    if (steps) step(now, unheard);
    const bool heeds = heed(unheard);
    const bool quiet = unheard - unheard_base_ < Coverage::kLeast;
    if (!quiet && (steps || looks)) {
        tell(now);
        return true;
    }
    const bool forgotten = quiet && std::exchange(coverage_, nullptr) != nullptr;
    return heeds || forgotten;
}

}  // namespace ajar
