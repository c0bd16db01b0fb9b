// The stages before a burst is judged. A wrong guess costs only the fetch.
#include "tracker/prefetch.hpp"

#include <array>

namespace ajar::tracker {
namespace {

template <typename Visit>
void with_tables(const Shard& shard, const Packet& packet, Visit&& visit) {
    if (packet.kind != PacketKind::tcp) return;
    Partition& partition = *shard.partitions[packet.partition];
    if (packet.family == Family::ipv4) {
        visit(partition.v4);
    } else {
        visit(partition.v6);
    }
}

template <typename Key>
void fetch_flow(FamilyTables<Key>& tables, Slot slot) {
    if (slot.store() != Store::confirmed && slot.store() != Store::embryonic) return;
    tables.pool(slot.store()).prefetch(slot.index());
}

/// Both lines of the directory are at hand: what stands in the second one moves to the first, if it can.
template <typename Key>
Slot approach_by_second(FamilyTables<Key>& tables, std::uint64_t hash) {
    const Slot slot = tables.directory.second_hint(hash);
    if (!slot) return slot;
    fetch_flow(tables, slot);
    tables.directory.bring_home(hash);
    return slot;
}

/// Is the second line to be asked?
bool approach_by_first(const Shard& shard, const Packet& packet, Slot& guess) {
    bool open = false;
    guess = Slot{};
    with_tables(shard, packet, [&](auto& tables) {
        guess = tables.directory.hint(packet.hash);
        fetch_flow(tables, guess);
        open = !guess && tables.directory.asks_both(packet.hash);
    });
    return open;
}

}  // namespace

void expect(const Shard& shard, const Packet& packet) {
    with_tables(shard, packet, [&](auto& tables) { tables.directory.prefetch(packet.hash); });
}

void approach(const Shard& shard, std::span<const Packet> burst, std::span<Slot> guesses) {
    std::array<std::uint32_t, kBurst> open;
    std::size_t opens = 0;
    for (std::uint32_t i = 0; i < burst.size(); ++i) {
        open[opens] = i;
        opens += approach_by_first(shard, burst[i], guesses[i]) ? 1U : 0U;
    }
    for (const auto i : std::span(open).first(opens)) {
        with_tables(shard, burst[i],
                    [&](auto& tables) { guesses[i] = approach_by_second(tables, burst[i].hash); });
    }
}

}  // namespace ajar::tracker
