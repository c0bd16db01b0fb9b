// Whether a frame's checksums hold: what the hardware says first, then the sum itself.
#pragma once

#include <rte_mbuf.h>

#include <optional>

#include "ajar/packet/packet.hpp"
#include "ajar/policy/policy.hpp"

namespace ajar::dataplane {

/// Must the parser sum up the IPv4 header? Not where the hardware found it right.
inline bool must_verify_ip(const rte_mbuf* m, ChecksumPolicy policy) {
    return policy == ChecksumPolicy::verify &&
           (m->ol_flags & RTE_MBUF_F_RX_IP_CKSUM_MASK) != RTE_MBUF_F_RX_IP_CKSUM_GOOD;
}

/// Of the TCP checksum of a packet of kind tcp; `unknown` for other kinds, and where the segment is not whole
/// in this frame. The hardware speaks of the outermost headers only, and where it says "bad" the sum decides.
Checksum verify_tcp(const rte_mbuf* m, const Packet& packet);

/// As checksum::piece_sum(), over the frame's segments.
std::optional<std::uint16_t> piece_sum(const rte_mbuf* m, const Packet& fragment);

}  // namespace ajar::dataplane
