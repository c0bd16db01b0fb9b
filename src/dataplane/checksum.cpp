// The TCP checksum over an mbuf's segments.
#include "dataplane/checksum.hpp"

#include <rte_ip.h>

namespace ajar::dataplane {
namespace {

// Ones' complement addition commutes: the key's order of the endpoints does not matter.
std::uint32_t addresses_sum(const Packet& packet) {
    const bool v4 = packet.family == Family::ipv4;
    const void* const addresses = v4 ? static_cast<const void*>(packet.v4.address.data())
                                     : static_cast<const void*>(packet.v6.address.data());
    return rte_raw_cksum(addresses, v4 ? sizeof packet.v4.address : sizeof packet.v6.address);
}

bool hardware_says_good(const rte_mbuf* m, const Packet& packet) {
    return !packet.tunnelled && (m->ol_flags & RTE_MBUF_F_RX_L4_CKSUM_MASK) == RTE_MBUF_F_RX_L4_CKSUM_GOOD;
}

constexpr std::uint32_t fold(std::uint32_t sum) {
    sum = (sum >> 16U) + (sum & 0xffffU);
    return (sum >> 16U) + (sum & 0xffffU);
}

}  // namespace

Checksum verify_tcp(const rte_mbuf* m, const Packet& packet) {
    constexpr std::uint32_t kTcp = 6;
    if (packet.kind != PacketKind::tcp || packet.reassembled) return Checksum::unknown;
    if (hardware_says_good(m, packet)) return Checksum::good;
    const std::uint32_t before = packet.l4_offset - packet.l3_offset;
    const std::uint32_t length = packet.ip_length - before;
    if (packet.ip_length < before || packet.l4_offset + length > rte_pktmbuf_pkt_len(m))
        return Checksum::unknown;
    std::uint16_t segment = 0;
    if (rte_raw_cksum_mbuf(m, packet.l4_offset, length, &segment) != 0) return Checksum::unknown;
    const std::uint32_t pseudo =
        addresses_sum(packet) + rte_cpu_to_be_16(kTcp) + rte_cpu_to_be_16(static_cast<std::uint16_t>(length));
    return fold(segment + pseudo) == 0xffffU ? Checksum::good : Checksum::bad;
}

}  // namespace ajar::dataplane
