// Which lines a burst will read, asked for in stages: each stage reads what the one before has fetched.
//
//   expect    the line of the directory where the flow should stand
//   approach  reads that line, fetches the flow's entry; or the second line, where the first one has sent
//             flows elsewhere, then the entry by that, and brings the flow home
#pragma once

#include <span>

#include "tracker/shard.hpp"

namespace ajar::tracker {

/// The packet's partition is this shard's.
void expect(const Shard& shard, const Packet& packet);
/// `guesses`, as long as the burst, tells where its flows were found: none, or a place that may be another's.
void approach(const Shard& shard, std::span<const Packet> burst, std::span<Slot> guesses);

}  // namespace ajar::tracker
