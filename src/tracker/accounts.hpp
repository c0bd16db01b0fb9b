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
std::uint64_t source_hash(const Shard& shard, const Key& key, Side client) {
    return keyed_hash(count_key(CountKind::source, key.address[client], key.zone), shard.count_hash_key);
}

/// Flows that began with a SYN count; what was picked up is no handshake.
inline bool is_half_open(const Conn& conn) { return !conn.mark(Conn::kMidStream); }

/// The names under which a half-open flow of `client` is counted, as hashes: a cache line of the sketch each.
template <typename Key>
std::array<std::uint64_t, 4> count_hashes(const Shard& shard, const Key& key, Side client) {
    const Side server = other(client);
    const auto& to = key.address[server];
    const auto& from = key.address[client];
    return {service_hash(shard, key, server), source_hash(shard, key, client),
            keyed_hash(count_key(CountKind::destination, to, key.zone), shard.count_hash_key),
            keyed_hash(count_key(CountKind::network, from, key.zone), shard.count_hash_key)};
}

/// A flow will soon be counted, or no longer be: what that needs is fetched.
template <typename Key>
void expect_count(const Shard& shard, const Key& key, Side client) {
    for (const std::uint64_t hash : count_hashes(shard, key, client)) shard.half_open.prefetch(hash);
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

/// An embryonic flow has entered its store, or is about to leave it (`change` -1).
template <typename Key>
void count_half_open(Shard& shard, const Entry<Key>& entry, const Conn& conn, std::int32_t change);

/// The same flow after a step: it may have become one that counts, or its ends may have changed roles.
template <typename Key>
void recount_half_open(Shard& shard, const Entry<Key>& entry, const Conn& before, const Conn& now);

}  // namespace ajar::tracker
