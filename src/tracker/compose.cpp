// What our own segments look like.
#include "tracker/compose.hpp"

namespace ajar::tracker {
namespace {

constexpr std::uint8_t kUsualTtl = 64;

/// A TTL that would not reach far was not the path's own: no stack begins with less than 64.
constexpr std::uint8_t ttl_like(std::uint8_t remembered) {
    constexpr std::uint8_t kLeast = 32;
    return remembered < kLeast ? kUsualTtl : remembered;
}

}  // namespace

template <typename Key>
Craft as_if_sent(const Shard& shard, const Entry<Key>& entry, Side from, std::uint8_t flags) {
    const Dress own = dress_of(entry, from);
    Craft craft;
    craft.family = kFamilyOf<Key>;
    craft.from = from;
    craft.flags.bits = flags;
    craft.key = wide(entry.key);
    craft.ordinal = entry.warm.birth_ordinal;
    craft.ttl = ttl_like(own.ttl);
    craft.tos = own.tos;
    craft.flow_label = own.flow_label;
    craft.link = link_of(shard, own, dress_of(entry, other(from)));
    return craft;
}

template Craft as_if_sent(const Shard&, const Entry<KeyV4>&, Side, std::uint8_t);
template Craft as_if_sent(const Shard&, const Entry<KeyV6>&, Side, std::uint8_t);

Craft answer_to(const Packet& packet, std::uint8_t flags) {
    constexpr unsigned kEcn = 3;
    Craft craft;
    craft.family = packet.family;
    craft.from = other(packet.side);
    craft.flags.bits = flags;
    craft.key = packet.family == Family::ipv4 ? wide(packet.v4) : packet.v6;
    craft.ordinal = packet.ordinal;
    craft.ttl = kUsualTtl;
    craft.tos = static_cast<std::uint8_t>(packet.tos & ~kEcn);
    craft.link = mirrored(link_header_of(packet));
    return craft;
}

}  // namespace ajar::tracker
