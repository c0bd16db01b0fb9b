// One flow in the writer's hands: to be read where it stands, or as a copy to be changed.
#pragma once

#include <algorithm>
#include <memory>

#include "ajar/event.hpp"
#include "ajar/flow/directory.hpp"
#include "ajar/flow/entry.hpp"
#include "ajar/flow/pool.hpp"
#include "ajar/flow/seq_copy.hpp"
#include "ajar/packet/packet.hpp"
#include "ajar/tcp/machine.hpp"

namespace ajar::tracker {

/// What stands in a store, or in a Work, until that is written again.
template <typename Key>
struct View {
    Slot slot;
    std::uint64_t hash;
    const Entry<Key>& entry;
    const Record* record;  ///< null where none is kept

    [[nodiscard]] std::uint32_t birth() const { return entry.warm.birth_ordinal; }
    [[nodiscard]] const Conn& conn() const { return entry.conn; }
};

/// Marks of a flow that has an aside.
inline constexpr std::uint8_t kAsideMarks = Conn::kIgnoredSyn | Conn::kChallengeAck;

/// The writer's own copy. Most flows have no record, and nothing is written to the place of theirs.
template <typename Key>
struct Work {
    /// Of a flow that is about to begin.
    Work(std::uint64_t its_hash, bool has_record) : hash(its_hash), recorded(has_record) {
        if (recorded) std::construct_at(&record);
    }
    Work(Pool<Key>& pool, Slot its_slot, std::uint64_t its_hash) : slot(its_slot), hash(its_hash) {
        const Entry<Key>& stored = pool.entry(slot.index());
        detail::load_words(before, stored.conn);
        detail::load_words(entry, stored);
        const Record* const its_record = pool.record(slot.index());
        recorded = its_record != nullptr;
        if (recorded) std::construct_at(&record, *its_record);
        if (conn().mark(kAsideMarks) && !pool.asides().get(slot.index(), aside)) [[unlikely]]
            forget_aside();
    }

    Slot slot{};
    std::uint64_t hash;
    Conn before{};  ///< as it was loaded
    Entry<Key> entry{};
    Aside aside{};
    union {
        Record record;
    };
    bool recorded;  ///< `record` counts

    [[nodiscard]] tcp::Flow flow() { return {entry.conn, entry.warm, aside}; }
    [[nodiscard]] record::Flow record_flow() { return {entry.conn, entry.warm, record}; }
    [[nodiscard]] std::uint32_t birth() const { return entry.warm.birth_ordinal; }
    [[nodiscard]] Conn& conn() { return entry.conn; }
    void forget_aside() {
        before.clear_mark(kAsideMarks);
        conn().clear_mark(kAsideMarks);
    }
    [[nodiscard]] View<Key> view() const { return {slot, hash, entry, recorded ? &record : nullptr}; }
};

/// Of the ordinal of a flow's first packet, as much as the flow keeps: it tells flows of one tuple apart.
inline std::uint32_t birth_of(const Packet& packet) { return static_cast<std::uint32_t>(packet.ordinal); }

/// From where each side speaks.
inline std::array<std::uint8_t, 2> ports_of(const Warm& warm) {
    return {warm.sent[0].port, warm.sent[1].port};
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
inline void widen(const KeyV6& key, KeyV6& out) { out = key; }
inline void widen(const KeyV4& key, KeyV6& out) {
    out.address = {};
    for (std::size_t s = 0; s < 2; ++s)
        std::copy(key.address[s].bytes.begin(), key.address[s].bytes.end(), out.address[s].begin());
    out.port = key.port;
    out.zone = key.zone;
}
template <typename Key>
KeyV6 wide(const Key& key) {
    KeyV6 out;
    widen(key, out);
    return out;
}

}  // namespace ajar::tracker
