// Spreading counts over steps.
#include "live/trail.hpp"

#include <algorithm>

namespace ajar::live {
namespace {

Time step_of(Time t) {
    const auto since = t.time_since_epoch();
    return Time(since - since % Trail::kStep);
}

double seconds_of(Duration d) { return std::chrono::duration<double>(d).count(); }

template <std::size_t N>
std::uint64_t total_of(const std::array<std::uint64_t, N>& all) {
    std::uint64_t sum = 0;
    for (const auto n : all) sum += n;
    return sum;
}

}  // namespace

Sums sums_of(const control::Facts& facts) {
    Sums out;
    std::uint64_t received = 0;
    for (const auto& worker : facts.workers) received += worker.received;
    const auto& t = facts.tracker;
    out.counted = {received, t.created, t.promoted, t.ended, total_of(t.evicted)};
    out.half_open = t.half_open;
    out.flows = total_of(t.flows);
    return out;
}

/// Null: it is before all that is kept.
Trail::Bin* Trail::bin_at(Time t) {
    const Time begin = step_of(t);
    if (!bins_.empty() && begin - bins_.back().begin > kStep * static_cast<std::int64_t>(kSteps))
        bins_.clear();
    if (bins_.empty()) bins_.push_back({begin});
    while (bins_.back().begin < begin) bins_.push_back({bins_.back().begin + kStep});
    while (bins_.size() > kSteps) bins_.pop_front();
    const auto back = (bins_.back().begin - begin) / kStep;
    return static_cast<std::size_t>(back) < bins_.size()
               ? &bins_[bins_.size() - 1 - static_cast<std::size_t>(back)]
               : nullptr;
}

void Trail::spread(const Sums& now, Time wall) {
    const double whole = seconds_of(wall - added_);
    const Time oldest = wall - kStep * static_cast<std::int64_t>(kSteps);
    for (Time from = std::max(added_, oldest); from < wall;) {
        const Time to = std::min(step_of(from) + kStep, wall);
        const double part = seconds_of(to - from);
        if (Bin* const bin = bin_at(from); bin != nullptr) {
            bin->seconds += part;
            for (std::size_t i = 0; i < kCounted; ++i)
                bin->counted[i] +=
                    static_cast<double>(now.counted[i] - std::min(now.counted[i], before_->counted[i])) *
                    part / whole;
        }
        from = to;
    }
}

void Trail::add(const Sums& now, Time wall) {
    if (before_ && wall > added_) {
        spread(now, wall);
        Bin& last = bins_.back();
        last.half_open = std::max(last.half_open, now.half_open);
        last.flows = std::max(last.flows, now.flows);
    }
    if (before_ && wall < added_) bins_.clear();
    before_ = now;
    added_ = wall;
}

}  // namespace ajar::live
