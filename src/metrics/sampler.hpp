// A look at the appliance, now and then: for everybody who wants the numbers.
//
// Main is asked for the facts; the tables are read here, beside the workers, as readers always do: nothing
// that a worker writes is written, locked or waited for. What a look costs (caches, memory bandwidth) is
// bounded, however often it is wanted and by whomever: it is not taken again for 20 times as long as it took,
// and kFresh at the least; until then everybody gets the one before.
#pragma once

#include <atomic>
#include <chrono>
#include <functional>
#include <memory>
#include <mutex>

#include "control/box.hpp"
#include "metrics/view.hpp"

namespace ajar::metrics {

class Sampler {
public:
    using Clock = std::chrono::steady_clock;
    static constexpr auto kFresh = std::chrono::milliseconds(250);
    static constexpr auto kPatience = std::chrono::seconds(3);  ///< with main: it may restart a port

    /// `box` outlives it.
    Sampler(control::Box& box, Build build) : box_(box), build_(std::move(build)) {}

    /// Of the HTTP server, where there is one. Before any look.
    void watch(std::function<http::HttpFacts()> http) { http_ = std::move(http); }

    /// Any thread, several at once; waits for main. Null: main has not answered in time, or all is over.
    std::shared_ptr<const View> look();
    [[nodiscard]] const Build& build() const { return build_; }
    /// Nobody waits any more.
    void stop() { over_.store(true, std::memory_order_relaxed); }

private:
    [[nodiscard]] bool is_fresh() const;
    std::shared_ptr<const control::Facts> ask() const;
    std::shared_ptr<const View> take(const control::Facts& facts) const;

    control::Box& box_;
    Build build_;
    std::function<http::HttpFacts()> http_;
    std::atomic<bool> over_{false};  // relaxed: who waits looks again
    std::mutex lock_;                // of the next two; held during a look
    std::shared_ptr<const View> latest_;
    Clock::time_point taken_{};
};

}  // namespace ajar::metrics
