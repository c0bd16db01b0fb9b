// IPv4 and IPv6: the fixed headers, which nearly every packet passes through.
#pragma once

#include "ajar/packet/checksum.hpp"
#include "packet/parser.hpp"
#include "packet/tcp.hpp"

namespace ajar::parser {

inline Reason transport(Parser& p, std::uint8_t protocol) {
    return protocol == ip_protocol::kTcp ? tcp(p) : uncommon_transport(p, protocol);
}

/// The link header ends where the first IP header begins. Each IP header restarts what the packet says of it.
inline void enter_ip(Parser& p, Family family) {
    if (p.tunnels == 0) p.out.link_length = static_cast<std::uint16_t>(p.at);
    p.out.l3_offset = static_cast<std::uint16_t>(p.at);
    p.out.family = family;
}

/// False where an option runs beyond the header.
bool ipv4_options_fit(const std::uint8_t* options, std::size_t length);

inline Reason ipv4(Parser& p) {
    constexpr std::size_t kFixed = 20;
    if (!p.has(kFixed)) return p.at == p.end ? Reason::empty_frame : Reason::truncated_ip;
    const auto* h = p.here();
    if ((h[0] >> 4U) != 4) return Reason::bad_ip_version;
    const std::size_t header = (h[0] & 0xfU) * 4U;
    const std::size_t rest = p.end - p.at;
    const std::size_t declared = load_be16(h + 2);
    const std::size_t total = declared == 0 && p.options.captured ? rest : declared;
    if (total < kFixed || total > rest) return Reason::bad_ip_total_length;
    if (header < kFixed || header > total) return Reason::bad_ip_header_length;
    if (!p.has(header)) return Reason::truncated_ip;
    if (header > kFixed && !ipv4_options_fit(h + kFixed, header - kFixed))
        return Reason::ip_options_malformed;
    if (p.options.verify_ip_checksum && !checksum::holds({h, header})) return Reason::bad_ip_checksum;

    enter_ip(p, Family::ipv4);
    auto& out = p.out;
    out.tos = h[1];
    out.ttl = h[8];
    out.ip_length = static_cast<std::uint32_t>(total);
    p.source = h + 12;
    p.destination = h + 16;
    p.narrow(total);
    p.at += header;
    constexpr std::uint16_t kMore = 0x2000, kOffset = 0x1fff;
    const auto place = load_be16(h + 6);
    if ((place & (kMore | kOffset)) == 0) return transport(p, h[9]);
    return fragment(p, load_be16(h + 4), static_cast<std::uint16_t>(8U * (place & kOffset)),
                    (place & kMore) != 0, h[9]);
}

inline Reason ipv6(Parser& p) {
    constexpr std::size_t kFixed = 40;
    if (!p.has(kFixed)) return p.at == p.end ? Reason::empty_frame : Reason::truncated_ip;
    const auto* h = p.here();
    if ((h[0] >> 4U) != 6) return Reason::bad_ip_version;
    const std::size_t rest = p.end - p.at;
    // Payload length 0: nothing at all, but for a frame before segmentation by the card, or a jumbogram (RFC
    // 2675), which no Ethernet carries.
    const std::size_t declared = load_be16(h + 4);
    const std::size_t total = declared == 0 && p.options.captured ? rest : declared + kFixed;
    if (total > rest) return Reason::bad_ip_total_length;

    enter_ip(p, Family::ipv6);
    auto& out = p.out;
    const auto first_word = load_be32(h);
    out.tos = static_cast<std::uint8_t>(first_word >> 20U);
    out.flow_label = first_word & 0xfffffU;
    out.ttl = h[7];
    out.ip_length = static_cast<std::uint32_t>(total);
    p.source = h + 8;
    p.destination = h + 24;
    p.narrow(total);
    p.at += kFixed;
    return h[6] == ip_protocol::kTcp ? tcp(p) : extensions(p, h[6]);
}

}  // namespace ajar::parser
