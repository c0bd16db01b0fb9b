// From an mbuf to a Packet that the tracker can judge: head, parse, checksum, partition.
#pragma once

#include <rte_mbuf.h>

#include <cstdint>

#include "ajar/packet/packet.hpp"
#include "ajar/policy/policy.hpp"
#include "dataplane/frame.hpp"
#include "dataplane/wiring.hpp"

namespace ajar::dataplane {

/// Where a parsed frame goes next.
enum class Route : std::uint8_t {
    here,      ///< this lane judges it
    fragment,  ///< to the fragment holder of lane `owner`
    owner,     ///< lane `owner` judges it
};

struct Routed {
    Route route = Route::here;
    std::uint32_t owner = 0;
};

/// Fills everything of `out` but time and ordinal. `wire_length` is the frame's own, where a capture cut it.
void read_frame(const rte_mbuf* m, std::uint32_t wire_length, const PortState& port, const Wiring& wiring,
                const Policy& policy, Scratch& scratch, Packet& out);

/// Frames without a flow are judged where they arrive.
inline Routed route(const Packet& packet, const Wiring& wiring) {
    switch (packet.kind) {
        case PacketKind::tcp:
        case PacketKind::icmp_error:
            return {Route::owner, wiring.owner[packet.partition]};
        case PacketKind::fragment:
            return {Route::fragment, wiring.owner[packet.partition]};
        default:
            return {Route::here, 0};
    }
}

}  // namespace ajar::dataplane
