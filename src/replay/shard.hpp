// One shard of a replay: its partitions' tracker, run through chunk after chunk.
//
// The law that makes the output the same for any number of shards, and the same as the data plane's under
// `clock = "packet"`: before the first frame of a non-empty epoch, whoever owns that frame, every shard has
// collected all that is due at the epoch's start; then come its own packets in order. A shard needs nothing
// of the others for that, so it runs through the epochs of a chunk alone.
#pragma once

#include <array>
#include <span>
#include <vector>

#include "ajar/flow/memory.hpp"
#include "ajar/tracker.hpp"
#include "replay/chunk.hpp"
#include "replay/replay.hpp"

namespace ajar::replay {

class Shard {
public:
    Shard(const ReplayOptions& options, std::size_t index, std::size_t shards, PageSize pages);

    /// Its share of the chunk, and all epochs of it; leaves its events in chunk.events and chunk.sorted.
    void run(Chunk& chunk);

    // The same in steps, for whoever has something to do between two epochs.

    void begin(Chunk& chunk);
    /// All packets before the mark, then what time does up to its start.
    void reach(const EpochMark& mark, Chunk& chunk);
    void end(Chunk& chunk);

    /// Holds from now on. It must outlive what is done under it.
    void take(const Posture& posture) { posture_ = &posture; }
    [[nodiscard]] Tracker& tracker() { return tracker_; }
    [[nodiscard]] const Counters& counters() const { return tracker_.counters(); }

private:
    void begin_epoch(Time start);
    void note_second(Second next, Chunk& chunk);
    void track_before(std::uint32_t end, const Chunk& chunk);
    void track(std::span<const std::uint32_t> indices, const Chunk& chunk);
    void finish(Time now);
    void make_room();
    void drain();

    std::size_t index_;
    Policy policy_;
    PageMemory memory_;
    Tracker tracker_;
    const Posture* posture_ = &Posture::calm();
    Second second_ = kNoSecond;            // under way
    EventLog* out_ = nullptr;              // the chunk's, while it runs
    std::span<const std::uint32_t> rest_;  // of its share of the chunk
    std::array<Packet, kBurst> burst_;
    std::array<Verdict, kBurst> verdicts_;
};

}  // namespace ajar::replay
