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
    /// Frees a frame that goes nowhere.
    void dispose(rte_mbuf* m, Reason reason);
    /// Hands all that waits to the ports.
    void flush();
    /// Sends what other lanes want sent by this one. True if there was something.
    bool relay();

private:
    struct Out {
        SendRing* ring = nullptr;  ///< to the sender; null: this lane has a queue
        std::uint16_t queue = 0;
        std::uint32_t waiting = 0;
        std::uint32_t sender = 0;
        std::array<rte_mbuf*, kBurst> frames{};
    };
    /// Frees a frame that was on its way out of port `index`.
    void lose(std::uint16_t index, rte_mbuf* m, Reason reason);
    void push(Out& out, std::uint16_t index, rte_mbuf* m);
    void flush(Out& out, std::uint16_t index);

    Wiring& wiring_;
    Tally& tally_;
    std::vector<Out> outs_;            // by port
    std::vector<SendRing*> incoming_;  // from lanes without a queue
};

}  // namespace ajar::dataplane
