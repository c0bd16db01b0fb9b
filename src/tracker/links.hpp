// Link headers as flows remember them: what stood before the IP header, for frames of our own that go the
// same way.
#pragma once

#include "ajar/packet/craft.hpp"
#include "ajar/packet/packet.hpp"
#include "tracker/shard.hpp"

namespace ajar::tracker {

/// The header of the opposite direction where no frame of it was seen: same tags, stations exchanged.
LinkHeader mirrored(LinkHeader header);

/// The header for frames that pretend to be of `direction`, or at least go its way; length 0 if neither is
/// known.
inline LinkHeader link_of(const Shard& shard, const Dress& direction, const Dress& opposite) {
    const LinkHeader& own = shard.links[direction.link];
    return own.length != 0 ? own : mirrored(shard.links[opposite.link]);
}

/// What the frames that `s` sends look like.
template <typename Key>
Dress dress_of(const Work<Key>& work, Side s) {
    const Warm& warm = work.entry.warm;
    return {warm.link[s], warm.ttl[s], work.cold.tos[s], work.cold.flow_label[s]};
}

/// Notes what the packet's direction looks like now: port, link header, TTL, DSCP, flow label.
template <typename Key>
void remember_direction(Shard& shard, Work<Key>& work, const Packet& packet) {
    const Side s = packet.side;
    work.entry.warm.port[s] = static_cast<std::uint8_t>(packet.port + 1);
    work.entry.warm.ttl[s] = packet.ttl;
    work.cold.tos[s] = packet.tos;
    work.cold.flow_label[s] = packet.flow_label;
    work.entry.warm.link[s] = shard.links.intern(packet, work.entry.warm.link[s]);
}

/// The flow, whose copy this is, remembers its link headers no longer.
template <typename Key>
void release_links(Shard& shard, const Work<Key>& work) {
    for (const std::uint16_t number : work.entry.warm.link) shard.links.release(number);
}

template <typename Key>
void release_links(Shard& shard, const Tombstone<Key>& stone) {
    for (const Dress& dress : stone.dress) shard.links.release(dress.link);
}

}  // namespace ajar::tracker
