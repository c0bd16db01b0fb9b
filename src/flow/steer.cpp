// The RSS key, and how a fragment gets its hash and its partition.
#include "ajar/flow/steer.hpp"

namespace ajar {

std::array<std::uint8_t, 52> rss_key(std::uint16_t word) {
    std::array<std::uint8_t, 52> key;
    for (std::size_t i = 0; i < key.size(); i += 2) store_be16(&key[i], word);
    return key;
}

Steering::Steering(const HashKey& key, Steer steer) : key_(key), steer_(steer), prepared_(prepare(key)) {
    for (unsigned i = 0; i < of_low_.size(); ++i) {
        of_low_[i] = toeplitz7(static_cast<std::uint16_t>(i), key.rss_word);
        of_high_[i] = toeplitz7(static_cast<std::uint16_t>(i << 8U), key.rss_word);
    }
}

void Steering::identify_fragment(Packet& packet) const {
    if (packet.family == Family::ipv4) {
        KeyV4 key = packet.v4;
        key.port = {};
        identify_by(packet, key);
    } else {
        KeyV6 key = packet.v6;
        key.port = {};
        identify_by(packet, key);
    }
}

}  // namespace ajar
