// How long is a frame on its way through the appliance? A source and a sink on an lcore of their own stamp
// each frame as it enters the ring of one port, and look as it leaves the ring of the other.
#pragma once

#include <rte_mbuf.h>

#include <cstdint>
#include <span>

#include "dataplane/bench/histogram.hpp"
#include "dataplane/bench/lcore_clocks.hpp"
#include "dataplane/bench/ring_ports.hpp"
#include "dataplane/bench/traffic.hpp"
#include "dataplane/pool.hpp"

namespace ajar::dataplane {

/// What one transmission of traffic showed. Times in nanoseconds.
struct Passage {
    std::uint64_t sent = 0, returned = 0;
    std::uint64_t answers_lost = 0;  ///< of the peers', for want of room
    double seconds = 0;
    Histogram latency;
    std::uint64_t kept = 0, left_out = 0;  ///< intervals of a millisecond
};

/// Hosts behind the ports whose frames are none of the traffic's.
class Peers {
public:
    virtual ~Peers() = default;
    Peers() = default;
    Peers(const Peers&) = delete;
    Peers& operator=(const Peers&) = delete;

    /// What becomes of a frame that reaches the hosts of `side`.
    struct Taken {
        bool theirs = false;
        std::uint16_t answer = 0;  ///< not 0: so many bytes stand in the frame's place, to go back
    };
    virtual Taken take(std::uint8_t side, std::span<std::uint8_t> frame) = 0;
};

class Wire {
public:
    /// The worker runs on lcore 0 of `clocks`, the wire on lcore 1.
    static Result<std::unique_ptr<Wire>> make(const RingPorts& ports, const LcoreClocks& clocks);

    /// No more than `under_way` frames at a time. Returns on the wire's lcore when the traffic has ended or
    /// the time is over, and what was sent has come back or is lost.
    struct Job {
        Wire* wire;
        Traffic* traffic;
        double seconds;
        std::uint64_t under_way;
        Peers* peers = nullptr;
        double patience = 2;  ///< seconds in which nothing comes back: then what has not is lost
        Passage passage{};
    };
    /// For rte_eal_remote_launch; takes a Job.
    static int run(void* job);

private:
    Wire(const RingPorts& ports, const LcoreClocks& clocks, Pool pool);

    void transmit(Job& job);
    void send(Job& job);
    bool receive(Job& job);
    unsigned serve(Job& job, std::uint8_t side, rte_mbuf** frames, unsigned n);
    void look_at_interval(Passage& passage, std::uint64_t now);
    void note(rte_mbuf* const* frames, unsigned n);

    const RingPorts& ports_;
    const LcoreClocks& clocks_;
    Pool pool_;
    double ns_per_cycle_;
    std::uint64_t cycles_per_interval_;

    Histogram interval_;
    std::uint64_t interval_end_ = 0;  // cycles
    std::uint64_t record_from_ = 0;   // cycles: the look at the last interval has delayed what came before
    std::uint64_t waited_ = 0;        // of both threads for their CPUs, at the begin of the interval
    int settling_ = 0;                // intervals that are still left out for what disturbed an earlier one
};

}  // namespace ajar::dataplane
