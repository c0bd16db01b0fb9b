// Taking connections into a report.
#include "replay/cases.hpp"

#include <algorithm>

namespace ajar::replay {
namespace {

bool is_trouble(EventKind kind) {
    return kind == EventKind::flagged || kind == EventKind::evicted || kind == EventKind::refused ||
           kind == EventKind::half_open;
}

}  // namespace

void Cases::add(const Event& event) {
    const bool trouble = is_trouble(event.kind);
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

const Event& headline_of(const Case& c) {
    const auto found = [&](auto&& wanted) { return std::find_if(c.events.begin(), c.events.end(), wanted); };
    auto at = found([](const Event& e) { return e.kind == EventKind::half_open; });
    if (at == c.events.end()) at = found([](const Event& e) { return is_trouble(e.kind); });
    return at == c.events.end() ? c.events.front() : *at;
}

}  // namespace ajar::replay
