// How other threads hand work to the server's: a queue, and a descriptor that wakes its poll().
#pragma once

#include <functional>
#include <mutex>
#include <vector>

#include "descriptor.hpp"

namespace ajar::control {

class Post {
public:
    /// Throws std::system_error where the kernel has no descriptor left.
    Post();
    Post(const Post&) = delete;
    Post& operator=(const Post&) = delete;

    // Any thread.
    void run(std::function<void()> work);
    void wake() const;

    // The server's.
    [[nodiscard]] int fd() const { return fd_.get(); }
    void calm() const;  ///< the descriptor is not ready any more
    void work();        ///< what was handed over until now

private:
    Descriptor fd_;
    std::mutex lock_;
    std::vector<std::function<void()>> waiting_;
};

}  // namespace ajar::control
