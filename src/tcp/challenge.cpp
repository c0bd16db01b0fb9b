// Sealing and recognising the wrong numbers of reset challenges.
#include "ajar/tcp/challenge.hpp"

namespace ajar::tcp::challenge {
namespace {

constexpr std::uint32_t kKeyBit = 1U;
// The MAC's word: a cookie's has 0 in that bit, so neither tells anything of the other.
constexpr unsigned kSideAt = 40, kDomainAt = 41;

/// Of the endpoints of `packet`, whose sender is the client.
Numbers numbers_of(const cookie::Keys& keys, const Packet& packet, std::uint32_t key) {
    const cookie::Mac& mac = keys.key(key, packet.family);
    const auto word = std::uint64_t{1} << kDomainAt | std::uint64_t{packet.side} << kSideAt;
    const auto sum = packet.family == Family::ipv4 ? mac.of(packet.v4, word) : mac.of(packet.v6, word);
    const auto low = static_cast<std::uint32_t>(sum);
    return {static_cast<std::uint32_t>(sum >> 32U), (low & ~kKeyBit) | key};
}

}  // namespace

Numbers numbers_for(const cookie::Keys& keys, const Packet& syn) {
    return numbers_of(keys, syn, keys.sealing());
}

bool met_by(const cookie::Keys& keys, const Packet& rst) {
    return numbers_of(keys, rst, rst.seq & kKeyBit).ack == rst.seq;
}

}  // namespace ajar::tcp::challenge
