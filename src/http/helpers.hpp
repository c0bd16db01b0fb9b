// Threads that work out answers.
#pragma once

#include <condition_variable>
#include <deque>
#include <functional>
#include <mutex>
#include <thread>
#include <vector>

namespace ajar::http {

class Helpers {
public:
    using Work = std::function<void()>;

    /// Their CPUs and niceness are those of the calling thread.
    explicit Helpers(std::size_t threads);
    /// Waits for what is under way; what has not begun is dropped.
    ~Helpers();
    Helpers(const Helpers&) = delete;
    Helpers& operator=(const Helpers&) = delete;

    /// Soon, in one of the threads. Who calls it bounds how much there can be.
    void add(Work work);

private:
    void serve(std::size_t number);

    std::mutex lock_;  // of the next three
    std::condition_variable news_;
    std::deque<Work> waiting_;
    bool over_ = false;
    std::vector<std::thread> threads_;
};

}  // namespace ajar::http
