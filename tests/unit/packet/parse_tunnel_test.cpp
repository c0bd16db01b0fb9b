// Are inner flows found where the configuration names their tunnel, and left alone where it does not?
#include <gtest/gtest.h>

#include "ajar/packet/frame.hpp"
#include "unit/packet/parsed.hpp"

namespace ajar {
namespace {

FrameBuilder inner() {
    return FrameBuilder().ipv4("192.168.0.1", "192.168.0.2").tcp(40000, 443).seq(77).payload(5);
}
FrameBuilder inner6() {
    return FrameBuilder().ipv6("2001:db8::1", "2001:db8::2").tcp(40000, 443).seq(77).payload(5);
}
FrameBuilder outer() { return FrameBuilder().ethernet().ipv4("10.0.0.1", "10.0.0.2"); }

struct Tunnel {
    const char* name;
    std::uint16_t bit;
    FrameBuilder frame;
};

std::vector<Tunnel> tunnels() {
    const auto ethernet4 = inner().ethernet().unpadded().bytes();
    const Bytes vxlan = {8, 0, 0, 0, 0, 0, 42, 0};
    const Bytes geneve = {2, 0, 0x65, 0x58, 0, 0, 42, 0, 1, 2, 3, 4, 5, 6, 7, 8};
    const Bytes geneve6 = {0, 0, 0x86, 0xdd, 0, 0, 42, 0};
    const Bytes gtpu = {0x30, 255, 0, 45, 0, 0, 0, 9};
    const Bytes gtpu_extended = {0x34, 255, 0, 53, 0, 0, 0, 9, 0, 0, 0, 0x85, 1, 0, 0, 0};
    const Bytes teredo = {0, 1, 0, 0, 1, 2, 3, 4, 5, 6, 7, 8, 0, 0, 0, 1, 2, 3, 4, 5, 6};
    return {
        {"ipip", Tunnels::kIpip, outer().protocol(4).payload(inner().bytes())},
        {"6in4", Tunnels::kSixInFour, outer().protocol(41).payload(inner6().bytes())},
        {"gre", Tunnels::kGre, outer().protocol(47).payload(Bytes{0, 0, 8, 0}).append(inner().bytes())},
        {"gre with all fields", Tunnels::kGre,
         outer()
             .protocol(47)
             .payload(Bytes{0xb0, 0, 0x86, 0xdd, 1, 1, 0, 0, 0, 0, 0, 42, 0, 0, 0, 1})
             .append(inner6().bytes())},
        {"gre with ethernet", Tunnels::kGre,
         outer().protocol(47).payload(Bytes{0x20, 0, 0x65, 0x58, 0, 0, 0, 42}).append(ethernet4)},
        {"pptp", Tunnels::kGre,
         outer()
             .protocol(47)
             .payload(Bytes{0x30, 0x81, 0x88, 0x0b, 0, 48, 0, 9, 0, 0, 0, 1, 0, 0, 0, 1, 0xff, 3, 0, 0x21})
             .append(inner().bytes())},
        {"vxlan", Tunnels::kVxlan, outer().udp(50000, 4789).payload(vxlan).append(ethernet4)},
        {"old vxlan", Tunnels::kVxlan, outer().udp(50000, 8472).payload(vxlan).append(ethernet4)},
        {"geneve", Tunnels::kGeneve, outer().udp(50000, 6081).payload(geneve).append(ethernet4)},
        {"geneve with ipv6", Tunnels::kGeneve,
         outer().udp(50000, 6081).payload(geneve6).append(inner6().bytes())},
        {"gtp-u", Tunnels::kGtpu, outer().udp(2152, 2152).payload(gtpu).append(inner().bytes())},
        {"gtp-u extended", Tunnels::kGtpu,
         outer().udp(2152, 2152).payload(gtpu_extended).append(inner().bytes())},
        {"teredo", Tunnels::kTeredo, outer().udp(50000, 3544).payload(inner6().bytes())},
        {"teredo from the server", Tunnels::kTeredo,
         outer().udp(3544, 50000).payload(teredo).append(inner6().bytes())},
    };
}

Zone zone_of(const Packet& p) { return p.family == Family::ipv4 ? p.v4.zone : p.v6.zone; }

TEST(ParseTunnel, InnerFlowsAreFound) {
    for (const auto& t : tunnels()) {
        SCOPED_TRACE(t.name);
        const auto p = parsed(t.frame.bytes(), ParseOptions{.decapsulate = {t.bit}});
        ASSERT_EQ(p.kind, PacketKind::tcp) << name(p.reason);
        EXPECT_TRUE(p.tunnelled);
        EXPECT_EQ(p.seq, 77U);
        EXPECT_EQ(p.payload, 5U);
        EXPECT_EQ(p.link_length, 14) << "of the outer frame";
        EXPECT_GT(p.l3_offset, 14);
        EXPECT_EQ(p.v4.address[0],
                  (p.family == Family::ipv4 ? ipv4_address("192.168.0.1") : p.v4.address[0]));
        EXPECT_NE(zone_of(p), 0U);
    }
}

TEST(ParseTunnel, UnnamedTunnelsPass) {
    for (const auto& t : tunnels()) {
        SCOPED_TRACE(t.name);
        const auto others = static_cast<std::uint16_t>(Tunnels::kAll & ~t.bit);
        const auto p = parsed(t.frame.bytes(), ParseOptions{.decapsulate = {others}});
        EXPECT_EQ(p.kind, PacketKind::pass);
        EXPECT_EQ(p.reason, Reason::tunnel);
        EXPECT_FALSE(p.tunnelled);
    }
}

TEST(ParseTunnel, TheIdentifierTellsEqualTuplesApart) {
    const ParseOptions options{.decapsulate = {Tunnels::kAll}};
    const auto in_vxlan = [&](std::uint8_t id, const FrameBuilder& frame) {
        const Bytes header = {8, 0, 0, 0, 0, 0, id, 0};
        return zone_of(parsed(outer().udp(1, 4789).payload(header).append(frame.bytes()).bytes(), options));
    };
    const auto plain = inner().ethernet(), tagged = inner().ethernet().vlan(9);
    EXPECT_EQ(in_vxlan(1, plain), in_vxlan(1, plain));
    EXPECT_NE(in_vxlan(1, plain), in_vxlan(2, plain));
    EXPECT_NE(in_vxlan(1, plain), in_vxlan(1, tagged));
    const ParseOptions zoneless{.decapsulate = {Tunnels::kAll}, .zone_from_vlan = false};
    EXPECT_EQ(zone_of(parsed(tunnels()[0].frame.bytes(), zoneless)), 0U);
}

TEST(ParseTunnel, GtpuEndpointIdentifiersOfBothDirectionsAreOneFlow) {
    const auto in_gtpu = [](std::uint8_t id) {
        const Bytes header = {0x30, 255, 0, 45, 0, 0, 0, id};
        return zone_of(parsed(outer().udp(2152, 2152).payload(header).append(inner().bytes()).bytes(),
                              ParseOptions{.decapsulate = {Tunnels::kGtpu}}));
    };
    EXPECT_EQ(in_gtpu(1), in_gtpu(2));
}

TEST(ParseTunnel, WhatIsNoUserDataPasses) {
    const ParseOptions options{.decapsulate = {Tunnels::kAll}};
    const Bytes echo = {0x32, 1, 0, 4, 0, 0, 0, 0, 0, 0, 0, 0};
    EXPECT_EQ(parsed(outer().udp(2152, 2152).payload(echo).bytes(), options).reason, Reason::not_tcp);
    const Bytes acknowledgment = {0x20, 0x81, 0x88, 0x0b, 0, 0, 0, 9, 0, 0, 0, 1};
    EXPECT_EQ(parsed(outer().protocol(47).payload(acknowledgment).bytes(), options).reason, Reason::not_tcp);
    EXPECT_EQ(parsed(outer().udp(1, 2).bytes(), options).reason, Reason::not_tcp);
}

TEST(ParseTunnel, MalformedHeadersAreRefused) {
    const ParseOptions options{.decapsulate = {Tunnels::kAll}};
    const auto udp = [&](std::uint16_t port, const Bytes& payload) {
        return parsed(outer().unpadded().udp(1, port).payload(payload).bytes(), options).reason;
    };
    const auto gre = [&](const Bytes& payload) {
        return parsed(outer().unpadded().protocol(47).payload(payload).bytes(), options).reason;
    };
    const std::array reasons = {
        udp(4789, {8, 0, 0, 0, 0, 0, 42}),
        udp(4789, {0, 0, 0, 0, 0, 0, 42, 0}),
        udp(6081, {0, 0, 8, 0, 0, 0, 42}),
        udp(6081, {0x40, 0, 8, 0, 0, 0, 42, 0}),
        udp(6081, {1, 0, 8, 0, 0, 0, 42, 0}),
        udp(2152, {0x30, 255, 0, 0}),
        udp(2152, {0x50, 255, 0, 0, 0, 0, 0, 0}),
        udp(2152, {0x34, 255, 0, 4, 0, 0, 0, 0, 0, 0, 0, 1}),
        udp(3544, {0x45}),
        udp(3544, {0, 1, 9, 9}),
        gre({0, 0, 8}),
        gre({0x20, 0, 8, 0, 0}),
        gre({0x40, 0, 8, 0, 0, 0, 0, 0}),
        gre({0, 2, 8, 0}),
    };
    for (std::size_t i = 0; i < reasons.size(); ++i) {
        EXPECT_EQ(reasons[i], Reason::tunnel_malformed) << i << ' ' << name(reasons[i]);
    }
}

TEST(ParseTunnel, DepthIsBounded) {
    const ParseOptions options{.decapsulate = {Tunnels::kAll}};
    auto frame = inner();
    for (int depth = 1; depth <= 5; ++depth) {
        frame = FrameBuilder().ipv4("10.0.0.1", "10.0.0.2").protocol(4).payload(frame.bytes());
        const auto p =
            parsed(frame.bytes(), ParseOptions{.link = LinkType::raw, .decapsulate = options.decapsulate});
        EXPECT_EQ(p.reason, depth <= 4 ? Reason::none : Reason::tunnel_too_deep) << depth;
    }
}

}  // namespace
}  // namespace ajar
