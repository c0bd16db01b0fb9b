// Asking the kernel about other threads.
#include "dataplane/bench/lcore_clocks.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <pthread.h>
#include <rte_launch.h>
#include <unistd.h>

#include <array>
#include <cstdlib>
#include <fstream>
#include <string>

#include "dataplane/eal.hpp"

namespace ajar::dataplane {

LcoreClocks::LcoreClocks() {
    const auto lcores = worker_lcores();
    threads_.resize(lcores.size());
    for (std::size_t i = 0; i < lcores.size(); ++i) {
        if (rte_eal_remote_launch(identify, &threads_[i], lcores[i]) == 0) rte_eal_wait_lcore(lcores[i]);
    }
}

int LcoreClocks::identify(void* user) {
    Thread& thread = *static_cast<Thread*>(user);
    thread.id = gettid();
    thread.schedstat =
        open(fmt::format("/proc/self/task/{}/schedstat", thread.id).c_str(), O_RDONLY | O_CLOEXEC);
    return pthread_getcpuclockid(pthread_self(), &thread.clock);
}

LcoreClocks::~LcoreClocks() {
    for (const Thread& t : threads_)
        if (t.schedstat >= 0) close(t.schedstat);
}

std::uint64_t LcoreClocks::waited(std::uint32_t lcore) const {
    std::array<char, 128> text{};
    if (pread(threads_[lcore].schedstat, text.data(), text.size() - 1, 0) <= 0) return 0;
    char* waited = nullptr;
    std::strtoull(text.data(), &waited, 10);
    return std::strtoull(waited, nullptr, 10);
}

std::vector<double> LcoreClocks::cpu_seconds() const {
    std::vector<double> out;
    for (const Thread& t : threads_) {
        timespec spent{};
        clock_gettime(t.clock, &spent);
        out.push_back(static_cast<double>(spent.tv_sec) + static_cast<double>(spent.tv_nsec) * 1e-9);
    }
    return out;
}

std::uint64_t LcoreClocks::switches(std::uint32_t lcores) const {
    std::uint64_t sum = 0;
    for (std::uint32_t i = 0; i < lcores && i < threads_.size(); ++i) {
        std::ifstream status(fmt::format("/proc/self/task/{}/status", threads_[i].id));
        for (std::string word; status >> word;) {
            std::uint64_t n = 0;
            if (word == "nonvoluntary_ctxt_switches:" && status >> n) sum += n;
        }
    }
    return sum;
}

}  // namespace ajar::dataplane
