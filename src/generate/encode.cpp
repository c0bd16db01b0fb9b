// How a segment becomes frames: TCP with its options, IPv4 or IPv6, tags, and fragments.
#include "generate/encode.hpp"

#include <algorithm>
#include <array>

#include "ajar/packet/checksum.hpp"
#include "ajar/packet/packet.hpp"

namespace ajar::gen {
namespace {

using Bytes = std::vector<std::uint8_t>;
using Mac = std::array<std::uint8_t, 6>;

constexpr std::uint8_t kIcmp = 1, kTcp = 6, kFragmentHeader = 44, kIcmpV6 = 58;
constexpr std::array<Mac, 2> kMac = {Mac{2, 0, 0, 0, 0, 0x0a}, Mac{2, 0, 0, 0, 0, 0x0b}};  ///< by End
constexpr std::array<std::uint8_t, 2> kTtl = {61, 58};

void put(Bytes& b, std::span<const std::uint8_t> v) {
    const auto old = b.size();
    b.resize(old + v.size());
    std::copy(v.begin(), v.end(), b.data() + old);
}
void put8(Bytes& b, std::uint8_t v) { b.push_back(v); }
void put16(Bytes& b, std::uint32_t v) { put(b, be16::of(static_cast<std::uint16_t>(v)).bytes); }
void put32(Bytes& b, std::uint32_t v) { put(b, be32::of(v).bytes); }

std::span<const std::uint8_t> address(const Conversation& c, End e) {
    return std::span(c.address[index(e)]).first(c.family == Family::ipv4 ? 4 : 16);
}

void put_options(Bytes& b, const Step& s) {
    const auto has = [&](std::uint8_t bit) { return (s.options & bit) != 0; };
    if (has(TcpOptions::kMss)) put(b, std::array<std::uint8_t, 2>{2, 4}), put16(b, s.mss);
    if (has(TcpOptions::kSackPermitted)) put(b, std::array<std::uint8_t, 2>{4, 2});
    if (has(TcpOptions::kTimestamps)) {
        put(b, std::array<std::uint8_t, 2>{8, 10}), put32(b, s.ts_value), put32(b, s.ts_echo);
    }
    if (has(TcpOptions::kWindowScale)) put(b, std::array<std::uint8_t, 3>{3, 3, s.window_scale});
    if (has(TcpOptions::kSack)) {
        put(b, std::array<std::uint8_t, 2>{5, 10}), put32(b, s.sack_left), put32(b, s.sack_right);
    }
    while (b.size() % 4 != 0) put8(b, 1);  // no-operation
}

void put_link(Bytes& b, const Conversation& c, End from) {
    put(b, kMac[index(peer(from))]);
    put(b, kMac[index(from)]);
    if (c.inner_vlan != 0) {
        put16(b, 0x88a8), put16(b, c.outer_vlan);
        put16(b, 0x8100), put16(b, c.inner_vlan);
    } else if (c.outer_vlan != 0) {
        put16(b, 0x8100), put16(b, c.outer_vlan);
    }
    put16(b, c.family == Family::ipv4 ? 0x0800 : 0x86dd);
}

/// Part of a datagram: all of it, or a fragment.
struct Part {
    std::size_t offset, length;
    bool last;
    [[nodiscard]] bool whole() const { return offset == 0 && last; }
};

/// Whom an IP header names.
struct Route {
    std::span<const std::uint8_t> source, destination;
    std::uint8_t protocol, ttl;
};

Route route_of(const Conversation& c, const Step& s) {
    const auto ttl = static_cast<std::uint8_t>(kTtl[index(s.from)] - s.detour);
    return {address(c, s.from), address(c, peer(s.from)), kTcp, ttl};
}

void put_ipv4(Bytes& b, const Route& route, std::uint32_t id, const Part& part) {
    const auto begin = b.size();
    put16(b, 0x4500), put16(b, static_cast<std::uint32_t>(20 + part.length));
    put16(b, id);
    const std::uint32_t dont_fragment = 0x4000, more_fragments = 0x2000;
    put16(b, part.whole() ? dont_fragment
                          : static_cast<std::uint32_t>(part.offset / 8) | (part.last ? 0 : more_fragments));
    put8(b, route.ttl), put8(b, route.protocol), put16(b, 0);
    put(b, route.source), put(b, route.destination);
    store_be16(&b[begin + 10], checksum::Sum().add(std::span(b).subspan(begin, 20)).checksum());
}

void put_ipv6(Bytes& b, const Route& route, std::uint32_t label, std::uint32_t id, const Part& part) {
    const auto extension = part.whole() ? 0U : 8U;
    put32(b, 0x60000000U | (label & 0xfffffU));
    put16(b, static_cast<std::uint32_t>(part.length + extension));
    put8(b, part.whole() ? route.protocol : kFragmentHeader), put8(b, route.ttl);
    put(b, route.source), put(b, route.destination);
    if (part.whole()) return;
    put8(b, route.protocol), put8(b, 0),
        put16(b, static_cast<std::uint32_t>(part.offset) | (part.last ? 0U : 1U));
    put32(b, id);
}

void put_ip(Bytes& b, const Conversation& c, const Step& s, std::uint32_t id, const Part& part) {
    const auto label = static_cast<std::uint32_t>(c.ordinal * 2 + index(s.from) + 1);
    c.family == Family::ipv4 ? put_ipv4(b, route_of(c, s), id, part)
                             : put_ipv6(b, route_of(c, s), label, id, part);
}

/// ICMP: no route to the host (RFC 792, RFC 4443), with as much of the segment as every router quotes.
Bytes unreachable(const Conversation& c, const Step& s, std::span<const std::uint8_t> segment) {
    constexpr std::size_t kQuoted = 8;
    Bytes b;
    const bool v4 = c.family == Family::ipv4;
    put8(b, v4 ? 3 : 1), put8(b, v4 ? 1 : 0), put16(b, 0), put32(b, 0);
    put_ip(b, c, s, 0, {0, segment.size(), true});
    put(b, segment.first(kQuoted));
    return b;
}

/// The router on the servers' side.
Ipv6Address router_of(Family family) {
    if (family == Family::ipv4) return {192, 0, 2, 2};
    return {0x20, 0x01, 0x0d, 0xb8, 0xff, 0xff, 0, 0, 0, 0, 0, 0, 0, 0, 0, 2};
}

/// The longest part of a datagram that fits the MTU: all but the last are multiples of 8.
Part next_part(const Conversation& c, std::size_t total, std::size_t offset) {
    const std::size_t header = c.family == Family::ipv4 ? 20 : 40;
    const std::size_t extension = c.family == Family::ipv4 ? 0 : 8;
    if (header + total <= c.mtu) return {0, total, true};
    const auto room = (c.mtu - header - extension) / 8 * 8;
    const auto length = std::min(room, total - offset);
    return {offset, length, offset + length == total};
}

}  // namespace

void Encoder::write_segment(const Conversation& c, const Step& s) {
    auto& b = segment_;
    b.clear();
    put16(b, c.port[index(s.from)]), put16(b, c.port[index(peer(s.from))]);
    put32(b, s.seq), put32(b, s.ack);
    put8(b, 0), put8(b, s.flags);
    put16(b, s.window);
    put32(b, 0);
    put_options(b, s);
    b[12] = static_cast<std::uint8_t>(b.size() / 4 << 4U);
    b.resize(b.size() + s.payload, 'x');
    const auto length = static_cast<std::uint32_t>(b.size());
    auto sum = checksum::pseudo_header(address(c, s.from), address(c, peer(s.from)), kTcp, length);
    store_be16(&b[16], sum.add(b).checksum());
}

void Encoder::encode(const Conversation& c, const Step& s, std::uint32_t id, Frames& out) {
    out.clear();
    write_segment(c, s);
    if (s.unreachable) return encode_unreachable(c, s, id, out);
    auto& b = out.buffer();
    for (std::size_t offset = 0; offset < segment_.size();) {
        const auto part = next_part(c, segment_.size(), offset);
        put_link(b, c, s.from);
        put_ip(b, c, s, id, part);
        put(b, std::span(segment_).subspan(part.offset, part.length));
        offset += part.length;
        out.close();
    }
}

void Encoder::encode_unreachable(const Conversation& c, const Step& s, std::uint32_t id, Frames& out) const {
    const bool v4 = c.family == Family::ipv4;
    auto message = unreachable(c, s, segment_);
    const auto router = router_of(c.family);
    const Route route{std::span(router).first(v4 ? 4 : 16), address(c, s.from), v4 ? kIcmp : kIcmpV6, 255};
    const auto length = static_cast<std::uint32_t>(message.size());
    auto sum =
        v4 ? checksum::Sum() : checksum::pseudo_header(route.source, route.destination, kIcmpV6, length);
    store_be16(&message[2], sum.add(message).checksum());
    auto& b = out.buffer();
    put_link(b, c, peer(s.from));
    const Part whole{0, message.size(), true};
    v4 ? put_ipv4(b, route, id, whole) : put_ipv6(b, route, 0, id, whole);
    put(b, message);
    out.close();
}

void Encoder::arp(bool reply, Frames& out) {
    constexpr std::array<std::uint8_t, 4> router = {192, 0, 2, 1}, other = {192, 0, 2, 2};
    out.clear();
    auto& b = out.buffer();
    put(b, kMac[reply ? 0 : 1]), put(b, kMac[reply ? 1 : 0]), put16(b, 0x0806);
    put16(b, 1), put16(b, 0x0800), put16(b, 0x0604), put16(b, reply ? 2 : 1);
    put(b, kMac[reply ? 1 : 0]), put(b, reply ? other : router);
    put(b, kMac[reply ? 0 : 1]), put(b, reply ? router : other);
    out.close();
}

}  // namespace ajar::gen
