// Adding and reading a histogram.
#include "dataplane/bench/histogram.hpp"

#include <algorithm>
#include <cmath>

namespace ajar::dataplane {

void Histogram::add(const Histogram& other) {
    for (std::size_t i = 0; i < counts_.size(); ++i) counts_[i] += other.counts_[i];
    count_ += other.count_;
    most_ = std::max(most_, other.most_);
}

void Histogram::clear() {
    std::ranges::fill(counts_, 0U);
    count_ = most_ = 0;
}

std::uint64_t Histogram::highest_at(std::size_t place) {
    if (place < 2 * kSteps) return place;
    const auto shift = static_cast<unsigned>(place >> kBits) - 1;
    return (((place & (kSteps - 1)) + kSteps + 1) << shift) - 1;
}

std::uint64_t Histogram::percentile(double part) const {
    const auto wanted = static_cast<std::uint64_t>(std::ceil(part * static_cast<double>(count_)));
    std::uint64_t seen = 0;
    for (std::size_t i = 0; i < counts_.size(); ++i) {
        seen += counts_[i];
        if (seen != 0 && seen >= wanted) return std::min(highest_at(i), most_);
    }
    return 0;
}

}  // namespace ajar::dataplane
