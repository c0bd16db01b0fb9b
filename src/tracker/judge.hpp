// One packet in order: find its flow, let time pass for it, let the machine judge, carry out what follows.
#pragma once

#include "tracker/shard.hpp"

namespace ajar::tracker {

/// Judges a packet of any kind; its partition is this shard's. `guess` is where approach() believes its flow
/// (tracker/prefetch.hpp): a hint that may be wrong.
Verdict judge(Shard& shard, const Packet& packet, Slot guess);

}  // namespace ajar::tracker
