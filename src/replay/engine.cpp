// The pipeline of a replay on TBB.
#include "replay/engine.hpp"

#include <tbb/concurrent_queue.h>
#include <tbb/parallel_for.h>
#include <tbb/parallel_pipeline.h>

#include <algorithm>
#include <iterator>
#include <thread>

namespace ajar::replay {
namespace {

constexpr std::size_t kChunksInFlight = 4;

std::size_t shard_count(const ReplayOptions& options) {
    const std::size_t wanted =
        options.shards != 0 ? options.shards : std::max(1U, std::thread::hardware_concurrency());
    return std::min(wanted, kPartitions);
}

/// Big pages save a fifth of the time once the tables are full of flows, but flows are spread over all of a
/// table: 0.7 GB are cleared for 230 000 of them, against 0.17 GB of small pages. What that takes, 0.2 s or,
/// where a hypervisor has to find the memory first, 3 s, must be little beside the rest.
PageSize pages_for(const ReplayOptions& options) {
    constexpr std::uint64_t kLargeInput = std::uint64_t{4} << 30U;
    const auto bytes = total_bytes(options.files);
    return bytes && *bytes >= kLargeInput ? PageSize::transparent : PageSize::base;
}

Keep needed_by(const ReplayOptions& options) {
    return options.policy.checksums == ChecksumPolicy::verify ? Keep::whole : Keep::headers;
}

/// A change holds for all events of its time: those of a chunk are final with it, for later chunks have none
/// before them.
void give_out(std::span<const EventRef> events, const std::vector<Change>& changes, const Engine::Sink& sink,
              const Engine::Tell& tell) {
    for (const Change& change : changes) {
        const auto later = std::partition_point(events.begin(), events.end(),
                                                [&](const EventRef& e) { return e.time < change.time; });
        const auto before = static_cast<std::size_t>(later - events.begin());
        if (before != 0) sink(events.first(before));
        events = events.subspan(before);
        tell(change);
    }
    sink(events);
}

}  // namespace

Engine::Engine(const ReplayOptions& options)
    : input_(options.files, needed_by(options)),
      prepare_(options, shard_count(options)),
      policy_(options.policy) {
    const auto n = shard_count(options);
    const auto pages = pages_for(options);
    for (std::size_t i = 0; i < n; ++i) shards_.push_back(std::make_unique<Shard>(options, i, n, pages));
    if (defends(policy_))
        defence_ = std::make_unique<Defence>(options.sizes, cookie_secret(hash_key_from_seed(options.seed)));
}

void Engine::run(const Sink& sink, const Tick& tick, const Tell& tell) {
    std::vector<Chunk> chunks(kChunksInFlight);
    tbb::concurrent_queue<Chunk*> idle;
    for (auto& c : chunks) {
        c.events.resize(shards_.size());
        c.sorted.resize(shards_.size());
        c.share.resize(shards_.size());
        c.asked.resize(shards_.size());
        idle.push(&c);
    }
    bool ended = false;
    const auto read = [&](tbb::flow_control& flow) -> Chunk* {
        Chunk* chunk = nullptr;
        if (ended || !idle.try_pop(chunk)) {  // there are as many chunks as tokens: only the end stops here
            flow.stop();
            return nullptr;
        }
        chunk->clear();
        input_.fill(*chunk);
        ended = chunk->last;
        tick(input_);
        return chunk;
    };
    const auto order = [&](Chunk* chunk) {
        give_out(order_.add(*chunk), chunk->changes, sink, tell);
        idle.push(chunk);
    };
    using tbb::filter_mode;
    constexpr auto kOrdered = filter_mode::serial_in_order;
    tbb::parallel_pipeline(
        kChunksInFlight,
        tbb::make_filter<void, Chunk*>(kOrdered, read) &
            tbb::make_filter<Chunk*, Chunk*>(filter_mode::parallel,
                                             [&](Chunk* c) { return prepare_.parse(*c), c; }) &
            tbb::make_filter<Chunk*, Chunk*>(kOrdered, [&](Chunk* c) { return prepare_.share(*c), c; }) &
            tbb::make_filter<Chunk*, Chunk*>(kOrdered, [&](Chunk* c) { return track(*c), c; }) &
            tbb::make_filter<Chunk*, void>(kOrdered, order));
}

void Engine::track(Chunk& chunk) {
    if (defence_) {
        track_with_postures(chunk);
    } else {
        tbb::parallel_for(std::size_t{0}, shards_.size(), [&](std::size_t i) { shards_[i]->run(chunk); });
    }
    add_up_seconds(chunk);
}

void Engine::add_up_seconds(Chunk& chunk) {
    for (std::size_t s = 0; s < chunk.asked.front().size(); ++s) {
        std::vector<AskPart> parts;
        for (auto& seconds : chunk.asked)
            parts.insert(parts.end(), std::make_move_iterator(seconds[s].parts.begin()),
                         std::make_move_iterator(seconds[s].parts.end()));
        busiest_.add(chunk.asked.front()[s].second, parts);
    }
}

void Engine::track_with_postures(Chunk& chunk) {
    const auto each = [&](const auto& step) {
        tbb::parallel_for(std::size_t{0}, shards_.size(), [&](std::size_t i) { step(*shards_[i]); });
    };
    std::vector<Tracker*> trackers;
    for (const auto& shard : shards_) trackers.push_back(&shard->tracker());
    each([&](Shard& shard) { shard.begin(chunk); });
    for (const auto& mark : chunk.epochs) {
        each([&](Shard& shard) { shard.reach(mark, chunk); });
        posture_ = defence_->update(mark.start, trackers, policy_);
        chunk.changes.insert(chunk.changes.end(), defence_->changes().begin(), defence_->changes().end());
        for (const auto& shard : shards_) shard->take(*posture_);
    }
    each([&](Shard& shard) { shard.end(chunk); });
}

Sums Engine::sums() const {
    Sums sums = prepare_.sums();
    for (const auto& s : shards_) sums.add(s->counters());
    return sums;
}

std::uint64_t Engine::faults() const {
    std::uint64_t lost = 0;
    for (const auto& s : shards_) lost += s->counters().events_lost.get();
    return order_.late() + lost;
}

}  // namespace ajar::replay
