// What time it is for a worker that runs on the TSC.
//
// The TSC is tied to the Unix epoch once, at start, and never stepped after: the tracker's time never runs
// backwards, at the price of drifting from the wall clock by as much as the TSC's frequency is off (parts per
// million).
#pragma once

#include <rte_cycles.h>

#include <chrono>

#include "ajar/clock.hpp"

namespace ajar::dataplane {

class TscClock {
public:
    TscClock()
        : hz_(rte_get_tsc_hz()),
          base_tsc_(rte_rdtsc()),
          base_(std::chrono::time_point_cast<Duration>(std::chrono::system_clock::now())) {}

    [[nodiscard]] Time now() const { return at(rte_rdtsc()); }
    [[nodiscard]] Time at(std::uint64_t tsc) const {
        const std::uint64_t cycles = tsc - base_tsc_;
        const std::uint64_t ns = cycles / hz_ * kNanoseconds + cycles % hz_ * kNanoseconds / hz_;
        return base_ + Duration(static_cast<std::int64_t>(ns));
    }
    [[nodiscard]] std::uint64_t cycles_of(Duration d) const {
        const auto ns = static_cast<std::uint64_t>(d.count());
        return ns / kNanoseconds * hz_ + ns % kNanoseconds * hz_ / kNanoseconds;
    }

private:
    /// Times a fraction of a second's cycles it stays below 2^64 for any TSC up to 18 GHz.
    static constexpr std::uint64_t kNanoseconds = 1'000'000'000;

    std::uint64_t hz_;
    std::uint64_t base_tsc_;
    Time base_;
};

}  // namespace ajar::dataplane
