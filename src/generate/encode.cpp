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

constexpr std::uint8_t kTcp = 6, kFragmentHeader = 44;
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

void put_ipv4(Bytes& b, const Conversation& c, End from, std::uint32_t id, const Part& part) {
    const auto begin = b.size();
    put16(b, 0x4500), put16(b, static_cast<std::uint32_t>(20 + part.length));
    put16(b, id);
    const std::uint32_t dont_fragment = 0x4000, more_fragments = 0x2000;
    put16(b, part.whole() ? dont_fragment
                          : static_cast<std::uint32_t>(part.offset / 8) | (part.last ? 0 : more_fragments));
    put8(b, kTtl[index(from)]), put8(b, kTcp), put16(b, 0);
    put(b, address(c, from)), put(b, address(c, peer(from)));
    store_be16(&b[begin + 10], checksum::Sum().add(std::span(b).subspan(begin, 20)).checksum());
}

void put_ipv6(Bytes& b, const Conversation& c, End from, std::uint32_t id, const Part& part) {
    const auto extension = part.whole() ? 0U : 8U;
    put32(b, 0x60000000U | ((c.ordinal * 2 + index(from) + 1) & 0xfffffU));
    put16(b, static_cast<std::uint32_t>(part.length + extension));
    put8(b, part.whole() ? kTcp : kFragmentHeader), put8(b, kTtl[index(from)]);
    put(b, address(c, from)), put(b, address(c, peer(from)));
    if (part.whole()) return;
    put8(b, kTcp), put8(b, 0), put16(b, static_cast<std::uint32_t>(part.offset) | (part.last ? 0U : 1U));
    put32(b, id);
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
    auto& b = out.buffer();
    for (std::size_t offset = 0; offset < segment_.size();) {
        const auto part = next_part(c, segment_.size(), offset);
        put_link(b, c, s.from);
        c.family == Family::ipv4 ? put_ipv4(b, c, s.from, id, part) : put_ipv6(b, c, s.from, id, part);
        put(b, std::span(segment_).subspan(part.offset, part.length));
        offset += part.length;
        out.close();
    }
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
