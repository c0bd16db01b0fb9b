// How a FrameBuilder puts its frame together.
#include "ajar/packet/frame.hpp"

#include <algorithm>

#include "packet/parser.hpp"
#include "packet/write.hpp"

namespace ajar {

namespace {

constexpr std::size_t kFragmentHeader = 8, kUdpHeader = 8, kIcmpHeader = 8;

/// Makes room for n zero bytes at the end and returns their place.
std::uint8_t* grow(Bytes& out, std::size_t n) {
    out.resize(out.size() + n);
    return out.data() + out.size() - n;
}

void extend(Bytes& out, std::span<const std::uint8_t> bytes) {
    out.insert(out.end(), bytes.begin(), bytes.end());
}

std::uint16_t ip_length_field(int forced, std::size_t length) {
    return static_cast<std::uint16_t>(forced >= 0 ? static_cast<std::size_t>(forced) : length);
}

}  // namespace

std::span<const std::uint8_t> FrameBuilder::address(std::size_t i) const {
    return {address_[i].data(), family_ == Family::ipv4 ? sizeof(Ipv4Address) : sizeof(Ipv6Address)};
}

std::uint8_t FrameBuilder::transport_protocol() const {
    namespace number = parser::ip_protocol;
    switch (transport_) {
        case Transport::tcp:
            return number::kTcp;
        case Transport::udp:
            return number::kUdp;
        case Transport::icmp:
            return family_ == Family::ipv4 ? number::kIcmp : number::kIcmpv6;
        case Transport::raw:
            break;
    }
    return protocol_;
}

std::size_t FrameBuilder::network_length(const Fragment* fragment) const {
    if (family_ == Family::ipv4) return write::kIpv4Header + ip_options_.size();
    std::size_t length = write::kIpv6Header + (fragment != nullptr ? kFragmentHeader : 0);
    for (const auto& e : extensions_) length += 2 + e.rest.size();
    return length;
}

std::size_t FrameBuilder::transport_header_length() const {
    switch (transport_) {
        case Transport::tcp:
            return write::kTcpHeader + (options_.size() + 3) / 4 * 4;
        case Transport::udp:
            return kUdpHeader;
        case Transport::icmp:
            return kIcmpHeader;
        case Transport::raw:
            break;
    }
    return 0;
}

void FrameBuilder::append_link(Bytes& out, std::size_t ip_length) const {
    const auto base = out.size();
    extend(out, link_);
    const bool v4 = family_ == Family::ipv4;
    constexpr std::uint16_t kPppIpv4 = 0x0021, kPppIpv6 = 0x0057;
    if (next_ == Next::ether_type) {
        store_be16(grow(out, 2), v4 ? parser::ether_type::kIpv4 : parser::ether_type::kIpv6);
    } else if (next_ == Next::ppp) {
        store_be16(grow(out, 2), v4 ? kPppIpv4 : kPppIpv6);
    }
    if (pppoe_length_ != 0) {
        store_be16(out.data() + base + pppoe_length_, static_cast<std::uint16_t>(ip_length + 2));
    }
}

void FrameBuilder::append_ipv4(Bytes& out, std::size_t transport_length, const Fragment* fragment) const {
    const auto length = network_length(fragment);
    std::uint16_t place = 0, id = ip_id_;
    if (fragment != nullptr) {
        place = static_cast<std::uint16_t>(fragment->offset / 8U);
        if (fragment->more) place |= write::kMoreFragments;
        id = static_cast<std::uint16_t>(fragment->id);
    }
    write::ipv4(grow(out, length),
                {.source = address(0),
                 .destination = address(1),
                 .options = ip_options_,
                 .tos = tos_,
                 .ttl = ttl_,
                 .protocol = transport_protocol(),
                 .id = id,
                 .place = place,
                 .total_length = ip_length_field(total_length_, length + transport_length)});
}

void FrameBuilder::append_ipv6(Bytes& out, std::size_t transport_length, const Fragment* fragment) const {
    const auto extensions_length = network_length(fragment) - write::kIpv6Header;
    const auto last = fragment != nullptr ? parser::ip_protocol::kFragment : transport_protocol();
    write::ipv6(grow(out, write::kIpv6Header),
                {.source = address(0),
                 .destination = address(1),
                 .tos = tos_,
                 .ttl = ttl_,
                 .next = extensions_.empty() ? last : extensions_.front().type,
                 .flow_label = flow_label_,
                 .payload_length = ip_length_field(total_length_, extensions_length + transport_length)});
    for (std::size_t i = 0; i < extensions_.size(); ++i) {
        const auto& e = extensions_[i];
        const bool ah = e.type == parser::ip_protocol::kAh;
        const auto length = e.rest.size() + 2;
        out.push_back(i + 1 < extensions_.size() ? extensions_[i + 1].type : last);
        out.push_back(static_cast<std::uint8_t>(ah ? length / 4 - 2 : length / 8 - 1));
        extend(out, e.rest);
    }
    if (fragment == nullptr) return;
    auto* h = grow(out, kFragmentHeader);
    h[0] = transport_protocol();
    store_be16(h + 2, static_cast<std::uint16_t>(fragment->offset | (fragment->more ? 1U : 0U)));
    store_be32(h + 4, fragment->id);
}

void FrameBuilder::append_headers(Bytes& out, std::size_t transport_length, const Fragment* fragment) const {
    append_link(out, network_length(fragment) + transport_length);
    if (family_ == Family::ipv4) {
        append_ipv4(out, transport_length, fragment);
    } else {
        append_ipv6(out, transport_length, fragment);
    }
}

void FrameBuilder::append_transport_header(Bytes& out) const {
    const auto length = transport_header_length();
    auto* h = grow(out, length);
    switch (transport_) {
        case Transport::tcp:
            write::tcp(h, port_[0], port_[1], seq_, ack_, flags_, window_, length);
            std::copy(options_.begin(), options_.end(), h + write::kTcpHeader);
            break;
        case Transport::udp:
            store_be16(h, port_[0]);
            store_be16(h + 2, port_[1]);
            store_be16(h + 4, static_cast<std::uint16_t>(length + payload_.size()));
            break;
        case Transport::icmp:
            h[0] = icmp_type_;
            h[1] = icmp_code_;
            break;
        case Transport::raw:
            break;
    }
}

void FrameBuilder::fill_checksum(std::span<std::uint8_t> transport) const {
    std::size_t offset = 0;
    switch (transport_) {
        case Transport::tcp:
            offset = 16;
            break;
        case Transport::udp:
            offset = 6;
            break;
        case Transport::icmp:
            offset = 2;
            break;
        case Transport::raw:
            return;
    }
    const bool pseudo = transport_ != Transport::icmp || family_ == Family::ipv6;
    auto sum = pseudo ? checksum::pseudo_header(address(0), address(1), transport_protocol(),
                                                static_cast<std::uint32_t>(transport.size()))
                      : checksum::Sum();
    auto value = sum.add(transport).checksum();
    if (transport_ == Transport::udp && value == 0) value = 0xffff;  // 0 on the wire means none (RFC 768)
    store_be16(transport.data() + offset,
               bad_checksum_ ? static_cast<std::uint16_t>(value ^ 0x5555U) : value);
}

void FrameBuilder::append_transport(Bytes& out) const {
    const auto begin = out.size();
    append_transport_header(out);
    extend(out, payload_);
    fill_checksum(std::span(out).subspan(begin));
}

void FrameBuilder::pad(Bytes& out) const {
    if (padded_ && out.size() < kLeastEthernet) out.resize(kLeastEthernet);
}

void FrameBuilder::write(Bytes& out) const {
    out.clear();
    append_headers(out, transport_header_length() + payload_.size(), nullptr);
    append_transport(out);
    pad(out);
}

Bytes FrameBuilder::bytes() const {
    Bytes out;
    write(out);
    return out;
}

Bytes FrameBuilder::packet() const {
    auto alone = *this;
    alone.link_.clear();
    alone.next_ = Next::nothing;
    alone.padded_ = false;
    alone.pppoe_length_ = 0;
    return alone.bytes();
}

Bytes FrameBuilder::transport() const {
    Bytes out;
    append_transport(out);
    return out;
}

Bytes FrameBuilder::piece(std::size_t offset, std::size_t length, std::uint32_t id) const {
    const auto whole = transport();
    offset = std::min(offset, whole.size());
    length = std::min(length, whole.size() - offset);
    const Fragment fragment{id, static_cast<std::uint16_t>(offset), offset + length < whole.size()};
    Bytes out;
    append_headers(out, length, &fragment);
    extend(out, std::span(whole).subspan(offset, length));
    pad(out);
    return out;
}

std::vector<Bytes> FrameBuilder::pieces(std::size_t size, std::uint32_t id) const {
    const auto total = transport_header_length() + payload_.size();
    const auto step = std::max<std::size_t>(size / 8 * 8, 8);
    std::vector<Bytes> out;
    for (std::size_t offset = 0; offset < total; offset += step) out.push_back(piece(offset, step, id));
    return out;
}

}  // namespace ajar
