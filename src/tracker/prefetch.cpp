// The stages before a burst is judged. A wrong guess costs only the fetch.
#include "tracker/prefetch.hpp"

#include <array>

#include "tracker/accounts.hpp"

namespace ajar::tracker {
namespace {

template <typename Visit>
void at_door(const Shard& shard, const Packet& packet, Visit&& visit) {
    if (packet.kind != PacketKind::tcp) return;
    if (packet.family == Family::ipv4) {
        visit(shard.doors_v4[packet.partition]);
    } else {
        visit(shard.doors_v6[packet.partition]);
    }
}

/// A confirmed flow's lines are found from the door; with a record, and for others, the stores are asked. A
/// flow in its handshake leaves its list, and perhaps moves to a place of its own.
template <typename Key>
void fetch_flow(const Shard& shard, const Packet& packet, const Door<Key>& door, Slot slot) {
    if (slot.store() == Store::confirmed && shard.recording == Recording::off) [[likely]] {
        prefetch_lines(door.confirmed[slot.index()]);
    } else if (slot.store() == Store::confirmed) {
        shard.partitions[packet.partition]->tables<Key>().confirmed.prefetch(slot.index());
    } else if (slot.store() == Store::embryonic) {
        const auto& tables = shard.partitions[packet.partition]->tables<Key>();
        tables.embryonic.prefetch(slot.index());
        tables.births.prefetch(slot.index());
        tables.confirmed.prefetch_next();
    }
}

/// A SYN that seems to find no flow will begin one, or be challenged.
void expect_birth(const Shard& shard, const Packet& packet) {
    if (shard.challenges) shard.partitions[packet.partition]->challenges.prefetch(packet.hash);
    if (packet.family == Family::ipv4) {
        expect_count(shard, packet.v4, packet.side);
    } else {
        expect_count(shard, packet.v6, packet.side);
    }
}

/// Is the second line to be asked?
bool approach_by_first(const Shard& shard, const Packet& packet, Slot& guess) {
    bool open = false;
    guess = Slot{};
    at_door(shard, packet, [&](const auto& door) {
        guess = door.buckets.hint(packet.hash);
        fetch_flow(shard, packet, door, guess);
        open = !guess && door.buckets.asks_both(packet.hash);
        if (!guess && tcp::is_first_syn(packet.flags)) expect_birth(shard, packet);
    });
    return open;
}

/// Both lines of the directory are at hand: what stands in the second one moves to the first, if it can.
template <typename Key>
Slot approach_by_second(const Shard& shard, const Packet& packet, const Door<Key>& door) {
    const Slot slot = door.buckets.second_hint(packet.hash);
    if (!slot) return slot;
    fetch_flow(shard, packet, door, slot);
    shard.partitions[packet.partition]->tables<Key>().directory.bring_home(packet.hash);
    return slot;
}

}  // namespace

void expect(const Shard& shard, const Packet& packet) {
    at_door(shard, packet, [&](const auto& door) { door.buckets.prefetch(packet.hash); });
}

void approach(const Shard& shard, std::span<const Packet> burst, std::span<Slot> guesses) {
    std::array<std::uint32_t, kBurst> open;
    std::size_t opens = 0;
    for (std::uint32_t i = 0; i < burst.size(); ++i) {
        open[opens] = i;
        opens += approach_by_first(shard, burst[i], guesses[i]) ? 1U : 0U;
    }
    for (const auto i : std::span(open).first(opens)) {
        at_door(shard, burst[i],
                [&](const auto& door) { guesses[i] = approach_by_second(shard, burst[i], door); });
    }
}

}  // namespace ajar::tracker
