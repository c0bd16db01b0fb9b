// How are the headers of a made segment written, as cheaply as they can be?
//
// A template of each direction is copied whole, then what differs is patched. Payload is not written: nobody
// reads it, for the source says that the checksums were found good, as a NIC does.
#pragma once

#include <rte_mbuf.h>

#include <array>
#include <cstdint>
#include <cstring>
#include <span>

#include "ajar/packet/byte_order.hpp"
#include "dataplane/bench/tuples.hpp"

namespace ajar::dataplane {

/// What a NIC says of a frame that it has looked into.
inline constexpr std::uint64_t kChecksumsGood = RTE_MBUF_F_RX_IP_CKSUM_GOOD | RTE_MBUF_F_RX_L4_CKSUM_GOOD;

struct Segment {
    std::uint32_t seq = 0, ack = 0;
    std::uint16_t payload = 0;
    std::uint8_t flags = 0;
};

class FrameWriter {
public:
    static constexpr std::uint16_t kFcs = 4;          ///< counted in a frame's size, never in a buffer
    static constexpr std::uint16_t kLongest = 1518;   ///< with FCS
    static constexpr std::size_t kHeaderBytes = 128;  ///< that a buffer must have room for

    /// The shortest frame, with FCS, that carries data.
    static constexpr std::uint16_t shortest(Family family) { return family == Family::ipv4 ? 64 : 84; }

    /// Data segments fill frames of `frame_bytes` (with FCS), from shortest() and `options` to kLongest. All
    /// segments carry `options`, whole words of them, at most 20 bytes.
    FrameWriter(Family family, std::uint16_t frame_bytes, std::span<const std::uint8_t> options = {});

    /// Payload of a data segment.
    [[nodiscard]] std::uint16_t payload() const { return payload_; }

    /// Writes what the client (side 0) or the server (side 1) of `tuple` sends. Returns the frame's length
    /// without FCS.
    std::uint16_t write(const Tuple& tuple, std::uint8_t side, const Segment& segment,
                        std::uint8_t* frame) const {
        const auto from = side == 0 ? tuple.client : tuple.server;
        const auto to = side == 0 ? tuple.server : tuple.client;
        const auto header = static_cast<std::uint16_t>(tcp_bytes_ + segment.payload);
        std::memcpy(frame, templates_[side].data(), 64);
        if (tcp_at_ + tcp_bytes_ > 64) std::memcpy(frame + 64, templates_[side].data() + 64, 64);
        if (family_ == Family::ipv4) {
            store_be16(frame + 16, static_cast<std::uint16_t>(20 + header));
            store_be32(frame + 26, from);
            store_be32(frame + 30, to);
        } else {
            store_be16(frame + 18, header);
            store_be32(frame + 34, from);
            store_be32(frame + 50, to);
        }
        std::uint8_t* const tcp = frame + tcp_at_;
        store_be16(tcp, side == 0 ? tuple.client_port : tuple.server_port);
        store_be16(tcp + 2, side == 0 ? tuple.server_port : tuple.client_port);
        store_be32(tcp + 4, segment.seq);
        store_be32(tcp + 8, segment.ack);
        tcp[13] = segment.flags;
        const auto whole = static_cast<std::uint16_t>(tcp_at_ + header);
        return whole < least_ ? least_ : whole;
    }

private:
    static constexpr std::uint16_t kTcpBytes = 20;

    Family family_;
    std::uint16_t tcp_at_, tcp_bytes_;
    std::uint16_t payload_;
    std::uint16_t least_;  // without FCS: behind a bare header there is room for a stamp (wire.cpp)
    alignas(64) std::array<std::array<std::uint8_t, kHeaderBytes>, 2> templates_{};
};

}  // namespace ajar::dataplane
