// Ordering heavy hitters, and forgetting light ones.
#include "replay/heavy_hitters.hpp"

#include <algorithm>

namespace ajar::replay {
namespace {

bool heavier(const HeavyHitters::Row& a, const HeavyHitters::Row& b) {
    return a.second != b.second ? a.second > b.second : a.first < b.first;
}

}  // namespace

std::vector<HeavyHitters::Row> HeavyHitters::top(std::size_t n) const {
    std::vector<Row> rows(counts_.begin(), counts_.end());
    const auto end = rows.begin() + static_cast<std::ptrdiff_t>(std::min(n, rows.size()));
    std::partial_sort(rows.begin(), end, rows.end(), heavier);
    rows.erase(end, rows.end());
    return rows;
}

void HeavyHitters::forget_lighter_half() {
    std::vector<Row> rows(counts_.begin(), counts_.end());
    const auto middle = rows.begin() + static_cast<std::ptrdiff_t>(rows.size() / 2);
    std::nth_element(rows.begin(), middle, rows.end(), heavier);
    for (auto it = middle; it != rows.end(); ++it) counts_.erase(it->first);
    forgotten_ += static_cast<std::size_t>(rows.end() - middle);
}

}  // namespace ajar::replay
