// Are IPv4 options, IPv6 extension headers and fragments read as the endpoints read them?
#include <gtest/gtest.h>

#include "ajar/packet/checksum.hpp"
#include "ajar/packet/frame.hpp"
#include "unit/packet/parsed.hpp"

namespace ajar {
namespace {

constexpr std::uint8_t kHopByHop = 0, kRouting = 43, kAh = 51, kDestination = 60, kMobility = 135;
constexpr std::array<std::uint8_t, 5> kRoutes = {0, 2, 3, 4, 77};

FrameBuilder ipv4_segment() {
    return FrameBuilder().ethernet().ipv4("10.0.0.1", "10.0.0.2").tcp(40000, 443).payload(9);
}
FrameBuilder ipv6_segment() {
    return FrameBuilder().ethernet().ipv6("2001:db8::1", "2001:db8::2").tcp(40000, 443).payload(9);
}
/// What follows next header and length: `n` bytes that are one PadN option.
Bytes padding(std::size_t n) {
    Bytes out(n);
    out[0] = 1;
    out[1] = static_cast<std::uint8_t>(n - 2);
    return out;
}
Bytes route(std::uint8_t type, std::initializer_list<const char*> addresses) {
    Bytes out = {type, 1, 0, 0, 0, 0};
    for (const auto* text : addresses) {
        const auto a = ipv6_address(text);
        out.insert(out.end(), a.begin(), a.end());
    }
    return out;
}

TEST(ParseNetwork, Ipv4OptionsAreSteppedOver) {
    const Bytes options = {1, 7, 7, 4, 1, 2, 3, 4};
    const auto p = parsed(ipv4_segment().ip_options(options).bytes());
    ASSERT_EQ(p.kind, PacketKind::tcp) << name(p.reason);
    EXPECT_EQ(p.l4_offset, 14 + 28);
    EXPECT_EQ(p.payload, 9U);
}

TEST(ParseNetwork, Ipv6ExtensionHeadersAreSteppedOver) {
    const auto p = parsed(ipv6_segment()
                              .extension(kHopByHop, padding(6))
                              .extension(kRouting, Bytes{3, 0, 0, 0, 0, 0})
                              .extension(kDestination, padding(14))
                              .extension(kAh, Bytes(22))
                              .extension(kMobility, Bytes(6))
                              .bytes());
    ASSERT_EQ(p.kind, PacketKind::tcp) << name(p.reason);
    EXPECT_EQ(p.l4_offset, 14 + 40 + 8 + 8 + 16 + 24 + 8);
    EXPECT_EQ(p.payload, 9U);
    EXPECT_EQ(p.v6, parsed(ipv6_segment().bytes()).v6);
}

TEST(ParseNetwork, AuthenticatedIpv4) {
    Bytes ah(24);
    ah[0] = 6;  // TCP
    ah[1] = 4;
    const auto inner = ipv4_segment().transport();
    const auto p = parsed(ipv4_segment().protocol(kAh).payload(ah).append(inner).bytes());
    ASSERT_EQ(p.kind, PacketKind::tcp) << name(p.reason);
    EXPECT_EQ(p.payload, 9U);
}

/// What a mobile node away from home puts into an options header.
Bytes home_address(const char* text) {
    Bytes home = {1, 2, 0, 0, 0xc9, 16};
    const auto address = ipv6_address(text);
    home.insert(home.end(), address.begin(), address.end());
    return home;
}
const ParseOptions kLenient{.lenient = true};

TEST(ParseNetwork, NoRoutingHeaderWithSegmentsLeftMakesATcpPacket) {
    for (const std::uint8_t type : kRoutes) {
        auto routed = ipv6_segment().extension(kRouting, route(type, {"2001:db8::9"}));
        const auto p = parsed(routed.bytes());
        EXPECT_EQ(p.kind, PacketKind::refused) << int{type};
        EXPECT_EQ(name(p.reason), name(Reason::source_routed)) << int{type};
        EXPECT_EQ(name(parsed(routed.payload(100).piece(0, 64, 1)).reason), name(Reason::source_routed));
    }
}

TEST(ParseNetwork, ARoutingHeaderThatHasArrivedIsSteppedOver) {
    for (const std::uint8_t type : kRoutes) {
        auto arrived = route(type, {"2001:db8::3", "2001:db8::9"});
        arrived[1] = 0;
        const auto p = parsed(ipv6_segment().extension(kRouting, arrived).bytes());
        ASSERT_EQ(p.kind, PacketKind::tcp) << int{type};
        EXPECT_EQ(p.v6, parsed(ipv6_segment().bytes()).v6);
    }
}

TEST(ParseNetwork, AHomeAddressIsNotBelieved) {
    for (const std::uint8_t header : {kHopByHop, kDestination}) {
        const auto away = ipv6_segment().extension(header, home_address("2001:db8::77"));
        const auto p = parsed(away.bytes());
        EXPECT_EQ(p.kind, PacketKind::refused) << int{header};
        EXPECT_EQ(name(p.reason), name(Reason::home_address)) << int{header};
    }
}

/// SRv6 carries tunnels, and Mobile IPv6 speaks in mobility headers: none of that is TCP's business.
TEST(ParseNetwork, DoubtfulAddressesOfOtherProtocolsPass) {
    const auto routed = ipv6_segment().extension(kRouting, route(4, {"2001:db8::9"}));
    EXPECT_EQ(parsed(FrameBuilder(routed).protocol(41).payload(60).bytes()).reason, Reason::tunnel);
    EXPECT_EQ(parsed(FrameBuilder(routed).udp(1, 2).bytes()).reason, Reason::not_tcp);
    const auto udp_piece = FrameBuilder(routed).udp(1, 2).payload(100).piece(0, 64, 1);
    EXPECT_EQ(parsed(udp_piece).kind, PacketKind::fragment);
    const auto binding_update = ipv6_segment()
                                    .extension(kDestination, home_address("2001:db8::77"))
                                    .extension(kMobility, Bytes(6))
                                    .protocol(59);
    EXPECT_EQ(parsed(binding_update.bytes()).reason, Reason::not_tcp);
}

TEST(ParseNetwork, WhatATunnelsOuterHeaderMakesDoubtfulIsNotTheInners) {
    const auto outer = ipv6_segment().extension(kRouting, route(4, {"2001:db8::9"}));
    const auto tunnel = FrameBuilder(outer).protocol(41).payload(ipv6_segment().packet());
    const auto p = parsed(tunnel.bytes(), ParseOptions{.decapsulate = {Tunnels::kAll}});
    ASSERT_EQ(p.kind, PacketKind::tcp) << name(p.reason);
}

TEST(ParseNetwork, LenientlyARoutedPacketBelongsToItsFinalDestination) {
    const auto direct = parsed(ipv6_segment().ipv6("2001:db8::1", "2001:db8::9").bytes()).v6;
    const auto rh0 = ipv6_segment().extension(kRouting, route(0, {"2001:db8::3", "2001:db8::9"}));
    EXPECT_EQ(parsed(rh0.bytes(), kLenient).v6, direct);
    const auto mobile = ipv6_segment().extension(kRouting, route(2, {"2001:db8::9"}));
    EXPECT_EQ(parsed(mobile.bytes(), kLenient).v6, direct);
    const auto segments = ipv6_segment().extension(kRouting, route(4, {"2001:db8::9", "2001:db8::3"}));
    EXPECT_EQ(parsed(segments.bytes(), kLenient).v6, direct);
}

TEST(ParseNetwork, LenientlyAMobileNodeIsKnownByItsHomeAddress) {
    const auto home = home_address("2001:db8::77");
    const auto p = parsed(ipv6_segment().extension(kDestination, home).bytes(), kLenient);
    EXPECT_EQ(p.v6, parsed(ipv6_segment().ipv6("2001:db8::77", "2001:db8::2").bytes()).v6);
    const auto hop_by_hop = parsed(ipv6_segment().extension(kHopByHop, home).bytes(), kLenient);
    EXPECT_EQ(hop_by_hop.v6, parsed(ipv6_segment().bytes()).v6) << "RFC 6275 6.3: a destination option";
}

TEST(ParseNetwork, FragmentsCarryTheirPlace) {
    for (const auto& whole : {ipv4_segment().payload(3000), ipv6_segment().payload(3000)}) {
        const auto frame = whole.piece(1480, 1000, 0xbeef);
        const auto p = parsed(frame);
        ASSERT_EQ(p.kind, PacketKind::fragment) << name(p.reason);
        EXPECT_EQ(p.fragment_id, 0xbeefU);
        EXPECT_EQ(p.fragment_offset, 1480);
        EXPECT_EQ(p.payload, 1000U);
        EXPECT_TRUE(p.more_fragments);
        EXPECT_EQ(p.fragment_protocol, 6);
        const bool v4 = p.family == Family::ipv4;
        EXPECT_EQ(p.l4_offset, 14 + (v4 ? 20 : 48));
        EXPECT_EQ((v4 ? p.v4.port : p.v6.port)[0].value(), 0);
        EXPECT_EQ(p.side, 0);
    }
    EXPECT_EQ(parsed(ipv4_segment().ipv4("10.0.0.5", "10.0.0.2").piece(0, 16, 1)).side, 1);
}

TEST(ParseNetwork, AnAtomicFragmentIsAWholePacket) {
    const auto p = parsed(ipv6_segment().piece(0, 1000, 5));
    ASSERT_EQ(p.kind, PacketKind::tcp) << name(p.reason);
    EXPECT_EQ(p.payload, 9U);
    EXPECT_FALSE(p.more_fragments);
}

TEST(ParseNetwork, TheIpChecksumIsLookedAtOnlyWhenAsked) {
    auto frame = ipv4_segment().bytes();
    const ParseOptions verify{.verify_ip_checksum = true};
    EXPECT_EQ(parsed(frame, verify).kind, PacketKind::tcp);
    frame[14 + 8] ^= 1;  // the TTL
    EXPECT_EQ(parsed(frame, verify).reason, Reason::bad_ip_checksum);
    EXPECT_EQ(parsed(frame).kind, PacketKind::tcp);
}

}  // namespace
}  // namespace ajar
