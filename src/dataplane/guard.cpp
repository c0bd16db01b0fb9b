// Telling the lanes what holds.
#include "dataplane/guard.hpp"

#include <utility>

namespace ajar::dataplane {

Guard::Guard(Wiring& wiring, const std::vector<Tracker*>& trackers, const TableSizes& sizes,
             const tcp::cookie::Secret& secret)
    : wiring_(wiring), trackers_(trackers), defence_(sizes, secret) {}

bool Guard::wanted() const { return defends(*wiring_.policy.load(std::memory_order_acquire)); }

Guard::~Guard() {
    for (Changes* left = nullptr; changes_.pop(left);) delete left;
}

bool Guard::update(Time now, Time wall) {
    const Policy& policy = *wiring_.policy.load(std::memory_order_acquire);
    auto next = defence_.update(now, wall, trackers_, policy);
    while (!former_.empty() && rte_rcu_qsbr_check(wiring_.qsbr.get(), former_.front().token, false) == 1)
        former_.pop_front();
    if (const auto changes = defence_.changes(); !changes.empty()) {
        if (!untold_) untold_ = std::make_unique<Changes>();
        untold_->insert(untold_->end(), changes.begin(), changes.end());
    }
    if (next != current_) publish(std::move(next));
    return told();
}

bool Guard::told() {
    if (untold_ && changes_.push(untold_.get())) untold_.release();
    return untold_ == nullptr;
}

void Guard::publish(std::shared_ptr<const Posture> next) {
    wiring_.posture.store(next.get(), std::memory_order_release);  // partner: the lanes' acquire
    if (current_) former_.push_back({std::move(current_), rte_rcu_qsbr_start(wiring_.qsbr.get())});
    current_ = std::move(next);
}

void Guard::count_asks(Second now) {
    const Second over = std::exchange(second_, now);
    if (over == now || over == kNoSecond) return;
    std::vector<AskPart> parts;
    for (const Tracker* tracker : trackers_) tracker->asked(over, parts);
    busiest_.add(over, parts);
}

}  // namespace ajar::dataplane
