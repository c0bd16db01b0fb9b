// Counting half-open flows, and those that begin, under their names.
#include "tracker/accounts.hpp"

namespace ajar::tracker {

template <typename Key>
void count_birth(Shard& shard, const Key& key, Side client) {
    const Side server = other(client);
    if (shard.counts_births) shard.births.shift(service_hash(shard, key, server), +1);
    if (const ServiceId id = counted_service(shard, key, server)) shard.service_counts.count_birth(id);
}

template <typename Key>
void count_proven(Shard& shard, const Key& key, Side client) {
    if (shard.counts_proven) shard.births.shift(source_hash(shard, key, client), +1);
}

template <typename Key>
void count_half_open(Shard& shard, const Entry<Key>& entry, const Conn& conn, std::int32_t change) {
    if (!is_half_open(conn)) return;
    const Key& key = entry.key;
    const Side client = conn.originator(), server = other(client);
    count_server(shard, key, server, change);
    for (const std::uint64_t hash : {source_hash(shard, key, client), network_hash(shard, key, client)})
        shard.half_open.add(hash, change);
    if (change > 0) {
        shard.counters.half_open.add();
    } else {
        shard.counters.half_open.sub();
    }
    const ServiceId id = counted_service(shard, key, server);
    if (id != 0 && entry.warm.first() >= shard.services_since)
        shard.service_counts.shift_half_open(id, change);
}

template <typename Key>
void recount_half_open(Shard& shard, const Entry<Key>& entry, const Conn& before, const Conn& now) {
    if (is_half_open(before) == is_half_open(now) && before.originator() == now.originator()) [[likely]]
        return;
    count_half_open(shard, entry, before, -1);
    count_half_open(shard, entry, now, +1);
}

#define AJAR_INSTANTIATE(Key)                                                            \
    template void count_birth(Shard&, const Key&, Side);                                 \
    template void count_proven(Shard&, const Key&, Side);                                \
    template void count_half_open(Shard&, const Entry<Key>&, const Conn&, std::int32_t); \
    template void recount_half_open(Shard&, const Entry<Key>&, const Conn&, const Conn&);
AJAR_INSTANTIATE(KeyV4)
AJAR_INSTANTIATE(KeyV6)
#undef AJAR_INSTANTIATE

}  // namespace ajar::tracker
