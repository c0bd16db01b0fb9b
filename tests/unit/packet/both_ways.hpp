// One frame parsed as it comes, and by the general way: the same to the last byte?
#pragma once

#include <cstring>
#include <span>

#include "packet/parser.hpp"

namespace ajar {

/// What a packet left behind must not show in the next one, so each begins with the same noise.
inline Packet noisy_packet() {
    Packet p;
    std::memset(static_cast<void*>(&p), 0xa5, sizeof p);
    return p;
}

inline Packet parse_on_noise(std::span<const std::uint8_t> head, std::size_t wire_length,
                             const ParseOptions& options) {
    Packet p = noisy_packet();
    parse(head, static_cast<std::uint32_t>(wire_length), options, p);
    return p;
}

/// Bytes that stand for nothing are noise in both.
inline bool agree_both_ways(std::span<const std::uint8_t> head, std::size_t wire_length,
                            const ParseOptions& options) {
    const Packet one = parse_on_noise(head, wire_length, options);
    Packet two = noisy_packet();
    parser::step_by_step(head, std::max(wire_length, head.size()), options, two);
    return std::memcmp(&one, &two, sizeof one) == 0;
}

}  // namespace ajar
