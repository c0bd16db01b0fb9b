// Counting how long a worker's rounds stay the same.
#include "dataplane/stall_watch.hpp"

#include <algorithm>
#include <utility>

namespace ajar::dataplane {

std::vector<StallWatch::News> StallWatch::look(Clock::time_point now, Clock::duration patience,
                                               std::span<const std::uint64_t> rounds) {
    const auto passed = std::min<Clock::duration>(now - std::exchange(looked_, now), kLongestLook);
    std::vector<News> news;
    for (std::size_t w = 0; w < workers_.size(); ++w) {
        Worker& worker = workers_[w];
        if (std::exchange(worker.rounds, rounds[w]) != rounds[w]) {
            if (std::exchange(worker.stalled, false)) news.push_back({w, false, worker.still});
            worker.still = {};
            continue;
        }
        worker.still += passed;
        const bool now_stalled = patience != Clock::duration{} && worker.still >= patience;
        if (now_stalled && !std::exchange(worker.stalled, true)) news.push_back({w, true, worker.still});
    }
    return news;
}

}  // namespace ajar::dataplane
