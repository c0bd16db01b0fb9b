// Construction of a shard: all the memory it will ever use.
#include "tracker/shard.hpp"

#include "ajar/defence/defence.hpp"
#include "tracker/proxy.hpp"

#include "tracker/ordinary.hpp"

namespace ajar::tracker {
namespace {

std::uint32_t share(std::uint64_t total, std::uint32_t percent) {
    const std::uint64_t part = (total * percent / 100 + kPartitions - 1) / kPartitions;
    return static_cast<std::uint32_t>(part);
}

}  // namespace

// In a burst of new services some wait to be seen again.
constexpr std::size_t kObservations = 2048;

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
      count_hash_key(prepare(options.key)),
      recording(options.recording),
      links(options.link_headers, memory, options.key.secret[0]),
      events(options.event_ring),
      outbox(memory),
      half_open(memory, sketch_lines(options.sizes)),
      cookies(memory, sketch_lines(options.sizes)),
      observations(kObservations) {
    for (std::size_t p = 0; p < kPartitions; ++p) {
        if (!options.owned[p]) continue;
        owned.push_back(std::make_unique<Partition>(memory, options.sizes, options.recording));
        partitions[p] = owned.back().get();
        doors_v4[p] = partitions[p]->v4.door();
        doors_v6[p] = partitions[p]->v6.door();
    }
    for (auto& t : wanted_) t = Duration(-1);
}

void Shard::use(const Policy& p, const Posture& at) {
    adopt(p, at.share, at.rungs);
    posture = &at;
    const bool conntrack = p.boundaries == Boundaries::conntrack;
    defends = at.active && p.mode == Mode::enforce && conntrack;
    learns = p.defence.cookies != Cookies::off && conntrack;
}

void Shard::adopt(const Policy& p, std::uint32_t share, std::uint8_t rungs) {
    policy = &p;
    short_way = short_way_open(p, recording);
    if (p.timeouts == wanted_ && share == share_ && rungs == rungs_) return;
    collected.reset();
    timeouts_since = latest;
    wanted_ = timeouts_ = p.timeouts;
    share_ = share;
    rungs_ = rungs;
    auto& waiting = timeouts_[static_cast<std::size_t>(TimerClass::unacknowledged)];
    waiting = std::min(waiting, timeout(TimerClass::established));
    if (p.boundaries == Boundaries::conntrack)
        timeouts_[static_cast<std::size_t>(TimerClass::attempt)] = kServerPatience;
    scale_timeouts();
    for (std::size_t c = 0; c < kTimerClassCount; ++c) timeout_ticks[c] = ticks_for(timeouts_[c]);
}

// The pressure ladder's first, fourth and fifth rung.
void Shard::scale_timeouts() {
    const auto shorten = [&](std::initializer_list<TimerClass> classes, std::uint32_t share) {
        for (const TimerClass c : classes) {
            auto& timeout = timeouts_[static_cast<std::size_t>(c)];
            timeout = scaled(timeout, share);
        }
    };
    constexpr std::uint32_t kQuarter = 8;
    shorten({TimerClass::syn_sent, TimerClass::syn_recv, TimerClass::mid_stream}, share_);
    const auto on = [&](Rung r) { return (rungs_ >> static_cast<unsigned>(r) & 1U) != 0; };
    if (on(Rung::closing_states))
        shorten({TimerClass::last_ack, TimerClass::time_wait, TimerClass::close}, kQuarter);
    if (on(Rung::dead_connections))
        shorten({TimerClass::fin_wait, TimerClass::close_wait, TimerClass::unverified_rst,
                 TimerClass::unacknowledged},
                kQuarter);
}

}  // namespace ajar::tracker
