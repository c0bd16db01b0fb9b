// Attempts for tests: who, whom, what came of it.
#pragma once

#include "causes/trial.hpp"

namespace ajar::causes::test {

inline Endpoint endpoint(std::uint32_t address, std::uint16_t port = 0) {
    Endpoint e;
    store_be32(e.address.data(), address);
    e.port = port;
    return e;
}

inline constexpr std::uint32_t kClients = 0x0a000000, kServers = 0xc6120000;

/// Client n meets server m at a port, at some second.
inline Trial trial(std::uint32_t client, std::uint32_t server, std::uint16_t port, Attempt attempt,
                   double second = 0) {
    Trial t;
    t.time = Time(std::chrono::seconds(1'700'000'000)) +
             Duration(static_cast<std::int64_t>(second * 1'000'000'000));
    t.began = t.time;
    t.client = endpoint(kClients + client);
    t.server = endpoint(kServers + server, port);
    t.attempt = attempt;
    name(t, prepare(hash_key_from_seed(1)));
    return t;
}

}  // namespace ajar::causes::test
