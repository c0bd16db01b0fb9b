// Where threads wait that are there before they may do anything.
//
// A thread that is to lose root's rights with all others must be there before they are given up (settle()),
// for what begins later inherits those that main keeps. What strangers send is read by nobody until then.
#pragma once

#include <atomic>

namespace ajar::dataplane {

class Gate {
public:
    /// Any thread, any number of times. It stays open.
    void open() {
        open_.store(true, std::memory_order_release);  // partner: wait()
        open_.notify_all();
    }
    void wait() const { open_.wait(false, std::memory_order_acquire); }

private:
    std::atomic<bool> open_{false};
};

}  // namespace ajar::dataplane
