// Asking the kernel about other threads.
#include "dataplane/bench/lcore_clocks.hpp"

#include <fmt/format.h>
#include <pthread.h>
#include <rte_launch.h>
#include <unistd.h>

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
    return pthread_getcpuclockid(pthread_self(), &thread.clock);
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
