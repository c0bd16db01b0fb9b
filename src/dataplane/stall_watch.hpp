// Does every worker still make rounds? What the queues of one that does not receive waits, and nobody would
// say so.
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

namespace ajar::dataplane {

/// Main's. Time in which main did not look either counts for nothing: where the process was stopped as a
/// whole, or the machine was, no worker is stuck.
class StallWatch {
public:
    using Clock = std::chrono::steady_clock;
    static constexpr Clock::duration kLongestLook = std::chrono::milliseconds(500);

    explicit StallWatch(std::size_t workers) : workers_(workers) {}

    struct News {
        std::size_t worker;
        bool stalled;           ///< else it goes on
        Clock::duration still;  ///< so long it made no round
    };
    /// `rounds`: how many each worker has made. Who has made none for `patience` is stalled; zero: nobody is.
    std::vector<News> look(Clock::time_point now, Clock::duration patience,
                           std::span<const std::uint64_t> rounds);

    /// As of the latest look.
    [[nodiscard]] bool stalled(std::size_t worker) const { return workers_[worker].stalled; }

private:
    struct Worker {
        std::uint64_t rounds = 0;
        Clock::duration still{};
        bool stalled = false;
    };
    std::vector<Worker> workers_;
    Clock::time_point looked_{};
};

}  // namespace ajar::dataplane
