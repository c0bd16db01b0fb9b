// The stages of a replay and what runs at the same time: read | parse | share | track | order.
//
// TBB keeps a few chunks in flight. Reading, sharing, tracking and ordering each see the chunks one after
// another; parsing takes several at once; tracking runs all shards of its chunk in parallel. So the barrier
// between epochs of packet time is needed by no stage but the ordering of events, and costs once a chunk.
// Where floods are defended against, the shards also wait for each other at each epoch: the posture is a sum.
#pragma once

#include <functional>
#include <memory>
#include <span>
#include <vector>

#include "ajar/defence/defence.hpp"
#include "ajar/flow/asks.hpp"
#include "replay/event_order.hpp"
#include "replay/input.hpp"
#include "replay/prepare.hpp"
#include "replay/replay.hpp"
#include "replay/shard.hpp"
#include "replay/sums.hpp"

namespace ajar::replay {

class Engine {
public:
    /// Takes all memory of the shards. Throws std::bad_alloc.
    explicit Engine(const ReplayOptions& options);

    using Sink = std::function<void(std::span<const EventRef>)>;  ///< final events, in order
    using Tick = std::function<void(const Input&)>;               ///< after each chunk that was read
    /// What the defence changes: between two calls of the sink, before all events of its time.
    using Tell = std::function<void(const Change&)>;
    /// Replays everything. Sink and tell are called from one thread at a time, and tick is.
    void run(
        const Sink& sink, const Tick& tick, const Tell& tell = [](const Change&) {});

    [[nodiscard]] const InputTotals& input() const { return input_.totals(); }
    [[nodiscard]] const Complaints& complaints() const { return input_.complaints(); }
    [[nodiscard]] std::size_t shards() const { return shards_.size(); }
    [[nodiscard]] Sums sums() const;
    [[nodiscard]] const Asks& busiest() const { return busiest_.get(); }
    /// Events that were lost or came out of order: 0, or this program is wrong.
    [[nodiscard]] std::uint64_t faults() const;

private:
    void track(Chunk& chunk);
    void track_with_postures(Chunk& chunk);
    void add_up_seconds(Chunk& chunk);

    Input input_;
    Prepare prepare_;
    EventOrder order_;
    std::vector<std::unique_ptr<Shard>> shards_;
    Policy policy_;
    std::unique_ptr<Defence> defence_;  // null: nothing that it could say would be heeded
    std::shared_ptr<const Posture> posture_;
    Busiest busiest_;
};

}  // namespace ajar::replay
