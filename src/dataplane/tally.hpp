// Where every frame went: what one lcore counts of its frames, so that the sums can be checked at exit.
//
// The law: received + crafted = transmitted + disposed. A frame is counted once on each side: when an rx
// burst (or the mempool, for a frame of our own) hands it to us, and when a tx burst takes it or it is freed
// under a Reason. A frame that waits in a ring or in the fragment holder is on the left side only; at exit
// there is none.
#pragma once

#include <array>
#include <bit>
#include <cstdint>
#include <deque>
#include <vector>

#include "ajar/counters.hpp"
#include "ajar/reason.hpp"

namespace ajar::dataplane {

/// Of one port, by one lcore.
struct PortTally {
    Counter received, received_bytes;
    Counter transmitted, transmitted_bytes;
    Counter crafted;          ///< frames of our own made for it
    Counter crafted_dropped;  ///< of them, those that did not leave
    Counter tx_failed;        ///< of the frames disposed of: the port took them not
    Counter dropped;          ///< of the frames received here: dropped under any Reason
};

/// Bursts by the packets in them: 1, 2-3, 4-7, 8-15, 16-31, 32-63, 64.
inline constexpr std::size_t kBurstSizes = 7;
constexpr std::size_t burst_size_band(std::uint16_t packets) {
    return static_cast<std::size_t>(std::bit_width(packets)) - 1;
}

/// Of one rx queue, by the lcore that polls it. A line of its own: only bursts write it.
struct alignas(64) QueueTally {
    QueueTally(std::uint16_t p, std::uint16_t q) : port(p), queue(q) {}

    std::uint16_t port;  ///< index
    std::uint16_t queue;
    Counter packets;
    std::array<Counter, kBurstSizes> bursts;

    void count(std::uint16_t n) {
        packets.add(n);
        bursts[burst_size_band(n)].add();
    }
};

/// Written by its lcore alone, read by anyone.
struct alignas(64) Tally {
    explicit Tally(std::size_t ports, std::size_t lanes) : port(ports), ring_full(lanes) {}

    std::vector<PortTally> port;
    std::deque<QueueTally> queue;                ///< those that it polls; all are there before it runs
    std::array<Counter, kReasonCount> disposed;  ///< frames freed, by Reason (fates drop, consume and others)
    std::vector<Counter> ring_full;              ///< of them, by the lane whose ring was full
    Counter handed_over, taken_over;             ///< packets through hand-off rings
    Counter held;                                ///< buffers of fragments in the holder
    Counter rounds, idle_rounds;
    Counter busy_cycles, idle_cycles;  ///< TSC, of rounds with and without work; none with the packet clock
    Counter watched_lost;              ///< copies of packets of flagged flows that found their ring full
    Counter orders;                    ///< of operators, carried out
};

/// The sum of several tallies at one moment.
struct FrameSums {
    std::uint64_t received = 0, received_bytes = 0, crafted = 0, transmitted = 0, transmitted_bytes = 0,
                  disposed = 0, held = 0, handed_over = 0;
    std::array<std::uint64_t, kReasonCount> by_reason{};

    void add(const Tally& tally);
    /// Frames that are neither sent nor freed. 0 once everything has stopped.
    [[nodiscard]] std::int64_t missing() const {
        return static_cast<std::int64_t>(received + crafted) -
               static_cast<std::int64_t>(transmitted + disposed);
    }
};

}  // namespace ajar::dataplane
