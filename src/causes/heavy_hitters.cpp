// Counting, ordering heavy hitters, and forgetting light ones.
#include "causes/heavy_hitters.hpp"

#include <algorithm>

namespace ajar::causes {
namespace {

bool heavier(const HeavyHitters::Row& a, const HeavyHitters::Row& b) {
    return a.second != b.second ? a.second > b.second : a.first < b.first;
}

}  // namespace

void HeavyHitters::add(const Endpoint& endpoint) {
    constexpr std::size_t kLeastPlaces = 64;
    if (2 * (rows_.size() + 1) > places_.size()) index_anew(std::max(kLeastPlaces, 2 * places_.size()));
    auto& place = place_of(endpoint);
    if (place != kNone) {
        ++rows_[place].second;
        return;
    }
    place = static_cast<std::uint32_t>(rows_.size());
    rows_.emplace_back(endpoint, 1);
    if (rows_.size() > kCapacity) forget_lighter_half();
}

/// Where its row's number stands, or would stand.
std::uint32_t& HeavyHitters::place_of(const Endpoint& endpoint) {
    const auto mask = places_.size() - 1;
    auto at = EndpointHash{}(endpoint)&mask;
    while (places_[at] != kNone && rows_[places_[at]].first != endpoint) at = (at + 1) & mask;
    return places_[at];
}

/// `places` is a power of two and leaves half of them free.
void HeavyHitters::index_anew(std::size_t places) {
    places_.assign(places, kNone);
    for (std::uint32_t row = 0; row < rows_.size(); ++row) place_of(rows_[row].first) = row;
}

std::vector<HeavyHitters::Row> HeavyHitters::top(std::size_t n) const {
    std::vector<Row> rows = rows_;
    const auto end = rows.begin() + static_cast<std::ptrdiff_t>(std::min(n, rows.size()));
    std::partial_sort(rows.begin(), end, rows.end(), heavier);
    rows.erase(end, rows.end());
    return rows;
}

void HeavyHitters::forget_lighter_half() {
    const auto kept = rows_.size() / 2;
    std::nth_element(rows_.begin(), rows_.begin() + static_cast<std::ptrdiff_t>(kept), rows_.end(), heavier);
    forgotten_ += rows_.size() - kept;
    rows_.resize(kept);
    index_anew(places_.size());
}

}  // namespace ajar::causes
