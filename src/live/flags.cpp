// Which connections are kept.
#include "live/flags.hpp"

#include <algorithm>

#include "page/connection.hpp"

namespace ajar::live {

void Flags::add(const Event& event) {
    const bool trouble = page::is_trouble(event.kind);
    if (trouble) ++told_[static_cast<std::size_t>(event.reason)];
    const auto known = std::find(ids_.begin(), ids_.end(), event.flow_id);
    if (known != ids_.end()) return keep(flagged_[static_cast<std::size_t>(known - ids_.begin())], event);
    if (trouble) take(event);
}

void Flags::take(const Event& event) {
    Places& of = places_[static_cast<std::size_t>(event.reason)];
    const auto second = event.time.time_since_epoch() / Duration(std::chrono::seconds(1));
    if (of.second != second) of.in_second = 0;
    of.second = second;
    if (of.in_second == kASecond) return;
    ++of.in_second;
    if (of.used < kOfEach) {
        of.at[of.used++] = flagged_.size();
        ids_.emplace_back();
        flagged_.emplace_back();
    }
    const auto at = of.at[of.next];
    of.next = (of.next + 1) % kOfEach;
    ids_[at] = event.flow_id;
    flagged_[at] = {++taken_, event.flow_id, {event}, 0};
}

/// The latest is worth more than one of many before it.
void Flags::keep(Flagged& to, const Event& event) {
    if (to.events.size() < kMostEvents) return to.events.push_back(event);
    ++to.left_out;
    to.events.back() = event;
}

std::vector<Flagged> Flags::latest(std::size_t most) const {
    std::vector<const Flagged*> all;
    for (const Flagged& one : flagged_) all.push_back(&one);
    std::sort(all.begin(), all.end(), [](const auto* a, const auto* b) { return a->number > b->number; });
    std::vector<Flagged> out;
    for (std::size_t i = 0; i < std::min(most, all.size()); ++i) out.push_back(*all[i]);
    return out;
}

}  // namespace ajar::live
