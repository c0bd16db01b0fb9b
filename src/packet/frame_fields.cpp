// What each call of a FrameBuilder remembers.
#include <arpa/inet.h>

#include <algorithm>
#include <cstring>
#include <stdexcept>
#include <string>

#include "ajar/packet/frame.hpp"
#include "packet/parser.hpp"
#include "packet/tcp.hpp"

namespace ajar {

namespace {

template <typename Address>
Address address_from(int family, std::string_view text) {
    Address address;
    if (inet_pton(family, std::string(text).c_str(), &address) != 1) {
        throw std::invalid_argument("not an IP address: " + std::string(text));
    }
    return address;
}

void push16(Bytes& out, std::uint16_t v) {
    out.push_back(static_cast<std::uint8_t>(v >> 8U));
    out.push_back(static_cast<std::uint8_t>(v));
}

void push32(Bytes& out, std::uint32_t v) {
    push16(out, static_cast<std::uint16_t>(v >> 16U));
    push16(out, static_cast<std::uint16_t>(v));
}

void push_all(Bytes& out, std::span<const std::uint8_t> bytes) {
    out.insert(out.end(), bytes.begin(), bytes.end());
}

}  // namespace

Ipv4Address ipv4_address(std::string_view text) { return address_from<Ipv4Address>(AF_INET, text); }
Ipv6Address ipv6_address(std::string_view text) { return address_from<Ipv6Address>(AF_INET6, text); }

FrameBuilder& FrameBuilder::ethernet(Mac source, Mac destination) {
    link_.assign(destination.begin(), destination.end());
    push_all(link_, source);
    next_ = Next::ether_type;
    padded_ = true;
    return *this;
}

FrameBuilder& FrameBuilder::link(std::span<const std::uint8_t> bytes) {
    link_.assign(bytes.begin(), bytes.end());
    next_ = Next::nothing;
    padded_ = false;
    return *this;
}

void FrameBuilder::next_type(std::uint16_t type) {
    if (next_ == Next::ether_type) push16(link_, type);
}

FrameBuilder& FrameBuilder::vlan(std::uint16_t id, std::uint16_t type, std::uint8_t priority) {
    next_type(type);
    push16(link_, static_cast<std::uint16_t>((id & 0xfffU) | (unsigned{priority} << 13U)));
    next_ = Next::ether_type;
    return *this;
}

FrameBuilder& FrameBuilder::etag(std::uint16_t id) {
    next_type(parser::ether_type::kEtag);
    push16(link_, 0);
    push16(link_, id & 0x3fffU);
    push16(link_, 0);
    next_ = Next::ether_type;
    return *this;
}

FrameBuilder& FrameBuilder::mpls(std::uint32_t label) {
    constexpr std::uint32_t kBottom = 0x100, kTtl = 64;
    if (next_ == Next::mpls_stack) link_[link_.size() - 2] &= 0xfeU;
    next_type(parser::ether_type::kMpls);
    push32(link_, (label << 12U) | kBottom | kTtl);
    next_ = Next::mpls_stack;
    return *this;
}

FrameBuilder& FrameBuilder::pppoe(std::uint16_t session) {
    next_type(parser::ether_type::kPppoe);
    push16(link_, 0x1100);
    push16(link_, session);
    pppoe_length_ = link_.size();
    push16(link_, 0);
    next_ = Next::ppp;
    return *this;
}

FrameBuilder& FrameBuilder::unpadded() {
    padded_ = false;
    return *this;
}

FrameBuilder& FrameBuilder::ipv4(Ipv4Address source, Ipv4Address destination) {
    family_ = Family::ipv4;
    std::copy(source.bytes.begin(), source.bytes.end(), address_[0].begin());
    std::copy(destination.bytes.begin(), destination.bytes.end(), address_[1].begin());
    return *this;
}

FrameBuilder& FrameBuilder::ipv4(std::string_view source, std::string_view destination) {
    return ipv4(ipv4_address(source), ipv4_address(destination));
}

FrameBuilder& FrameBuilder::ipv6(const Ipv6Address& source, const Ipv6Address& destination) {
    family_ = Family::ipv6;
    address_ = {source, destination};
    return *this;
}

FrameBuilder& FrameBuilder::ipv6(std::string_view source, std::string_view destination) {
    return ipv6(ipv6_address(source), ipv6_address(destination));
}

FrameBuilder& FrameBuilder::ttl(std::uint8_t value) {
    ttl_ = value;
    return *this;
}

FrameBuilder& FrameBuilder::tos(std::uint8_t value) {
    tos_ = value;
    return *this;
}

FrameBuilder& FrameBuilder::ip_id(std::uint16_t value) {
    ip_id_ = value;
    return *this;
}

FrameBuilder& FrameBuilder::flow_label(std::uint32_t value) {
    flow_label_ = value;
    return *this;
}

FrameBuilder& FrameBuilder::ip_options(std::span<const std::uint8_t> bytes) {
    ip_options_.assign(bytes.begin(), bytes.end());
    return *this;
}

FrameBuilder& FrameBuilder::extension(std::uint8_t type, std::span<const std::uint8_t> rest) {
    extensions_.push_back({type, Bytes(rest.begin(), rest.end())});
    return *this;
}

FrameBuilder& FrameBuilder::total_length(std::uint16_t value) {
    total_length_ = value;
    return *this;
}

FrameBuilder& FrameBuilder::tcp(std::uint16_t source_port, std::uint16_t destination_port) {
    transport_ = Transport::tcp;
    port_ = {source_port, destination_port};
    return *this;
}

FrameBuilder& FrameBuilder::udp(std::uint16_t source_port, std::uint16_t destination_port) {
    transport_ = Transport::udp;
    port_ = {source_port, destination_port};
    return *this;
}

FrameBuilder& FrameBuilder::icmp(std::uint8_t type, std::uint8_t code) {
    transport_ = Transport::icmp;
    icmp_type_ = type;
    icmp_code_ = code;
    return *this;
}

FrameBuilder& FrameBuilder::protocol(std::uint8_t number) {
    transport_ = Transport::raw;
    protocol_ = number;
    return *this;
}

FrameBuilder& FrameBuilder::payload(std::span<const std::uint8_t> bytes) {
    payload_.assign(bytes.begin(), bytes.end());
    return *this;
}

FrameBuilder& FrameBuilder::payload(std::size_t length) {
    payload_.resize(length);
    for (std::size_t i = 0; i < length; ++i) payload_[i] = static_cast<std::uint8_t>(i);
    return *this;
}

FrameBuilder& FrameBuilder::append(std::span<const std::uint8_t> bytes) {
    push_all(payload_, bytes);
    return *this;
}

FrameBuilder& FrameBuilder::bad_checksum() {
    bad_checksum_ = true;
    return *this;
}

FrameBuilder& FrameBuilder::seq(std::uint32_t value) {
    seq_ = value;
    return *this;
}

FrameBuilder& FrameBuilder::ack(std::uint32_t value) {
    ack_ = value;
    flags_.bits |= TcpFlags::kAck;
    return *this;
}

FrameBuilder& FrameBuilder::flags(std::uint8_t bits) {
    flags_.bits |= bits;
    return *this;
}

FrameBuilder& FrameBuilder::window(std::uint16_t value) {
    window_ = value;
    return *this;
}

FrameBuilder& FrameBuilder::mss(std::uint16_t value) {
    const auto wire = be16::of(value);
    return option(parser::tcp_option::kMss, wire.bytes);
}

FrameBuilder& FrameBuilder::window_scale(std::uint8_t value) {
    options_.push_back(parser::tcp_option::kNop);
    return option(parser::tcp_option::kWindowScale, {&value, 1});
}

FrameBuilder& FrameBuilder::sack_permitted() {
    options_.insert(options_.end(), 2, parser::tcp_option::kNop);
    return option(parser::tcp_option::kSackPermitted, {});
}

FrameBuilder& FrameBuilder::sack(std::span<const std::pair<std::uint32_t, std::uint32_t>> blocks) {
    Bytes value;
    for (const auto& [left, right] : blocks) {
        push32(value, left);
        push32(value, right);
    }
    options_.insert(options_.end(), 2, parser::tcp_option::kNop);
    return option(parser::tcp_option::kSack, value);
}

FrameBuilder& FrameBuilder::timestamps(std::uint32_t value, std::uint32_t echo) {
    Bytes bytes;
    push32(bytes, value);
    push32(bytes, echo);
    options_.insert(options_.end(), 2, parser::tcp_option::kNop);
    return option(parser::tcp_option::kTimestamps, bytes);
}

FrameBuilder& FrameBuilder::option(std::uint8_t kind, std::span<const std::uint8_t> value) {
    options_.push_back(kind);
    options_.push_back(static_cast<std::uint8_t>(value.size() + 2));
    push_all(options_, value);
    return *this;
}

FrameBuilder& FrameBuilder::raw_options(std::span<const std::uint8_t> bytes) {
    push_all(options_, bytes);
    return *this;
}

}  // namespace ajar
