// Taking connections into a report.
#include "replay/cases.hpp"

#include "page/connection.hpp"

namespace ajar::replay {
void Cases::add(const Event& event) {
    const bool trouble = page::is_trouble(event.kind);
    if (trouble) ++told_[static_cast<std::size_t>(event.reason)];
    const auto known = places_.find(event.flow_id);
    if (known != places_.end()) return keep(taken_[known->second], event);
    if (event.kind == EventKind::flow_end) return;  // of nobody who was in trouble, or who is shown
    if (!trouble || !take(event.reason)) return pass_over(event);
    places_.emplace(event.flow_id, taken_.size());
    Case& taken = taken_.emplace_back(Case{event.flow_id, {}, 0});
    for (const Event& before : passed_)
        if (before.flow_id == event.flow_id) keep(taken, before);
    keep(taken, event);
}

/// Is there room for one more of it?
bool Cases::take(Reason reason) {
    auto& of_reason = taken_of_[static_cast<std::size_t>(reason)];
    if (of_reason >= kOfEach && shared_ >= kShared) return false;
    if (of_reason >= kOfEach) ++shared_;
    ++of_reason;
    return true;
}

void Cases::pass_over(const Event& event) {
    if (passed_.size() == kPassed) passed_.pop_front();
    passed_.push_back(event);
}

/// The end is worth more than one flag of many.
void Cases::keep(Case& c, const Event& event) {
    if (c.events.size() < kMostEvents) return c.events.push_back(event);
    ++c.left_out;
    if (event.kind == EventKind::flow_end) c.events.back() = event;
}

const Event& headline_of(const Case& c) { return page::headline_of(c.events); }

}  // namespace ajar::replay
