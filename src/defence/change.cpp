// Keeping what stands.
#include "ajar/defence/change.hpp"

#include <algorithm>

namespace ajar {

void Situation::add(const Change& change) {
    ++counts_[static_cast<std::size_t>(change.kind)];
    if (change.kind == ChangeKind::rung_entered) ++rungs_[static_cast<std::size_t>(change.rung)];
    const Step step = info(change.kind).step;
    if (step == Step::once) return;
    const auto known =
        std::find_if(now_.begin(), now_.end(), [&](const Change& c) { return same_matter(c, change); });
    if (step == Step::ends) {
        if (known != now_.end()) now_.erase(known);
    } else if (known != now_.end()) {
        const Time since = known->since;
        *known = change;
        known->since = since;
    } else {
        now_.push_back(change);
        now_.back().since = change.time;
    }
}

}  // namespace ajar
