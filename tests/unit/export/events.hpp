// Events to write: a flow of 10.0.0.1:40000 to 192.0.2.7:80, or of its IPv6 sisters.
#pragma once

#include "ajar/event.hpp"

namespace ajar::exporting {

inline Ipv6Address v4(std::uint8_t a, std::uint8_t b, std::uint8_t c, std::uint8_t d) { return {a, b, c, d}; }

/// The originator is the key's second endpoint, so that an index taken for granted shows.
inline Event stale_syn_recv() {
    Event e;
    e.time = Time(std::chrono::seconds(1'700'000'060)) + std::chrono::nanoseconds(123'456'789);
    e.kind = EventKind::evicted;
    e.reason = Reason::stale_syn_recv;
    e.cause = Cause::embryonic_stale;
    e.action = Action::evict_reset;
    e.mode = Mode::enforce;
    e.state = TcpState::syn_recv;
    e.timer = TimerClass::syn_recv;
    e.timeout = std::chrono::seconds(60);
    e.attempt = Attempt::abandoned;
    e.generation = 3;
    e.flow_id = 0xfedcba9876543210ULL;
    e.key.address = {v4(192, 0, 2, 7), v4(10, 0, 0, 1)};
    e.key.port = {be16::of(80), be16::of(40000)};
    e.key.zone = zone_of(1, 0, 0);
    e.recorded = true;
    e.record.set_originator(1);
    e.conn.set_flag(Conn::kAckSeen, 0);
    e.conn.ends[0].max_ack = 1001;
    e.record.first_ns = 1'700'000'000'000'000'000;
    e.record.last_ns = 1'700'000'001'500'000'000;
    e.warm.sent[0].packets = 2;
    e.warm.sent[1].packets = 3;
    e.warm.sent[0].ip_bytes = 120;
    e.warm.sent[1].ip_bytes = 180;
    e.record.history = {'S', 'h'};
    e.record.history_length = 2;
    return e;
}

}  // namespace ajar::exporting
