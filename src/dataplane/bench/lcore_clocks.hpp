// How long were the workers on their CPUs, and how often were they pushed off them?
#pragma once

#include <cstdint>
#include <ctime>
#include <vector>

namespace ajar::dataplane {

/// The kernel's accounts of the threads behind lcores. What a machine that others use as well takes from a
/// worker is not on them, so they make better ratios than the clock on the wall.
class LcoreClocks {
public:
    /// Of all worker lcores, which must be idle.
    LcoreClocks();
    ~LcoreClocks();
    LcoreClocks(const LcoreClocks&) = delete;
    LcoreClocks& operator=(const LcoreClocks&) = delete;

    /// Seconds on a CPU, by lcore in order.
    [[nodiscard]] std::vector<double> cpu_seconds() const;
    /// Involuntary context switches of the first `lcores`.
    [[nodiscard]] std::uint64_t switches(std::uint32_t lcores) const;
    /// Nanoseconds that a lcore would have run and had no CPU; 0 for ever where the kernel does not count
    /// them. Cheap enough for every millisecond.
    [[nodiscard]] std::uint64_t waited(std::uint32_t lcore) const;

private:
    struct Thread {
        clockid_t clock = 0;
        int id = 0;
        int schedstat = -1;  // its file: time on a CPU, time waiting for one, turns
    };
    static int identify(void* thread);

    std::vector<Thread> threads_;
};

}  // namespace ajar::dataplane
