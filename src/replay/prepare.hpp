// From frames to packets, and to the shards that own them: the stages before tracking.
#pragma once

#include <array>
#include <cstdint>

#include "ajar/flow/hash.hpp"
#include "ajar/flow/steer.hpp"
#include "ajar/packet/parse.hpp"
#include "ajar/tracker.hpp"
#include "replay/chunk.hpp"
#include "replay/reassembly.hpp"
#include "replay/replay.hpp"

namespace ajar::replay {

/// Partitions go to shards in contiguous ranges.
constexpr std::size_t owner_of(std::size_t partition, std::size_t shards) {
    return partition * shards / kPartitions;
}

class Prepare {
public:
    Prepare(const ReplayOptions& options, std::size_t shards);
    Prepare(const Prepare&) = delete;  // reassembly_ refers to steering_
    Prepare& operator=(const Prepare&) = delete;

    /// Fills chunk.packets. Any number of chunks at once, in any order.
    void parse(Chunk& chunk) const;
    /// Completes fragmented datagrams and fills chunk.share. In order of the input, one chunk at a time: what
    /// fragments wait for each other does not depend on the number of shards.
    void share(Chunk& chunk);
    /// Frames that ended before the tracker: pieces of fragmented datagrams.
    [[nodiscard]] const Sums& sums() const { return reassembly_.sums(); }

private:
    ParseOptions parse_;
    bool verify_;
    Steering steering_;
    std::array<std::uint8_t, kPartitions> owner_{};
    Reassembly reassembly_;
};

}  // namespace ajar::replay
