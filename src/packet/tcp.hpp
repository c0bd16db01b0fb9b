// The TCP header and its options (RFC 9293 3.1, RFC 7323, RFC 2018, RFC 7413): the last step of the hot path.
#pragma once

#include "packet/endpoints.hpp"
#include "packet/parser.hpp"
#include "packet/tcp_options.hpp"

namespace ajar::parser {

inline void read_timestamps(TcpOptions& options, const std::uint8_t* value) {
    options.present |= TcpOptions::kTimestamps;
    options.ts_value = load_be32(value);
    options.ts_echo = load_be32(value + 4);
}

/// Keeps the serial maximum (RFC 1982) of the blocks' right edges.
inline void read_sack(TcpOptions& options, const std::uint8_t* value, std::size_t length) {
    for (std::size_t i = 0; i + 8 <= length; i += 8) {
        const auto right = load_be32(value + i + 4);
        const bool first = !options.has(TcpOptions::kSack);
        if (first || static_cast<std::int32_t>(right - options.sack_right) > 0) options.sack_right = right;
        options.present |= TcpOptions::kSack;
    }
}

/// What concerns the ends alone: a signature over the header (RFC 2385, RFC 5925), or a further path of a
/// connection that only its server knows (RFC 8684 3.2).
inline std::uint8_t end_to_end(std::uint8_t kind, const std::uint8_t* value, std::size_t length) {
    constexpr unsigned kJoin = 1;
    if (kind == tcp_option::kSignature || kind == tcp_option::kAuthentication)
        return TcpOptions::kEndToEnd | TcpOptions::kSigned;
    const bool joins = kind == tcp_option::kMultipath && length != 0 && value[0] >> 4U == kJoin;
    return joins ? TcpOptions::kEndToEnd : std::uint8_t{0};
}

/// One option with its kind, its value and the value's length. A known kind with a foreign length is ignored,
/// as end hosts do.
inline void read_option(TcpOptions& options, std::uint8_t kind, const std::uint8_t* value,
                        std::size_t length) {
    if (kind == tcp_option::kTimestamps && length == 8) {
        read_timestamps(options, value);
    } else if (kind == tcp_option::kMss && length == 2) {
        options.present |= TcpOptions::kMss;
        options.mss = load_be16(value);
    } else if (kind == tcp_option::kWindowScale && length == 1) {
        options.present |= TcpOptions::kWindowScale;
        options.window_scale = std::min(value[0], tcp_option::kMaxWindowScale);
    } else if (kind == tcp_option::kSackPermitted && length == 0) {
        options.present |= TcpOptions::kSackPermitted;
    } else if (kind == tcp_option::kSack) {
        read_sack(options, value, length);
    } else if (kind == tcp_option::kFastOpen) {
        options.present |= TcpOptions::kFastOpen;
    } else {
        options.present |= end_to_end(kind, value, length);
    }
}

/// False where an option's length is impossible.
inline bool read_options(TcpOptions& options, const std::uint8_t* bytes, std::size_t length) {
    if (are_aligned_timestamps(bytes, length)) {
        read_timestamps(options, bytes + 4);
        return true;
    }
    return for_each_option(bytes, length, [&](std::uint8_t kind, std::size_t at, std::size_t size) {
        read_option(options, kind, bytes + at, size);
    });
}

inline constexpr std::size_t kFixedHeader = 20;

/// A header of an impossible length, its fixed part readable.
Reason headless(Parser& p, Reason why);

inline Reason tcp(Parser& p) {
    constexpr std::size_t kFixed = kFixedHeader;
    if (!p.has(kFixed)) return Reason::truncated_tcp;
    const auto* h = p.here();
    const std::size_t length = (h[12] >> 4U) * 4U;
    if (length < kFixed || p.at + length > p.end) return headless(p, Reason::bad_tcp_offset);
    if (!p.has(length)) return headless(p, Reason::truncated_tcp);

    auto& out = p.out;
    out.l4_offset = static_cast<std::uint16_t>(p.at);
    out.seq = load_be32(h + 4);
    out.ack = load_be32(h + 8);
    out.flags.bits = h[13];
    out.window = load_be16(h + 14);
    out.payload = static_cast<std::uint32_t>(p.end - p.at - length);
    const bool sound = read_options(out.options, h + kFixed, length - kFixed);
    const Reason doubt = set_endpoints(p, load_be16(h), load_be16(h + 2));
    if (!sound && !p.options.lenient) return Reason::tcp_options_malformed;  // whose they are, is known
    out.kind = PacketKind::tcp;
    return p.options.lenient ? Reason::none : doubt;
}

}  // namespace ajar::parser
