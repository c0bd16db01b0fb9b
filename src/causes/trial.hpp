// One attempt to connect, as the judgement of causes needs it: who, whom, what became of it.
#pragma once

#include <cstdint>

#include "ajar/event.hpp"
#include "ajar/flow/count_key.hpp"
#include "causes/endpoint.hpp"

namespace ajar::causes {

struct Trial {
    std::uint64_t flow_id = 0;
    Time began{}, time{};  ///< `time`: when it ended
    Endpoint client;       ///< its address
    Endpoint server;       ///< its address and port
    Zone zone = 0;
    Attempt attempt = Attempt::none;
};

inline Trial trial_of(const Event& event) {
    return {event.flow_id,    event.begun(),  event.time,   client_of(event),
            server_of(event), event.key.zone, event.attempt};
}

inline CountKey key_of(CountKind kind, const Endpoint& end, Zone zone) {
    if (end.family == Family::ipv6) return count_key(kind, end.address, zone, be16::of(end.port));
    const auto& a = end.address;
    return count_key(kind, Ipv4Address{{a[0], a[1], a[2], a[3]}}, zone, be16::of(end.port));
}

}  // namespace ajar::causes
