// Finding a tuple's slot in its partition.
#pragma once

#include "tracker/tables.hpp"

namespace ajar::tracker {

template <typename Key>
const Key& key_at(FamilyTables<Key>& tables, Slot slot) {
    if (slot.store() == Store::tombstone) return tables.tombstones.get(slot.index()).key;
    return tables.pool(slot.store()).entry(slot.index()).key;
}

/// The slot of `key`, of whichever store; Store::none if there is none.
template <typename Key>
Slot find_slot(FamilyTables<Key>& tables, const Key& key, std::uint64_t hash) {
    return tables.directory.find(hash, [&](Slot slot) { return key_at(tables, slot) == key; });
}

}  // namespace ajar::tracker
