// Which half-open flows give way when their service comes under flood?
//
// The server's backlog is full of what began before its SYNs were answered by cookies, and nobody whose
// cookie was valid could get in. Whoever got no answer, because it was full, will ask again, and get a
// cookie.
//
// There may be as many as the store has places, so a partition looks at a few of them each tick, behind what
// has expired. How many does not depend on how the calls between two ticks are cut.
#pragma once

#include "tracker/shard.hpp"

namespace ajar::tracker {

/// Heeds Posture::purge, as far as this tick's share and the budget go. False when the budget is what ended
/// it.
bool heed_purge(Shard& shard, Partition& partition, Time now, std::size_t& budget);

}  // namespace ajar::tracker
