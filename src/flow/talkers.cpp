// Merging summaries of who is counted most.
#include "ajar/flow/talkers.hpp"

#include <algorithm>

namespace ajar {
namespace {

/// Counts and errors above the part's floor. An error is mostly below it: that is left to unsigned
/// arithmetic, which comes right once the floors are added.
void append_above_floor(std::vector<Talker>& all, const TalkerSummary& part) {
    for (const auto& t : part.talkers) all.push_back({t.key, t.count - part.floor, t.error - part.floor});
}

/// One entry a key, all of them above the sum of floors.
void add_up_by_key(std::vector<Talker>& all, std::uint64_t floors) {
    std::sort(all.begin(), all.end(), [](const Talker& a, const Talker& b) { return a.key < b.key; });
    std::size_t kept = 0;
    for (const auto t : all) {  // a copy: its place may be taken
        if (kept == 0 || !(all[kept - 1].key == t.key)) all[kept++] = {t.key, floors, floors};
        all[kept - 1].count += t.count;
        all[kept - 1].error += t.error;
    }
    all.resize(kept);
}

}  // namespace

TalkerSummary merge(std::span<const TalkerSummary> parts, std::size_t k) {
    TalkerSummary whole;
    for (const auto& part : parts) {
        append_above_floor(whole.talkers, part);
        whole.floor += part.floor;
        whole.total += part.total;
    }
    add_up_by_key(whole.talkers, whole.floor);
    std::sort(whole.talkers.begin(), whole.talkers.end(), heavier);
    if (whole.talkers.size() > k) {
        whole.floor = whole.talkers[k].count;
        whole.talkers.resize(k);
    }
    return whole;
}

}  // namespace ajar
