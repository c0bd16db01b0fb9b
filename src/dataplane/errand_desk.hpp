// What the control socket wants of main, waiting until main has time.
#pragma once

#include <deque>
#include <functional>
#include <mutex>

#include "control/box.hpp"

namespace ajar::dataplane {

class ErrandDesk {
public:
    static constexpr std::size_t kMost = 64;

    using Done = std::function<void(control::Answer)>;

    /// Any thread. False: too many wait.
    bool add(control::Errand errand, Done done);
    /// Main: all that wait now.
    void work(const std::function<control::Answer(const control::Errand&)>& answer);

private:
    struct Waiting {
        control::Errand errand;
        Done done;
    };
    std::mutex lock_;
    std::deque<Waiting> waiting_;
};

}  // namespace ajar::dataplane
