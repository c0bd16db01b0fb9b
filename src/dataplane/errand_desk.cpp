// A queue with a bound.
#include "dataplane/errand_desk.hpp"

#include <utility>

namespace ajar::dataplane {

bool ErrandDesk::add(control::Errand errand, Done done) {
    const std::lock_guard held(lock_);
    if (waiting_.size() >= kMost) return false;
    waiting_.push_back({std::move(errand), std::move(done)});
    return true;
}

void ErrandDesk::work(const std::function<control::Answer(const control::Errand&)>& answer) {
    std::deque<Waiting> now;
    {
        const std::lock_guard held(lock_);
        now.swap(waiting_);
    }
    for (const auto& [errand, done] : now) done(answer(errand));
}

}  // namespace ajar::dataplane
