// The TCP checksum over an mbuf's segments.
#include "dataplane/checksum.hpp"

#include <rte_ip.h>

#include <algorithm>

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

/// Over `length` bytes from `offset`, all of them in the frame. A segment that begins at an odd byte has its
/// words' halves swapped; rte_raw_cksum_mbuf() of DPDK 22.11 loses the carries there and is no help.
std::uint32_t sum_of_segments(const rte_mbuf* m, std::uint32_t offset, std::uint32_t length) {
    while (offset >= m->data_len) {
        offset -= m->data_len;
        m = m->next;
    }
    std::uint32_t sum = 0;
    for (std::uint32_t done = 0; done < length; m = m->next, offset = 0) {
        const std::uint32_t here = std::min(m->data_len - offset, length - done);
        const std::uint16_t part = rte_raw_cksum(rte_pktmbuf_mtod_offset(m, const void*, offset), here);
        sum += done % 2 == 0 ? part : rte_bswap16(part);
        done += here;
    }
    return sum;
}

}  // namespace

Checksum verify_tcp(const rte_mbuf* m, const Packet& packet) {
    constexpr std::uint32_t kTcp = 6;
    if (packet.kind != PacketKind::tcp || packet.pieces != 0) return Checksum::unknown;
    if (hardware_says_good(m, packet)) return Checksum::good;
    const std::uint32_t before = packet.l4_offset - packet.l3_offset;
    const std::uint32_t length = packet.ip_length - before;
    if (packet.ip_length < before || packet.l4_offset + length > rte_pktmbuf_pkt_len(m))
        return Checksum::unknown;
    const std::uint32_t segment = sum_of_segments(m, packet.l4_offset, length);
    const std::uint32_t pseudo =
        addresses_sum(packet) + rte_cpu_to_be_16(kTcp) + rte_cpu_to_be_16(static_cast<std::uint16_t>(length));
    return fold(segment + pseudo) == 0xffffU ? Checksum::good : Checksum::bad;
}

std::optional<std::uint16_t> piece_sum(const rte_mbuf* m, const Packet& fragment) {
    if (fragment.l4_offset + fragment.payload > rte_pktmbuf_pkt_len(m)) return std::nullopt;
    const std::uint32_t sum = fold(sum_of_segments(m, fragment.l4_offset, fragment.payload));
    return rte_be_to_cpu_16(static_cast<std::uint16_t>(sum));
}

}  // namespace ajar::dataplane
