// Draining and ordering events.
#include "dataplane/event_pump.hpp"

#include <algorithm>
#include <limits>

namespace ajar::dataplane {
namespace {

/// Before this instant no worker has anything more to say. Read before the rings are emptied, never after.
std::int64_t passed_by_all(const Wiring& wiring) {
    auto least = std::numeric_limits<std::int64_t>::max();
    for (const Progress& p : wiring.progress) {
        least = std::min(least, p.passed.load(std::memory_order_acquire));  // partner: the worker's release
    }
    return least;
}

}  // namespace

bool EventPump::drain() {
    const std::int64_t passed = passed_by_all(wiring_);
    bool any = drain_changes();
    Event event;
    for (Tracker* tracker : trackers_) {
        // No longer than a ring's worth: a worker that keeps talking must not keep main here.
        for (std::size_t n = tracker->events().capacity(); n > 0 && tracker->events().pop(event); --n) {
            any = true;
            if (wiring_.packet_clock) {
                held_.push_back(event);
            } else {
                sink_(event);
            }
        }
    }
    if (wiring_.packet_clock && passed > released_) {
        release_before(Time(Duration(passed)));
        released_ = passed;
    }
    return any;
}

bool EventPump::drain_changes() {
    bool any = false;
    for (Changes* taken = nullptr; changes_.pop(taken);) {
        const std::unique_ptr<Changes> changes(taken);
        any = true;
        for (Change& change : *changes) {
            if (wiring_.packet_clock) {
                held_changes_.push_back(std::move(change));
            } else {
                tell_(change);
            }
        }
    }
    return any;
}

// A posture of epoch T is made when all workers have passed T, and told before they can pass another.
void EventPump::release_before(Time end) {
    const bool all = end == Time::max();
    const auto later =
        std::partition(held_.begin(), held_.end(), [&](const Event& e) { return all || e.time < end; });
    std::sort(held_.begin(), later, precedes);
    auto event = held_.begin();
    for (; !held_changes_.empty() && held_changes_.front().time <= end; held_changes_.pop_front()) {
        const Change& change = held_changes_.front();
        for (; event != later && event->time < change.time; ++event) sink_(*event);
        tell_(change);
    }
    std::for_each(event, later, sink_);
    held_.erase(held_.begin(), later);
}

}  // namespace ajar::dataplane
