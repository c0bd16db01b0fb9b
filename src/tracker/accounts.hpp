// Who has how many half-open flows: destinations, services, sources, and the sources' networks.
#pragma once

#include "ajar/flow/count_key.hpp"
#include "ajar/flow/hash.hpp"
#include "tracker/shard.hpp"
#include "tracker/terms.hpp"

namespace ajar::tracker {

/// Of a tuple whose `server` side is asked for a connection.
template <typename Key>
std::uint64_t service_hash(const Shard& shard, const Key& key, Side server) {
    return keyed_hash(count_key(CountKind::service, key.address[server], key.zone, key.port[server]),
                      shard.count_hash_key);
}
template <typename Key>
std::uint64_t destination_hash(const Shard& shard, const Key& key, Side server) {
    return keyed_hash(count_key(CountKind::destination, key.address[server], key.zone), shard.count_hash_key);
}
template <typename Key>
std::uint64_t source_hash(const Shard& shard, const Key& key, Side client) {
    return keyed_hash(count_key(CountKind::source, key.address[client], key.zone), shard.count_hash_key);
}

template <typename Key>
std::uint64_t network_hash(const Shard& shard, const Key& key, Side client) {
    return keyed_hash(count_key(CountKind::network, key.address[client], key.zone), shard.count_hash_key);
}

/// Flows that began with a SYN count; what was picked up is no handshake. One that a RST has closed waits for
/// nobody: a scan of closed ports is no flood.
inline bool is_half_open(const Conn& conn) {
    return !conn.mark(Conn::kMidStream) && conn.state != TcpState::close;
}

/// What was counted for a server reaches the sketch.
inline void settle_counts(Shard& shard) {
    ServerCount& counted = shard.counted;
    if (counted.change == 0) return;
    shard.half_open.add(counted.service_hash, counted.change);
    shard.half_open.add(counted.destination_hash, counted.change);
    counted.change = 0;
}

/// A half-open flow begins (+1) or ends (-1) to ask for `server`.
template <typename Key>
void count_server(Shard& shard, const Key& key, Side server, std::int32_t change) {
    ServerCount& counted = shard.counted;
    const auto& address = key.address[server];
    const CountKey service = count_key(CountKind::service, address, key.zone, key.port[server]);
    if (!(service == counted.service)) {
        settle_counts(shard);
        counted = {service, keyed_hash(service, shard.count_hash_key), destination_hash(shard, key, server),
                   0};
    }
    counted.change += change;
}

/// A flow will soon be counted, or no longer be: what that needs is fetched. Where a flood strikes, its
/// target is at hand, and its sources are not.
template <typename Key>
void expect_count(const Shard& shard, const Key& key, Side client) {
    shard.half_open.prefetch(source_hash(shard, key, client));
    shard.half_open.prefetch(network_hash(shard, key, client));
}

/// The service that is asked for, if it is one whose marks are its own. 0: none.
template <typename Key>
ServiceId counted_service(const Shard& shard, const Key& key, Side server) {
    const ServiceId id = service_at(shard, key, server);
    return id != 0 && (*shard.policy->services)[id].counted ? id : ServiceId{0};
}

/// A connection begins: with a SYN that is tracked, or a cookie that was accepted.
template <typename Key>
void count_birth(Shard& shard, const Key& key, Side client);

/// Its client has shown that it is where it says: by the handshake's last ACK, or a cookie's. Only then does
/// it count for a source's rate: who forges a source's SYNs is not to have it blocked.
template <typename Key>
void count_proven(Shard& shard, const Key& key, Side client);

/// An embryonic flow has entered its store, or is about to leave it (`change` -1).
template <typename Key>
void count_half_open(Shard& shard, const Entry<Key>& entry, const Conn& conn, std::int32_t change);

/// The same flow after a step: it may have become one that counts, or its ends may have changed roles.
template <typename Key>
void recount_half_open(Shard& shard, const Entry<Key>& entry, const Conn& before, const Conn& now);

}  // namespace ajar::tracker
