// How a packet gets its hash and its partition.
#include "ajar/flow/steer.hpp"

namespace ajar {
namespace {

template <typename Address>
void identify_key(Packet& packet, FlowKey<Address> key, const HashKey& secret, Steer steer) {
    if (packet.kind == PacketKind::fragment) key.port = {};
    packet.hash = keyed_hash(key, secret);
    packet.partition =
        steer == Steer::rss ? partition_rss(key, secret.rss_word) : partition_hash(packet.hash);
}

}  // namespace

std::array<std::uint8_t, 52> rss_key(std::uint16_t word) {
    std::array<std::uint8_t, 52> key;
    for (std::size_t i = 0; i < key.size(); i += 2) store_be16(&key[i], word);
    return key;
}

void identify(Packet& packet, const HashKey& secret, Steer steer) {
    if (packet.kind == PacketKind::pass || packet.kind == PacketKind::refused) return;
    if (packet.family == Family::ipv4) {
        identify_key(packet, packet.v4, secret, steer);
    } else {
        identify_key(packet, packet.v6, secret, steer);
    }
}

}  // namespace ajar
