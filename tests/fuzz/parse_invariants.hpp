// What must hold of any packet that the parser made, whatever the bytes were.
#pragma once

#include <cstdio>
#include <cstdlib>
#include <tuple>

#include "ajar/packet/packet.hpp"

#define AJAR_REQUIRE(condition)                                      \
    do {                                                             \
        if (!(condition)) {                                          \
            std::fprintf(stderr, "does not hold: %s\n", #condition); \
            std::abort();                                            \
        }                                                            \
    } while (false)

namespace ajar::fuzz {

inline void require_reason_fits_kind(const Packet& p) {
    const auto f = fate(p.reason);
    AJAR_REQUIRE((p.kind == PacketKind::pass) == (f == Fate::pass));
    AJAR_REQUIRE((p.kind == PacketKind::refused) == (f == Fate::refuse));
    const bool keyed = p.kind != PacketKind::pass && p.kind != PacketKind::refused;
    AJAR_REQUIRE(keyed == (p.reason == Reason::none));
}

inline const auto& bytes_of(const Ipv4Address& a) { return a.bytes; }
inline const auto& bytes_of(const Ipv6Address& a) { return a; }

/// Canonical order, so that the reverse direction has the same key. Only a fragment, which has no ports, may
/// have two equal ends.
template <typename Key>
void require_canonical(const Key& key, bool may_be_equal) {
    const auto end = [&](std::size_t i) { return std::tuple(bytes_of(key.address[i]), key.port[i].bytes); };
    AJAR_REQUIRE(end(0) < end(1) || (may_be_equal && end(0) == end(1)));
}

inline void require_key(const Packet& p) {
    AJAR_REQUIRE(p.side <= 1);
    const bool may_be_equal = p.kind == PacketKind::fragment;
    if (p.family == Family::ipv4) {
        require_canonical(p.v4, may_be_equal);
    } else {
        require_canonical(p.v6, may_be_equal);
    }
}

/// Offsets point into what was readable, lengths stay within the frame.
inline void require_offsets(const Packet& p, std::size_t head, std::size_t wire_length) {
    AJAR_REQUIRE(p.wire_length == wire_length);
    AJAR_REQUIRE(p.link_length <= p.l3_offset && p.l3_offset <= head);
    if (p.kind == PacketKind::pass || p.kind == PacketKind::refused) return;
    AJAR_REQUIRE(p.l3_offset < p.l4_offset && p.l4_offset <= head);
    AJAR_REQUIRE(std::size_t{p.l3_offset} + p.ip_length <= wire_length);
    if (p.kind == PacketKind::fragment) {
        AJAR_REQUIRE(p.payload > 0 && p.fragment_offset % 8 == 0);
        AJAR_REQUIRE(std::size_t{p.l4_offset} + p.payload <= std::size_t{p.l3_offset} + p.ip_length);
        AJAR_REQUIRE(std::size_t{p.fragment_offset} + p.payload <= 0xffff);
    }
    if (p.kind == PacketKind::tcp) {
        const auto header = (p.frame[p.l4_offset + 12] >> 4U) * std::size_t{4};
        AJAR_REQUIRE(header >= 20 && p.l4_offset + header <= head);
        AJAR_REQUIRE(p.l4_offset + header + p.payload == std::size_t{p.l3_offset} + p.ip_length);
        AJAR_REQUIRE(p.options.window_scale <= 14);
    }
}

}  // namespace ajar::fuzz
