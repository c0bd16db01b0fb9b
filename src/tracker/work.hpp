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
    Aside aside{};
    Record record{};
    bool recorded = false;  ///< `record` counts

    [[nodiscard]] tcp::Flow flow() { return {entry.conn, entry.warm, aside}; }
    [[nodiscard]] record::Flow record_flow() { return {entry.conn, entry.warm, record}; }
    [[nodiscard]] std::uint32_t birth() const { return entry.warm.birth_ordinal; }
    [[nodiscard]] Conn& conn() { return entry.conn; }
};

/// Of the ordinal of a flow's first packet, as much as the flow keeps: it tells flows of one tuple apart.
inline std::uint32_t birth_of(const Packet& packet) { return static_cast<std::uint32_t>(packet.ordinal); }

/// From where each side speaks.
inline std::array<std::uint8_t, 2> ports_of(const Warm& warm) {
    return {warm.sent[0].port, warm.sent[1].port};
}

/// Marks of a flow that has an aside.
inline constexpr std::uint8_t kAsideMarks = Conn::kIgnoredSyn | Conn::kChallengeAck;

template <typename Key>
void load(Pool<Key>& pool, Slot slot, std::uint64_t hash, Work<Key>& work) {
    const std::uint32_t index = slot.index();
    work.slot = slot;
    work.hash = hash;
    work.entry = pool.entry(index);
    const Record* const record = pool.record(index);
    work.recorded = record != nullptr;
    if (work.recorded) work.record = *record;
    if (work.conn().mark(kAsideMarks) && !pool.asides().get(index, work.aside)) [[unlikely]]
        work.conn().clear_mark(kAsideMarks);
}

template <typename Key>
void store(Pool<Key>& pool, const Work<Key>& work) {
    const std::uint32_t index = work.slot.index();
    publish(pool.entry(index), work.entry, pool.record(index), &work.record);
    if (work.entry.conn.mark(kAsideMarks)) [[unlikely]]
        pool.asides().put(index, work.aside);
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
