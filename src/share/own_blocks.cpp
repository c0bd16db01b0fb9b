// From one list to the next.
#include "share/own_blocks.hpp"

#include <algorithm>
#include <set>

#include "config/prefixes.hpp"

namespace ajar::share {
namespace {

/// Another end than before? It is told by what is left, so it wanders a little.
bool differs(std::optional<Clock::time_point> a, std::optional<Clock::time_point> b) {
    if (a.has_value() != b.has_value()) return true;
    return a && std::chrono::abs(*a - *b) > std::chrono::seconds(1);
}

}  // namespace

std::vector<BlockNews> OwnBlocks::look(const std::vector<OwnBlock>& blocks, Clock::time_point now) {
    std::vector<BlockNews> out;
    std::set<std::string> seen;
    for (const OwnBlock& block : blocks) {
        auto prefix = config::format_prefix(block.prefix);
        if (!may_be_lent(block.prefix) || !seen.insert(prefix).second) continue;
        std::optional<Clock::time_point> end;
        if (block.left) end = now + *block.left;
        const auto known = told_.find(prefix);
        BlockNews news{Deed::add, block.prefix, block.by_hand, block.left};
        if (known == told_.end() || differs(known->second.end, end) ||
            known->second.news.by_hand != block.by_hand) {
            told_[prefix] = {news, end, now, {}};
            out.push_back(news);
        } else if (now - known->second.told >= kTellEvery) {
            known->second.told = now;
            news.deed = Deed::still;
            out.push_back(news);
        }
    }
    std::erase_if(told_, [&](const auto& one) {
        if (seen.contains(one.first)) return false;
        BlockNews news = one.second.news;
        news.deed = Deed::end;
        news.left.reset();
        out.push_back(news);
        return true;
    });
    return out;
}

void OwnBlocks::tell_all() {
    for (auto& [prefix, one] : told_) one.told = {};
}

void OwnBlocks::confirm(const std::string& prefix, EntryId id) {
    if (const auto at = told_.find(prefix); at != told_.end()) at->second.id = id;
}

bool OwnBlocks::meant_by(const std::string& prefix, EntryId removal) const {
    const auto at = told_.find(prefix);
    return at != told_.end() && at->second.id && *at->second.id < removal;
}

}  // namespace ajar::share
