// Construction of a shard: all the memory it will ever use.
#include "tracker/shard.hpp"

#include "tracker/ordinary.hpp"

namespace ajar::tracker {
namespace {

std::uint32_t share(std::uint64_t total, std::uint32_t percent) {
    const std::uint64_t part = (total * percent / 100 + kPartitions - 1) / kPartitions;
    return static_cast<std::uint32_t>(part);
}

}  // namespace

FamilySizes family_sizes(const TableSizes& sizes, Family family) {
    const std::uint32_t percent = family == Family::ipv6 ? sizes.ipv6_percent : 100 - sizes.ipv6_percent;
    FamilySizes out{};
    out.confirmed = share(sizes.confirmed, percent);
    out.embryonic = std::max(1U, share(sizes.embryonic, percent));
    out.tombstones = std::max(1U, share(sizes.tombstones, percent));
    out.mid_stream = std::max<std::uint32_t>(1, out.embryonic * sizes.mid_stream_percent / 100);
    return out;
}

namespace {

template <typename Key>
std::uint64_t family_bytes(const FamilySizes& s, Recording recording) {
    return Directory::bytes_for(s.slots()) + Pool<Key>::bytes_for(s.confirmed, recording) +
           Pool<Key>::bytes_for(s.embryonic, recording) + BirthLists::bytes_for(s.embryonic) +
           TimerSweep::bytes_for(s.confirmed) + Tombstones::bytes_for(s.tombstones) + kAlignmentSlack;
}

}  // namespace

std::uint64_t partition_bytes(const TableSizes& sizes, Recording recording) {
    return family_bytes<KeyV4>(family_sizes(sizes, Family::ipv4), recording) +
           family_bytes<KeyV6>(family_sizes(sizes, Family::ipv6), recording);
}

Shard::Shard(const TrackerOptions& options, Memory& memory)
    : hash_key(options.key),
      recording(options.recording),
      links(options.link_headers, memory, options.key.secret[0]),
      events(options.event_ring),
      outbox(memory) {
    for (std::size_t p = 0; p < kPartitions; ++p) {
        if (!options.owned[p]) continue;
        owned.push_back(std::make_unique<Partition>(memory, options.sizes, options.recording));
        partitions[p] = owned.back().get();
        doors_v4[p] = partitions[p]->v4.door();
        doors_v6[p] = partitions[p]->v6.door();
    }
    for (auto& t : wanted_) t = Duration(-1);
}

void Shard::use(const Policy& p) {
    policy = &p;
    short_way = short_way_open(p, recording);
    if (p.timeouts == wanted_) return;
    collected.reset();
    wanted_ = timeouts_ = p.timeouts;
    auto& waiting = timeouts_[static_cast<std::size_t>(TimerClass::unacknowledged)];
    waiting = std::min(waiting, timeout(TimerClass::established));
    for (std::size_t c = 0; c < kTimerClassCount; ++c) timeout_ticks[c] = ticks_for(timeouts_[c]);
}

}  // namespace ajar::tracker
