// How IP headers and checksums are written: shared by crafted frames and by the frame builder.
#pragma once

#include <cstring>
#include <span>

#include "ajar/packet/checksum.hpp"
#include "ajar/packet/packet.hpp"
#include "packet/tcp_options.hpp"

namespace ajar::write {

inline constexpr std::size_t kIpv4Header = 20, kIpv6Header = 40, kTcpHeader = 20;
inline constexpr std::uint16_t kDontFragment = 0x4000, kMoreFragments = 0x2000;

struct Ipv4Fields {
    std::span<const std::uint8_t> source, destination;  ///< 4 bytes each
    std::span<const std::uint8_t> options;
    std::uint8_t tos, ttl, protocol;
    std::uint16_t id, place;  ///< place: flags and fragment offset as on the wire
    std::uint16_t total_length;
};

/// Writes 20 bytes and the options, checksum included.
inline void ipv4(std::uint8_t* out, const Ipv4Fields& f) {
    const auto length = kIpv4Header + f.options.size();
    out[0] = static_cast<std::uint8_t>(0x40U | (length / 4U));
    out[1] = f.tos;
    store_be16(out + 2, f.total_length);
    store_be16(out + 4, f.id);
    store_be16(out + 6, f.place);
    out[8] = f.ttl;
    out[9] = f.protocol;
    store_be16(out + 10, 0);
    std::memcpy(out + 12, f.source.data(), 4);
    std::memcpy(out + 16, f.destination.data(), 4);
    if (!f.options.empty()) std::memcpy(out + kIpv4Header, f.options.data(), f.options.size());
    store_be16(out + 10, checksum::Sum().add({out, length}).checksum());
}

struct Ipv6Fields {
    std::span<const std::uint8_t> source, destination;  ///< 16 bytes each
    std::uint8_t tos, ttl, next;
    std::uint32_t flow_label;
    std::uint16_t payload_length;
};

/// Writes 40 bytes.
inline void ipv6(std::uint8_t* out, const Ipv6Fields& f) {
    store_be32(out, 0x60000000U | (std::uint32_t{f.tos} << 20U) | (f.flow_label & 0xfffffU));
    store_be16(out + 4, f.payload_length);
    out[6] = f.next;
    out[7] = f.ttl;
    std::memcpy(out + 8, f.source.data(), 16);
    std::memcpy(out + 24, f.destination.data(), 16);
}

/// The fixed TCP header; `length` is the whole header's, options included. The checksum stays 0.
inline void tcp(std::uint8_t* out, std::uint16_t source_port, std::uint16_t destination_port,
                std::uint32_t seq, std::uint32_t ack, TcpFlags flags, std::uint16_t window,
                std::size_t length) {
    store_be16(out, source_port);
    store_be16(out + 2, destination_port);
    store_be32(out + 4, seq);
    store_be32(out + 8, ack);
    out[12] = static_cast<std::uint8_t>((length / 4U) << 4U);
    out[13] = flags.bits;
    store_be16(out + 14, window);
    store_be32(out + 16, 0);  // checksum, urgent pointer
}

/// MSS, SACK permitted, timestamps, window scale: those that are present, in the order and with the padding
/// of Linux's SYNs, so that timestamps stand at a multiple of four. Returns their length, a multiple of four
/// of at most 20.
inline std::size_t tcp_options(std::uint8_t* out, const TcpOptions& o) {
    using namespace parser::tcp_option;
    const bool sack = o.has(TcpOptions::kSackPermitted), stamps = o.has(TcpOptions::kTimestamps);
    auto* at = out;
    const auto put = [&at](auto... bytes) { ((*at++ = static_cast<std::uint8_t>(bytes)), ...); };
    if (o.has(TcpOptions::kMss)) put(kMss, 4, o.mss >> 8U, o.mss & 0xffU);
    if (sack && stamps) put(kSackPermitted, 2);
    if (sack && !stamps) put(kNop, kNop, kSackPermitted, 2);
    if (stamps) {
        if (!sack) put(kNop, kNop);
        put(kTimestamps, 10);
        store_be32(at, o.ts_value);
        store_be32(at + 4, o.ts_echo);
        at += 8;
    }
    if (o.has(TcpOptions::kWindowScale)) put(kNop, kWindowScale, 3, o.window_scale);
    return static_cast<std::size_t>(at - out);
}

}  // namespace ajar::write
