// What every step of the parser shares: where it stands, how far it may read, what it has learned so far.
//
// A step reads one header: it checks the header's length once with has(), moves on, and returns the next
// step's Reason. Reason::none means that out.kind was set; any other reason decides the kind by its fate.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <span>

#include "ajar/packet/parse.hpp"

namespace ajar::parser {

inline constexpr std::size_t kMaxReadable = 0xffff;  ///< offsets in a Packet are 16 bits wide
inline constexpr unsigned kMaxTags = 8;  ///< of one link header: VLAN tags, MPLS labels and their like
inline constexpr unsigned kMaxExtensions = 8;
inline constexpr unsigned kMaxTunnels = 4;

namespace ether_type {
inline constexpr std::uint16_t kIpv4 = 0x0800, kArp = 0x0806, kRarp = 0x8035, kIpv6 = 0x86dd, kVlan = 0x8100,
                               kVlanService = 0x88a8, kVlanOld = 0x9100, kEtag = 0x893f, kVnTag = 0x8926,
                               kBackbone = 0x88e7, kFabricPath = 0x8903, kMpls = 0x8847,
                               kMplsMulticast = 0x8848, kPppoeDiscovery = 0x8863, kPppoe = 0x8864,
                               kPause = 0x8808, kSlow = 0x8809, kLldp = 0x88cc, kBridged = 0x6558,
                               kPpp = 0x880b, kFirst = 0x0600;
}

namespace ip_protocol {
inline constexpr std::uint8_t kHopByHop = 0, kIcmp = 1, kIpip = 4, kTcp = 6, kUdp = 17, kIpv6 = 41,
                              kRouting = 43, kFragment = 44, kGre = 47, kEsp = 50, kAh = 51, kIcmpv6 = 58,
                              kNone = 59, kDestination = 60, kMobility = 135, kHip = 139, kShim6 = 140;
}

struct Parser {
    const std::uint8_t* frame;
    std::size_t at;        ///< the next header
    std::size_t readable;  ///< bytes that are there and belong to the enclosing header's packet
    std::size_t end;       ///< where that packet ends by its length; beyond `readable` where a capture cut it
    const ParseOptions& options;
    Packet& out;
    const std::uint8_t* source = nullptr;       ///< address of the innermost IP header
    const std::uint8_t* destination = nullptr;  ///< the final one, where a routing header names it
    std::uint32_t zone = 0;                     ///< low 24 bits of the zone: tags and tunnels so far
    unsigned tags = 0;                          ///< VLAN tags, MPLS labels and their like of this link header
    unsigned vlans = 0;                         ///< VLAN tags among them
    unsigned tunnels = 0;
    unsigned extensions = 0;      ///< IPv6 extension headers of the innermost IP header
    Reason doubt = Reason::none;  ///< why they make its addresses doubtful as those of a TCP connection

    [[nodiscard]] bool has(std::size_t n) const { return at + n <= readable; }
    [[nodiscard]] const std::uint8_t* here() const { return frame + at; }

    /// The packet of the header at `at` is `length` bytes long; the caller has checked that it fits.
    void narrow(std::size_t length) {
        end = at + length;
        readable = std::min(readable, end);
    }

    /// Counts a tag; false when there are more than the parser follows.
    [[nodiscard]] bool follow_tag() { return ++tags <= kMaxTags; }

    [[nodiscard]] Zone full_zone() const {
        return (Zone{options.port_pair} << 24U) | (options.zone_from_vlan ? zone : 0U);
    }
};

/// Mixes a tunnel's identifier, or a tag inside a tunnel, into the 24 bits of a zone.
constexpr std::uint32_t mix_zone(std::uint32_t zone, std::uint32_t id) {
    const std::uint64_t product = ((std::uint64_t{zone} << 32U) + id + 1) * 0x9e3779b97f4a7c15U;
    return static_cast<std::uint32_t>(product >> 40U);
}

/// What few frames have: none of it, until a step finds it.
inline void clear_rare(Packet& out) {
    out.tunnelled = false;
    out.headless = false;
    out.truncated = false;
    out.flow_label = 0;
    out.options = {};
    out.fragment_id = 0;
    out.fragment_offset = 0;
    out.more_fragments = false;
    out.fragment_protocol = 0;
    out.pieces = 0;
    out.quote_offset = 0;
}

/// The general way: a frame of any kind, header by header. `end` is the frame's length.
void step_by_step(std::span<const std::uint8_t> head, std::size_t end, const ParseOptions& options,
                  Packet& out);

/// A piece of a datagram, wherever its headers said so.
Reason fragment(Parser& p, std::uint32_t id, std::uint16_t offset, bool more, std::uint8_t protocol);

// The steps off the hot path; those on it are inline in link.hpp, network.hpp and tcp.hpp.
Reason by_link_type(Parser& p);                               // link_types.cpp
Reason uncommon_ether_type(Parser& p, std::uint16_t type);    // uncommon_link.cpp
Reason ppp(Parser& p);                                        // uncommon_link.cpp
Reason by_version(Parser& p);                                 // uncommon_link.cpp: IPv4 or IPv6, unnamed
Reason extensions(Parser& p, std::uint8_t next);              // extension.cpp
Reason uncommon_transport(Parser& p, std::uint8_t protocol);  // transport.cpp
Reason icmp(Parser& p);                                       // icmp.cpp
Reason icmpv6(Parser& p);                                     // icmp.cpp
Reason udp(Parser& p);                                        // udp_tunnel.cpp
Reason ip_in_ip(Parser& p, std::uint8_t protocol);            // ip_tunnel.cpp
Reason gre(Parser& p);                                        // ip_tunnel.cpp

}  // namespace ajar::parser
