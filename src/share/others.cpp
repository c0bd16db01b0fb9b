// Keeping what each told last, and adding it up.
#include "share/others.hpp"

#include <algorithm>

namespace ajar::share {
namespace {

/// As many as are allowed, of the heaviest; of equal ones the first by name.
template <typename Map>
void keep_heaviest(Map& map, std::size_t most) {
    if (map.size() <= most) return;
    std::vector<std::uint32_t> counts;
    counts.reserve(map.size());
    for (const auto& [name, count] : map) counts.push_back(count);
    const auto last = counts.begin() + static_cast<std::ptrdiff_t>(most);
    std::nth_element(counts.begin(), last, counts.end(), std::greater<>());
    const auto floor = *last;
    std::erase_if(map, [&](const auto& one) { return one.second < floor; });
    for (auto at = map.end(); map.size() > most && at != map.begin();)
        if ((--at)->second == floor) at = map.erase(at);
}

}  // namespace

bool Others::hear(const Told<Sums>& told, Clock::time_point now) {
    const auto known = all_.find(told.from.run);
    if (told.news.bye) {
        changed_ |= known != all_.end();
        if (known != all_.end()) all_.erase(known);
        return true;
    }
    if (known == all_.end() && all_.size() >= kMost) return false;
    all_[told.from.run] = {{told.from, told.news.state, now}, told.news.pending};
    changed_ = true;
    return true;
}

void Others::forget(Clock::time_point now) {
    changed_ |=
        std::erase_if(all_, [&](const auto& one) { return now - one.second.about.heard >= kSilent; }) != 0;
}

void Others::clear() {
    changed_ |= !all_.empty();
    all_.clear();
}

Pending Others::sum() const {
    Pending out;
    for (const auto& [run, one] : all_) {
        for (const auto& [name, count] : one.pending.names) out.names[name] += count;
        for (const auto& [name, count] : one.pending.services) out.services[name] += count;
    }
    keep_heaviest(out.names, Fleet::kHeard);
    keep_heaviest(out.services, Fleet::kHeard);
    return out;
}

std::shared_ptr<const Pending> Others::pending() {
    if (!std::exchange(changed_, false)) return pending_;
    news_ = true;
    auto sums = sum();
    pending_ = sums.empty() ? nullptr : std::make_shared<const Pending>(std::move(sums));
    return pending_;
}

std::vector<OtherBox> Others::boxes() const {
    std::vector<OtherBox> out;
    for (const auto& [run, one] : all_) out.push_back(one.about);
    std::sort(out.begin(), out.end(),
              [](const OtherBox& a, const OtherBox& b) { return a.box.name < b.box.name; });
    return out;
}

}  // namespace ajar::share
