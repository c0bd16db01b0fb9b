// Merging the shards' events, which come sorted, with those that were held back.
#include "replay/event_order.hpp"

#include <algorithm>

namespace ajar::replay {
namespace {

/// The instant before which nothing can happen any more: the last epoch's start, or the end of it all.
Time final_after(const Chunk& chunk, Time so_far) {
    if (chunk.last) return Time::max();
    return chunk.epochs.empty() ? so_far : chunk.epochs.back().start;
}

/// Merges another sorted run into `order`.
void merge(std::vector<EventRef>& order, const std::vector<EventRef>& events) {
    const auto middle = static_cast<std::ptrdiff_t>(order.size());
    order.insert(order.end(), events.begin(), events.end());
    std::inplace_merge(order.begin(), order.begin() + middle, order.end());
}

}  // namespace

std::span<const EventRef> EventOrder::add(const Chunk& chunk) {
    held_.swap(kept_);  // what the last call kept back
    order_.clear();
    for (const auto& e : held_) order_.emplace_back(e);
    for (const auto& events : chunk.sorted) merge(order_, events);
    const Time before = final_;
    final_ = final_after(chunk, final_);
    const auto cut = std::partition_point(order_.begin(), order_.end(),
                                          [&](const EventRef& e) { return e.time < final_; });
    late_ += static_cast<std::uint64_t>(
        std::partition_point(order_.begin(), cut, [&](const EventRef& e) { return e.time < before; }) -
        order_.begin());
    kept_.clear();
    for (auto it = cut; it != order_.end(); ++it) kept_.push_back(*it->event);
    return std::span<const EventRef>(order_.data(), static_cast<std::size_t>(cut - order_.begin()));
}

}  // namespace ajar::replay
