// What the control socket wants of main, waiting until main has time.
#pragma once

#include <deque>
#include <functional>
#include <mutex>
#include <optional>

#include "ajar/clock.hpp"
#include "control/box.hpp"

namespace ajar::dataplane {

class ErrandDesk {
public:
    static constexpr std::size_t kMost = 64;

    using Done = std::function<void(control::Answer)>;

    /// Any thread. False: too many wait.
    bool add(control::Errand errand, Done done);
    /// Main: those that wait, the oldest first, until the time is over that may be spent on them; one at
    /// least.
    void work(const std::function<control::Answer(const control::Errand&)>& answer, Duration spend);

private:
    struct Waiting {
        control::Errand errand;
        Done done;
    };
    std::optional<Waiting> take();

    std::mutex lock_;
    std::deque<Waiting> waiting_;
};

}  // namespace ajar::dataplane
