// The RSS key, and how a fragment gets its hash and its partition.
#include "ajar/flow/steer.hpp"

namespace ajar {
std::array<std::uint8_t, 52> rss_key(std::uint16_t word) {
    std::array<std::uint8_t, 52> key;
    for (std::size_t i = 0; i < key.size(); i += 2) store_be16(&key[i], word);
    return key;
}

void detail::identify_fragment(Packet& packet, const HashKey& secret, Steer steer) {
    if (packet.family == Family::ipv4) {
        KeyV4 key = packet.v4;
        key.port = {};
        identify_by(packet, key, secret, steer);
    } else {
        KeyV6 key = packet.v6;
        key.port = {};
        identify_by(packet, key, secret, steer);
    }
}

}  // namespace ajar
