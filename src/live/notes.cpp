// Copies, in and out.
#include "live/notes.hpp"

namespace ajar::live {

void Notes::add(const Event& event) {
    if (!open_) return;
    const std::lock_guard held(lock_);
    flags_.add(event);
}

void Notes::add(const Change& change) {
    if (!open_) return;
    const std::lock_guard held(lock_);
    if (changes_.size() == kChanges) changes_.pop_back();
    changes_.push_front(change);
}

void Notes::add(const Sums& now, Time wall) {
    if (!open_) return;
    const std::lock_guard held(lock_);
    trail_.add(now, wall);
}

Notes::Copy Notes::read() const {
    const std::lock_guard held(lock_);
    return {trail_.bins(), flags_.latest(kFlagged), flags_.told(), {changes_.begin(), changes_.end()}};
}

}  // namespace ajar::live
