// How long does a worker stay away from its ports when there is nothing but background work to do? Seen from
// outside: by rx callbacks, which are told of every poll.
#pragma once

#include <cstdint>

#include "dataplane/bench/histogram.hpp"
#include "dataplane/bench/report.hpp"
#include "dataplane/wiring.hpp"

struct rte_eth_rxtx_callback;
struct rte_mbuf;

namespace ajar::dataplane {

/// Of a worker that polls queue 0 of port a and then of port b; it may be polling when the watch begins.
/// Outlives the lanes, is detached or goes while the ports are open, and is read while the worker rests.
/// Between two polls of port a with no frame from either port lies one round's timers, and little else.
class SliceWatch {
public:
    explicit SliceWatch(const Wiring& wiring);
    ~SliceWatch() { detach(); }
    SliceWatch(const SliceWatch&) = delete;
    SliceWatch& operator=(const SliceWatch&) = delete;
    /// Once is enough.
    void detach();

    [[nodiscard]] const Histogram& nanoseconds() const { return slices_; }
    /// Longer than kBar, but the thread was pushed off its CPU meanwhile.
    [[nodiscard]] std::uint64_t left_out() const { return left_out_; }
    [[nodiscard]] std::uint64_t beyond_bar() const { return beyond_bar_; }
    /// All of it, for a row.
    void add_figures(Row& row) const;

    static constexpr std::uint64_t kBar = 5000;  ///< ns

private:
    static std::uint16_t at_a(std::uint16_t port, std::uint16_t queue, rte_mbuf* frames[], std::uint16_t n,
                              std::uint16_t most, void* watch);
    static std::uint16_t at_b(std::uint16_t port, std::uint16_t queue, rte_mbuf* frames[], std::uint16_t n,
                              std::uint16_t most, void* watch);
    void note(std::uint64_t nanoseconds);

    std::uint16_t ports_[2];
    const rte_eth_rxtx_callback* callbacks_[2]{};
    double ns_per_cycle_;
    bool idle_ = false;
    std::uint64_t last_ = 0;  // cycles
    std::uint64_t switches_ = 0, left_out_ = 0, beyond_bar_ = 0;
    Histogram slices_;
};

/// Involuntary context switches of the calling thread so far.
std::uint64_t own_switches();

}  // namespace ajar::dataplane
