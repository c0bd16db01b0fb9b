// A queue and those who empty it.
#include "http/helpers.hpp"

#include <fmt/format.h>
#include <pthread.h>

#include <utility>

namespace ajar::http {

Helpers::Helpers(std::size_t threads) {
    for (std::size_t n = 0; n < threads; ++n) threads_.emplace_back([this, n] { serve(n); });
}

Helpers::~Helpers() {
    {
        const std::lock_guard held(lock_);
        over_ = true;
    }
    news_.notify_all();
    for (auto& thread : threads_) thread.join();
}

void Helpers::add(Work work) {
    {
        const std::lock_guard held(lock_);
        waiting_.push_back(std::move(work));
    }
    news_.notify_one();
}

void Helpers::serve(std::size_t number) {
    pthread_setname_np(pthread_self(), fmt::format("ajar-http-{}", number).c_str());
    std::unique_lock held(lock_);
    while (true) {
        news_.wait(held, [this] { return over_ || !waiting_.empty(); });
        if (over_) return;
        const Work work = std::move(waiting_.front());
        waiting_.pop_front();
        held.unlock();
        work();
        held.lock();
    }
}

}  // namespace ajar::http
