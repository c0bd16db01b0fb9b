// Leases: made, renewed, ended.
#include "share/lent_blocks.hpp"

#include <algorithm>

#include "config/prefixes.hpp"

namespace ajar::share {

bool may_be_lent(const Prefix& prefix) {
    return prefix.bits >=
           (prefix.family == Family::ipv4 ? LentBlocks::kLeastBitsV4 : LentBlocks::kLeastBitsV6);
}

void LentBlocks::erase(const std::string& prefix) { changed_ |= all_.erase(prefix) != 0; }

bool LentBlocks::put(const Told<BlockNews>& told, const std::string& prefix, Duration age,
                     Clock::time_point now) {
    const BlockNews& news = told.news;
    if (!may_be_lent(news.prefix)) return false;
    const auto known = all_.find(prefix);
    if (known == all_.end() && all_.size() >= kMost) return false;
    if (age >= kLease || (news.left && *news.left <= age)) {
        erase(prefix);
        return age < kLease;
    }
    LentBlock block{prefix, told.from.name, news.by_hand, {}};
    if (news.left) block.end = now + (*news.left - age);
    auto lease = now + (kLease - age);
    if (block.end) lease = std::min(lease, *block.end);
    // What is said again has its end at another nanosecond: that is no news.
    constexpr auto kSame = std::chrono::seconds(1);
    const bool same = known != all_.end() && known->second.block.box == block.box &&
                      known->second.block.end.has_value() == block.end.has_value() &&
                      (!block.end || std::chrono::abs(*known->second.block.end - *block.end) < kSame);
    changed_ |= !same;
    if (same) block = known->second.block;
    all_[prefix] = {std::move(block), told.from.run, lease};
    return true;
}

bool LentBlocks::hear(const Told<BlockNews>& told, Duration age, Clock::time_point now) {
    const auto prefix = config::format_prefix(told.news.prefix);
    const auto known = all_.find(prefix);
    switch (told.news.deed) {
        case Deed::add:
            removed_.erase(prefix);
            return put(told, prefix, age, now);
        case Deed::still:
            if (const auto at = removed_.find(prefix); at != removed_.end() && now < at->second) {
                at->second = now + kLease;
                return true;
            }
            if (known != all_.end() && known->second.owner != told.from.run) return true;
            return put(told, prefix, age, now);
        case Deed::end:
            if (known != all_.end() && known->second.owner == told.from.run) erase(prefix);
            return true;
        case Deed::remove:
            if (age < kLease) remove(prefix, now);
            return true;
    }
    return false;
}

/// Of those that were removed the one that matters least is forgotten for another.
void LentBlocks::remove(const std::string& prefix, Clock::time_point now) {
    erase(prefix);
    if (removed_.size() >= kMost && !removed_.contains(prefix))
        removed_.erase(std::min_element(removed_.begin(), removed_.end(),
                                        [](const auto& a, const auto& b) { return a.second < b.second; }));
    removed_[prefix] = now + kLease;
}

void LentBlocks::expire(Clock::time_point now) {
    changed_ |= std::erase_if(all_, [&](const auto& one) { return one.second.lease <= now; }) != 0;
    std::erase_if(removed_, [&](const auto& one) { return one.second <= now; });
}

void LentBlocks::clear() {
    changed_ |= !all_.empty();
    all_.clear();
    removed_.clear();
}

std::vector<LentBlock> LentBlocks::list() const {
    std::vector<LentBlock> out;
    for (const auto& [prefix, one] : all_) out.push_back(one.block);
    return out;
}

}  // namespace ajar::share
