// Link headers as flows remember them: what stood before the IP header, for frames of our own that go the
// same way.
#pragma once

#include "ajar/packet/craft.hpp"
#include "ajar/packet/packet.hpp"
#include "tracker/shard.hpp"

namespace ajar::tracker {

/// What the frames of one direction look like, so that a crafted one passes for one of them.
struct Dress {
    std::uint16_t link = 0;  ///< interned link header, 0 = none known
    std::uint8_t ttl = 0;
    std::uint8_t tos = 0;
    std::uint32_t flow_label = 0;
};

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
Dress dress_of(const Entry<Key>& entry, Side s) {
    const Sent& sent = entry.warm.sent[s];
    Dress dress{sent.link, static_cast<std::uint8_t>(sent.ttl), static_cast<std::uint8_t>(sent.tos), 0};
    if constexpr (kFamilyOf<Key> == Family::ipv6) dress.flow_label = entry.labels.label[s];
    return dress;
}

/// Notes in a flow's copy what the packet's direction looks like now: port, link header, TTL, DSCP, flow
/// label, and roughly its clock.
template <typename Key>
void remember_direction(Shard& shard, Entry<Key>& entry, const Packet& packet) {
    Sent& sent = entry.warm.sent[packet.side];
    sent.port = (packet.port + 1U) & 3U;
    if (packet.options.has(TcpOptions::kTimestamps)) sent.set_stamp(packet.options.ts_value);
    sent.ttl = packet.ttl;
    sent.tos = packet.tos;
    sent.link = shard.links.intern(packet, sent.link);
    if constexpr (kFamilyOf<Key> == Family::ipv6) entry.labels.label[packet.side] = packet.flow_label;
}

/// The flow remembers its link headers no longer.
template <typename Key>
void release_links(Shard& shard, const Entry<Key>& entry) {
    for (const Sent& sent : entry.warm.sent) shard.links.release(sent.link);
}

}  // namespace ajar::tracker
