// The writer's own copy of one flow, and where it came from.
#pragma once

#include <algorithm>

#include "ajar/event.hpp"
#include "ajar/flow/directory.hpp"
#include "ajar/flow/entry.hpp"
#include "ajar/flow/pool.hpp"
#include "ajar/flow/seq_copy.hpp"
#include "ajar/packet/packet.hpp"
#include "ajar/tcp/machine.hpp"

namespace ajar::tracker {

template <typename Key>
struct Work {
    Slot slot{};
    std::uint64_t hash = 0;
    Entry<Key> entry{};
    Cold cold{};

    [[nodiscard]] tcp::Flow flow() { return {entry.conn, entry.warm, cold}; }
    [[nodiscard]] Conn& conn() { return entry.conn; }
};

template <typename Key>
void load(Pool<Key>& pool, Slot slot, std::uint64_t hash, Work<Key>& work) {
    work.slot = slot;
    work.hash = hash;
    work.entry = pool.entry(slot.index());
    work.cold = pool.cold(slot.index());
}

template <typename Key>
void store(Pool<Key>& pool, const Work<Key>& work) {
    publish(pool.entry(work.slot.index()), pool.cold(work.slot.index()), work.entry, work.cold);
}

inline const KeyV4& key_of(const Packet& packet, const KeyV4*) { return packet.v4; }
inline const KeyV6& key_of(const Packet& packet, const KeyV6*) { return packet.v6; }
template <typename Key>
const Key& key_of(const Packet& packet) {
    return key_of(packet, static_cast<const Key*>(nullptr));
}

template <typename Key>
inline constexpr Family kFamilyOf = std::is_same_v<Key, KeyV4> ? Family::ipv4 : Family::ipv6;

/// A key of either family in the wide form of events: an IPv4 address in the first four bytes.
inline KeyV6 wide(const KeyV6& key) { return key; }
inline KeyV6 wide(const KeyV4& key) {
    KeyV6 out{};
    for (std::size_t s = 0; s < 2; ++s)
        std::copy(key.address[s].bytes.begin(), key.address[s].bytes.end(), out.address[s].begin());
    out.port = key.port;
    out.zone = key.zone;
    return out;
}

}  // namespace ajar::tracker
