// Finding a tuple's slot in its partition.
#pragma once

#include "tracker/shard.hpp"
#include "tracker/tables.hpp"

namespace ajar::tracker {

template <typename Key>
bool stands_at(FamilyTables<Key>& tables, Slot slot, const Key& key, std::uint64_t hash) {
    if (slot.store() == Store::tombstone) return tables.tombstones.get(slot.index()).hash == hash;
    return tables.pool(slot.store()).entry(slot.index()).key == key;
}

/// The slot of `key`, of whichever store; Store::none if there is none.
template <typename Key>
Slot find_slot(FamilyTables<Key>& tables, const Key& key, std::uint64_t hash) {
    return tables.directory.find(hash, [&](Slot slot) { return stands_at(tables, slot, key, hash); });
}

/// The same, where an earlier stage has guessed at it. The guess is right if a flow of that key is there: a
/// place that was given back has no state, and one that was taken anew has another key.
template <typename Key>
Slot find_slot(FamilyTables<Key>& tables, const Key& key, std::uint64_t hash, Slot guess) {
    if (guess.store() == Store::confirmed || guess.store() == Store::embryonic) {
        const auto& entry = tables.pool(guess.store()).entry(guess.index());
        if (entry.key == key && entry.conn.state != TcpState::none) [[likely]]
            return guess;
    }
    return find_slot(tables, key, hash);
}

/// The flow that stands there. `hash`: of its key.
template <typename Key>
View<Key> view_of(FamilyTables<Key>& tables, Slot slot, std::uint64_t hash) {
    const auto& pool = tables.pool(slot.store());
    return {slot, hash, pool.entry(slot.index()), pool.record(slot.index())};
}
template <typename Key>
View<Key> view_of(const Shard& shard, FamilyTables<Key>& tables, Slot slot) {
    const auto& key = tables.pool(slot.store()).entry(slot.index()).key;
    return view_of(tables, slot, keyed_hash(key, shard.hash_key));
}

}  // namespace ajar::tracker
