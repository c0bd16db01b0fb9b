// The straight way of nearly all frames: Ethernet without tags, IPv4 without options and whole, TCP.
//
// Each condition of the steps behind it (link.hpp, network.hpp, tcp.hpp) is asked once, on words of the frame
// and not header by header, and the Packet is written once. Any frame that is otherwise, or wrong in any way,
// goes the general way, which also names what is wrong; both say the same of a frame that both can read.
#pragma once

#include <bit>

#include "ajar/packet/checksum.hpp"
#include "packet/parser.hpp"
#include "packet/tcp.hpp"

namespace ajar::parser {

/// Where things stand in such a frame.
namespace straight_at {
inline constexpr std::size_t kIp = 14, kTcp = 34, kLeast = kTcp + kFixedHeader;
}

/// Ethernet's type and the fields of IPv4 that must have one value: version and header length, the place in
/// the datagram, the protocol.
inline bool is_plain_tcp_over_ipv4(const std::uint8_t* frame) {
    constexpr std::uint16_t kWhole = 0x3fff;
    const auto* const ip = frame + straight_at::kIp;
    return load_be16(frame + 12) == ether_type::kIpv4 && ip[0] == 0x45 && (load_be16(ip + 6) & kWhole) == 0 &&
           ip[9] == ip_protocol::kTcp;
}

/// Key and side from the words as they stand: addresses and ports are turned by half when the destination
/// comes first in canonical order. False where the endpoints are the same, or one of them no host's.
inline bool set_straight_key(Packet& out, const std::uint8_t* addresses, const std::uint8_t* ports,
                             Zone zone) {
    const auto both = load_be64(addresses);
    const auto both_ports = load_be32(ports);
    const auto s = (both >> 32U << 16U) | (both_ports >> 16U);
    const auto d = ((both & 0xffffffffU) << 16U) | (both_ports & 0xffffU);
    const Side side = s > d ? 1 : 0;
    using Words [[gnu::vector_size(16), gnu::may_alias, gnu::aligned(8)]] = std::uint64_t;
    const auto in_order = std::rotl(load_unaligned<std::uint64_t>(addresses), 32 * side);
    const auto ports_in_order = std::rotl(load_unaligned<std::uint32_t>(ports), 16 * side);
    out.side = side;
    // In one piece, for the hash reads it in one piece at once. What an IPv6 key has more is nothing.
    auto* const key = reinterpret_cast<std::uint8_t*>(&out.v6);
    *reinterpret_cast<Words*>(key) = Words{in_order, std::uint64_t{zone} << 32U | ports_in_order};
    *reinterpret_cast<Words*>(key + 16) = Words{};
    *reinterpret_cast<Words*>(key + sizeof(KeyV6) - 16) = Words{};
    return s != d && unicast_v4(addresses) && unicast_v4(addresses + 4);
}

/// All that parse() fills. False: `out` holds nothing of worth, the frame goes the general way.
inline bool straight(std::span<const std::uint8_t> head, std::size_t end, const ParseOptions& options,
                     Packet& out) {
    using namespace straight_at;
    const auto* const frame = head.data();
    if (head.size() < kLeast || !is_plain_tcp_over_ipv4(frame)) return false;
    const auto* const ip = frame + kIp;
    const auto* const tcp = frame + kTcp;
    const std::size_t total = load_be16(ip + 2);
    const std::size_t header = (tcp[12] >> 4U) * 4U;
    const std::size_t headers = kTcp + header;
    if (header < kFixedHeader || headers > head.size() || headers > kIp + total || kIp + total > end)
        return false;
    if (options.verify_ip_checksum && !checksum::holds({ip, kTcp - kIp})) return false;

    out.kind = PacketKind::tcp;
    out.family = Family::ipv4;
    out.reason = Reason::none;
    out.flags.bits = tcp[13];
    out.ttl = ip[8];
    out.tos = ip[1];
    out.lenient = options.lenient;
    out.window = load_be16(tcp + 14);
    out.l3_offset = kIp;
    out.l4_offset = kTcp;
    out.link_length = kIp;
    out.seq = load_be32(tcp + 4);
    out.ack = load_be32(tcp + 8);
    out.payload = static_cast<std::uint32_t>(kIp + total - headers);
    out.ip_length = static_cast<std::uint32_t>(total);
    out.wire_length = static_cast<std::uint32_t>(end);
    clear_rare(out);
    out.frame = frame;
    if (!set_straight_key(out, ip + 12, tcp, Zone{options.port_pair} << 24U)) return false;
    return header == kFixedHeader || read_options(out.options, tcp + kFixedHeader, header - kFixedHeader);
}

}  // namespace ajar::parser
