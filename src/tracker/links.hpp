// Link headers as flows remember them: what stood before the IP header, for frames of our own that go the
// same way.
#pragma once

#include "ajar/packet/craft.hpp"
#include "ajar/packet/packet.hpp"
#include "tracker/shard.hpp"

namespace ajar::tracker {

/// The header of the opposite direction where no frame of it was seen: same tags, stations exchanged.
LinkHeader mirrored(LinkHeader header);

/// The header for frames towards endpoint `to`; length 0 if neither direction's is known.
template <typename Key>
LinkHeader link_towards(const Shard& shard, const Work<Key>& work, Side to) {
    const LinkHeader& peers = shard.links[work.entry.warm.link[other(to)]];
    return peers.length != 0 ? peers : mirrored(shard.links[work.entry.warm.link[to]]);
}

/// Notes what the packet's direction looks like now: link header, TTL, DSCP, flow label.
template <typename Key>
void remember_direction(Shard& shard, Work<Key>& work, const Packet& packet) {
    const Side s = packet.side;
    work.entry.warm.ttl[s] = packet.ttl;
    work.cold.tos[s] = packet.tos;
    work.cold.flow_label[s] = packet.flow_label;
    work.entry.warm.link[s] = shard.links.intern(packet, work.entry.warm.link[s]);
}

}  // namespace ajar::tracker
