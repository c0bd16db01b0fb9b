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

void ErrandDesk::work(const std::function<control::Answer(const control::Errand&)>& answer, Duration spend) {
    const auto until = std::chrono::steady_clock::now() + spend;
    do {
        const auto next = take();
        if (!next) return;
        next->done(answer(next->errand));
    } while (std::chrono::steady_clock::now() < until);
}

std::optional<ErrandDesk::Waiting> ErrandDesk::take() {
    const std::lock_guard held(lock_);
    if (waiting_.empty()) return std::nullopt;
    std::optional out(std::move(waiting_.front()));
    waiting_.pop_front();
    return out;
}

}  // namespace ajar::dataplane
