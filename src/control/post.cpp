// An eventfd and a vector.
#include "control/post.hpp"

#include <sys/eventfd.h>
#include <unistd.h>

#include <cerrno>
#include <cstdint>
#include <system_error>
#include <utility>

namespace ajar::control {

Post::Post() : fd_(eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK)) {
    if (fd_.get() < 0) throw std::system_error(errno, std::system_category(), "eventfd");
}

void Post::run(std::function<void()> work) {
    {
        const std::lock_guard held(lock_);
        waiting_.push_back(std::move(work));
    }
    wake();
}

// Full or interrupted: then it is ready anyway, or somebody else wakes it soon.
void Post::wake() const {
    const std::uint64_t one = 1;
    [[maybe_unused]] const auto n = write(fd_.get(), &one, sizeof one);
}
void Post::calm() const {
    std::uint64_t n = 0;
    [[maybe_unused]] const auto got = read(fd_.get(), &n, sizeof n);
}

void Post::work() {
    std::vector<std::function<void()>> now;
    {
        const std::lock_guard held(lock_);
        now.swap(waiting_);
    }
    for (const auto& f : now) f();
}

}  // namespace ajar::control
