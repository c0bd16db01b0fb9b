// What travels through the stages of a replay: a few thousand frames, their packets, and what came of them.
//
// A chunk is small enough to stay in a core's cache between its stages (half of this size gains nothing,
// four times it costs a tenth) and big enough that the barrier between two of them costs nothing. It may span
// many epochs, or end within one. Its vectors keep their capacity from one use to the next: a replay
// allocates while it warms up, then no more.
#pragma once

#include <cstdint>
#include <vector>

#include "ajar/defence/change.hpp"
#include "ajar/flow/ask_sample.hpp"
#include "ajar/packet/packet.hpp"
#include "ajar/packet/parse.hpp"
#include "replay/event_log.hpp"

namespace ajar::replay {

inline constexpr std::size_t kChunkFrames = 2048;
inline constexpr std::size_t kChunkBytes = 512U << 10U;

struct Frame {
    Time time{};                         ///< the running maximum of the capture's timestamps
    std::uint32_t offset = 0, kept = 0;  ///< of its bytes in Chunk::bytes
    std::uint32_t captured = 0;          ///< bytes in the capture
    std::uint32_t wire_length = 0;
    LinkType link = LinkType::ethernet;
};

/// The first frame of a non-empty epoch: before it, every shard advances to `start`.
struct EpochMark {
    Time start{};
    std::uint32_t first = 0;  ///< index into frames and packets
};

/// What one shard's partitions were asked for in a second that is over.
struct SecondOfShard {
    Second second = kNoSecond;
    std::vector<AskPart> parts;
};

struct Chunk {
    std::uint64_t first_ordinal = 0;
    std::vector<std::uint8_t> bytes;
    std::vector<Frame> frames;
    std::vector<EpochMark> epochs;
    std::vector<Packet> packets;                    ///< one a frame
    std::vector<std::vector<std::uint32_t>> share;  ///< by shard: indices of its packets, ascending
    std::vector<EventLog> events;                   ///< by shard: as they happened
    std::vector<std::vector<EventRef>> sorted;      ///< by shard: the same in the order of output
    std::vector<std::vector<SecondOfShard>> asked;  ///< by shard: the same seconds for all
    std::vector<Change> changes;                    ///< of the defence, in the order of time
    bool last = false;                              ///< after it, every shard finishes
    Time end{};                                     ///< of the last frame so far

    void clear() {
        bytes.clear();
        frames.clear();
        epochs.clear();
        changes.clear();
        last = false;
    }
    [[nodiscard]] bool full() const { return frames.size() >= kChunkFrames || bytes.size() >= kChunkBytes; }
};

}  // namespace ajar::replay
