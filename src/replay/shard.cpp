// Epochs and bursts of one shard, and room for their events: in a replay no event is lost.
#include "replay/shard.hpp"

#include <algorithm>
#include <utility>

#include "ajar/flow/timer_sweep.hpp"
#include "replay/prepare.hpp"

namespace ajar::replay {
namespace {

// One call leaves at most a few events for each packet or timer visit, and all that is overdue in a partition
// when a SYN finds its table full.
constexpr std::size_t kRing = 1U << 14U;
constexpr std::size_t kRoom = kRing / 2;
constexpr std::size_t kBudget = 64 * TimerSweep::kDueCost;

TrackerOptions tracker_options(const ReplayOptions& options, std::size_t index, std::size_t shards) {
    TrackerOptions t;
    t.sizes = options.sizes;
    t.key = hash_key_from_seed(options.seed);
    t.event_ring = kRing;
    for (std::size_t p = 0; p < kPartitions; ++p) t.owned[p] = owner_of(p, shards) == index;
    return t;
}

/// The tracker speaks of every flow's end: the flow records and the report live on it. A capture does not say
/// by which port of an appliance its packets would have come.
Policy tracker_policy(Policy policy) {
    policy.flow_end_events = true;
    policy.binding = Binding::floating;
    policy.probe.on = false;  // those in a capture can no longer be asked
    return policy;
}

void sort(const EventLog& events, std::vector<EventRef>& sorted) {
    sorted.clear();
    for (std::size_t i = 0; i < events.size(); ++i) sorted.emplace_back(events[i]);
    std::sort(sorted.begin(), sorted.end());
}

}  // namespace

Shard::Shard(const ReplayOptions& options, std::size_t index, std::size_t shards, PageSize pages)
    : index_(index),
      policy_(tracker_policy(options.policy)),
      memory_(pages),
      tracker_(tracker_options(options, index, shards), memory_) {}

void Shard::run(Chunk& chunk) {
    begin(chunk);
    for (const auto& mark : chunk.epochs) reach(mark, chunk);
    end(chunk);
}

void Shard::begin(Chunk& chunk) {
    out_ = &chunk.events[index_];
    out_->clear();
    rest_ = chunk.share[index_];
    chunk.asked[index_].clear();
}

void Shard::reach(const EpochMark& mark, Chunk& chunk) {
    track_before(mark.first, chunk);
    note_second(second_of(mark.start), chunk);
    begin_epoch(mark.start);
}

void Shard::note_second(Second next, Chunk& chunk) {
    const Second over = std::exchange(second_, next);
    if (over == next || over == kNoSecond) return;
    chunk.asked[index_].push_back({over, {}});
    tracker_.asked(over, chunk.asked[index_].back().parts);
}

void Shard::end(Chunk& chunk) {
    track_before(static_cast<std::uint32_t>(chunk.frames.size()), chunk);
    if (chunk.last) {
        note_second(kNoSecond, chunk);
        finish(chunk.end);
    }
    drain();
    sort(*out_, chunk.sorted[index_]);
}

void Shard::track_before(std::uint32_t end, const Chunk& chunk) {
    const auto n =
        static_cast<std::size_t>(std::lower_bound(rest_.begin(), rest_.end(), end) - rest_.begin());
    track(rest_.first(n), chunk);
    rest_ = rest_.subspan(n);
}

void Shard::begin_epoch(Time start) {
    do make_room();
    while (!tracker_.advance(start, kBudget, policy_, *posture_));
}

void Shard::track(std::span<const std::uint32_t> indices, const Chunk& chunk) {
    while (!indices.empty()) {
        const auto n = std::min(indices.size(), kBurst);
        for (std::size_t i = 0; i < n; ++i) {
            burst_[i] = chunk.packets[indices[i]];
            tracker_.expect(burst_[i]);
        }
        make_room();
        tracker_.process(std::span(burst_).first(n), std::span(verdicts_).first(n), policy_, *posture_);
        indices = indices.subspan(n);
    }
}

void Shard::finish(Time now) {
    do make_room();
    while (!tracker_.finish(now, kRoom, policy_, *posture_));  // one event each
}

void Shard::make_room() {
    if (tracker_.events().space() < kRoom) drain();
}

void Shard::drain() {
    while (tracker_.events().pop(out_->room())) out_->push();
}

}  // namespace ajar::replay
