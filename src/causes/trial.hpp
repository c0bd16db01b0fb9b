// One attempt to connect, as the judgement of causes needs it: who, whom, what became of it.
#pragma once

#include <cstdint>

#include "ajar/event.hpp"
#include "ajar/flow/hash.hpp"
#include "causes/endpoint.hpp"

namespace ajar::causes {

struct Trial {
    std::uint64_t flow_id = 0;
    Time began{}, time{};  ///< `time`: when it ended
    Endpoint client;       ///< its address
    Endpoint server;       ///< its address and port
    Zone zone = 0;
    Attempt attempt = Attempt::none;
    // keyed hashes, by name(): looked up again and again
    std::uint64_t source = 0;   ///< of the client's address, IPv6: /64
    std::uint64_t service = 0;  ///< of the server's address and port
    std::uint64_t address = 0;  ///< of the server's address
};

inline CountKey key_of(CountKind kind, const Endpoint& end, Zone zone) {
    if (end.family == Family::ipv6) return count_key(kind, end.address, zone, be16::of(end.port));
    const auto& a = end.address;
    return count_key(kind, Ipv4Address{{a[0], a[1], a[2], a[3]}}, zone, be16::of(end.port));
}

/// Never 0, which is nobody's.
inline std::uint64_t name_of(const CountKey& key, const PreparedHashKey& secret) {
    const auto hash = keyed_hash(key, secret);
    return hash != 0 ? hash : 1;
}

inline void name(Trial& trial, const PreparedHashKey& secret) {
    trial.source = name_of(key_of(CountKind::source, trial.client, trial.zone), secret);
    trial.service = name_of(key_of(CountKind::service, trial.server, trial.zone), secret);
    trial.address = name_of(key_of(CountKind::destination, trial.server, trial.zone), secret);
}

inline Trial trial_of(const Event& event, const PreparedHashKey& secret) {
    Trial trial{.flow_id = event.flow_id,
                .began = event.begun(),
                .time = event.time,
                .client = client_of(event),
                .server = server_of(event),
                .zone = event.key.zone,
                .attempt = event.attempt};
    name(trial, secret);
    return trial;
}

}  // namespace ajar::causes
