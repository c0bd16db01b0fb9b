// How a segment of our own is dressed: as the frames that it pretends to be one of, or as an answer.
#pragma once

#include "ajar/packet/craft.hpp"
#include "tracker/links.hpp"
#include "tracker/shard.hpp"

namespace ajar::tracker {

/// As if `from` of the flow had sent it: link header, tags, TTL, DSCP and flow label of its frames. Numbers
/// are the caller's to set. Without a link header (length 0) where none is known.
template <typename Key>
Craft as_if_sent(const Shard& shard, const Entry<Key>& entry, Side from, std::uint8_t flags);

/// As a host would that has no socket: back where the packet came from, in its class of service.
Craft answer_to(const Packet& packet, std::uint8_t flags);

}  // namespace ajar::tracker
