// Watching polls.
#include "dataplane/bench/slices.hpp"

#include <rte_cycles.h>
#include <rte_ethdev.h>
#include <sys/resource.h>

#include <utility>

namespace ajar::dataplane {

std::uint64_t own_switches() {
    rusage used{};
    getrusage(RUSAGE_THREAD, &used);
    return static_cast<std::uint64_t>(used.ru_nivcsw);
}

SliceWatch::SliceWatch(const Wiring& wiring)
    : ports_{wiring.ports[0].device, wiring.ports[1].device},
      ns_per_cycle_(1e9 / static_cast<double>(rte_get_tsc_hz())) {
    // Last: from here on the worker writes what stands above.
    callbacks_[0] = rte_eth_add_rx_callback(ports_[0], 0, at_a, this);
    callbacks_[1] = rte_eth_add_rx_callback(ports_[1], 0, at_b, this);
}

void SliceWatch::detach() {
    for (int i = 0; i < 2; ++i)
        if (const auto* const callback = std::exchange(callbacks_[i], nullptr); callback != nullptr)
            rte_eth_remove_rx_callback(ports_[i], 0, callback);
}

std::uint16_t SliceWatch::at_a(std::uint16_t, std::uint16_t, rte_mbuf**, std::uint16_t n, std::uint16_t,
                               void* user) {
    auto& watch = *static_cast<SliceWatch*>(user);
    const auto now = rte_rdtsc();
    if (watch.idle_)
        watch.note(static_cast<std::uint64_t>(static_cast<double>(now - watch.last_) * watch.ns_per_cycle_));
    watch.idle_ = n == 0;
    watch.last_ = now;
    return n;
}

std::uint16_t SliceWatch::at_b(std::uint16_t, std::uint16_t, rte_mbuf**, std::uint16_t n, std::uint16_t,
                               void* user) {
    auto& watch = *static_cast<SliceWatch*>(user);
    watch.idle_ = watch.idle_ && n == 0;
    return n;
}

void SliceWatch::add_figures(Row& row) const {
    row.figures.emplace_back("background slice us p99.9",
                             static_cast<double>(slices_.percentile(0.999)) / 1e3);
    row.figures.emplace_back("background slices", static_cast<double>(slices_.count()));
    row.figures.emplace_back("background slices beyond 5 us", static_cast<double>(beyond_bar_));
    row.figures.emplace_back("background slices left out, the worker lost its CPU",
                             static_cast<double>(left_out_));
}

void SliceWatch::note(std::uint64_t nanoseconds) {
    if (nanoseconds > kBar) {
        const auto switches = own_switches();
        const bool excused = switches != switches_;
        switches_ = switches;
        if (excused) {
            ++left_out_;
            return;
        }
        ++beyond_bar_;
    }
    slices_.add(nanoseconds);
}

}  // namespace ajar::dataplane
