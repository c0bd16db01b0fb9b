// How a lane gets rid of frames: out of a port, over a ring to the lane that has the port's queue, or freed
// under a Reason.
#pragma once

#include <rte_mbuf.h>

#include <array>
#include <vector>

#include "ajar/reason.hpp"
#include "ajar/tracker.hpp"
#include "dataplane/wiring.hpp"

namespace ajar::dataplane {

/// What stands in rte_mbuf::port of a frame of our own: it came in nowhere.
inline constexpr std::uint16_t kOwnFrame = RTE_MBUF_PORT_INVALID;

class Egress {
public:
    Egress(Wiring& wiring, std::uint32_t lane);

    /// Sends a frame out of port `index`, in time. Takes the frame.
    void send(std::uint16_t index, rte_mbuf* m) {
        Out& out = outs_[index];
        if (out.ring != nullptr) return push(out, index, m);
        out.frames[out.waiting++] = m;
        if (out.waiting == kBurst) flush(out, index);
    }
    /// For a frame of our own that is to leave by port `index`; null where the pool is empty.
    rte_mbuf* take_buffer(std::uint16_t index);
    /// A frame of our own that was to leave by port `index` cannot.
    void lose_own(std::uint16_t index, Reason reason);
    /// Frees a frame that goes nowhere.
    void dispose(rte_mbuf* m, Reason reason);
    /// Hands all that waits to the ports.
    void flush();
    /// Sends what other lanes want sent by this one. True if there was something.
    bool relay();
    /// From now on a ring, a port or a pool without room is waited for, as long as there is some now and
    /// then, half a minute at most: when all flows end at once, their resets are more than any of these
    /// holds.
    void wait_for_room();

private:
    struct Out {
        SendRing* ring = nullptr;  ///< to the sender; null: this lane has a queue
        std::uint16_t queue = 0;
        std::uint32_t waiting = 0;
        std::uint32_t sender = 0;
        bool stuck = false;  ///< was waited for in vain
        std::array<rte_mbuf*, kBurst> frames{};
    };
    /// Frees a frame that was on its way out of port `index`.
    void lose(std::uint16_t index, rte_mbuf* m, Reason reason);
    void push(Out& out, std::uint16_t index, rte_mbuf* m);
    void flush(Out& out, std::uint16_t index);
    std::uint16_t transmit(Out& out, const PortState& port);
    /// Cycles of Wiring::port_patience_ms.
    [[nodiscard]] std::uint64_t for_port() const;
    template <typename Attempt>
    bool wait(bool& stuck, std::uint64_t patience, Attempt attempt);

    Wiring& wiring_;
    Tally& tally_;
    std::vector<Out> outs_;            // by port
    std::vector<SendRing*> incoming_;  // from lanes without a queue
    std::uint64_t give_up_ = 0;        // TSC; 0: nothing is waited for
    bool starved_ = false;             // of buffers: waited for in vain
};

}  // namespace ajar::dataplane
