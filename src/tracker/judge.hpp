// One packet in order: find its flow, let time pass for it, let the machine judge, carry out what follows.
#pragma once

#include "tracker/shard.hpp"

namespace ajar::tracker {

/// Judges a packet of any kind; its partition is this shard's.
Verdict judge(Shard& shard, const Packet& packet);

}  // namespace ajar::tracker
