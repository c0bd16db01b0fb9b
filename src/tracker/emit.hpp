// Events of a shard: filled from a flow or from a packet, pushed to the ring, counted when it is full.
#pragma once

#include "tracker/shard.hpp"

namespace ajar::tracker {

/// The id that all events of a flow carry.
std::uint64_t flow_id(std::uint64_t hash, std::uint64_t birth_ordinal);

/// An event about a flow, its evidence filled in; the caller completes and posts it.
template <typename Key>
Event about(const Shard& shard, const Work<Key>& work, EventKind kind, Reason reason);

/// An event about a packet that got no flow.
Event about(const Shard& shard, const Packet& packet, EventKind kind, Reason reason);

/// Stamps the occasion on the event and pushes it. Never waits.
void post(Shard& shard, Occasion& occasion, Event event);

}  // namespace ajar::tracker
