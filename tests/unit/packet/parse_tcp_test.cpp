// Does the parser read what a TCP segment says, and put both directions under one key?
#include <gtest/gtest.h>

#include "ajar/packet/frame.hpp"
#include "ajar/packet/parse.hpp"
#include "unit/packet/parsed.hpp"

namespace ajar {
namespace {

FrameBuilder from_client() { return FrameBuilder().ethernet().ipv4("10.0.0.1", "10.0.0.2").tcp(40000, 443); }

TEST(ParseTcp, FieldsOfASyn) {
    const auto bytes = from_client()
                           .seq(1000)
                           .flags(TcpFlags::kSyn)
                           .window(64240)
                           .mss(1460)
                           .sack_permitted()
                           .timestamps(7, 9)
                           .window_scale(7)
                           .ttl(63)
                           .tos(0x2e)
                           .bytes();
    const auto p = parsed(bytes);
    ASSERT_EQ(p.kind, PacketKind::tcp) << name(p.reason);
    EXPECT_EQ(p.reason, Reason::none);
    EXPECT_EQ(p.family, Family::ipv4);
    EXPECT_EQ(p.seq, 1000U);
    EXPECT_EQ(p.flags.bits, TcpFlags::kSyn);
    EXPECT_EQ(p.window, 64240);
    EXPECT_EQ(p.ttl, 63);
    EXPECT_EQ(p.tos, 0x2e);
    EXPECT_EQ(p.payload, 0U);
    EXPECT_EQ(p.ip_length, 64U);
    EXPECT_EQ(p.wire_length, 78U);
    EXPECT_EQ(p.link_length, 14);
    EXPECT_EQ(p.l3_offset, 14);
    EXPECT_EQ(p.l4_offset, 34);
    EXPECT_EQ(p.frame, bytes.data());
    EXPECT_EQ(p.options.present, TcpOptions::kMss | TcpOptions::kSackPermitted | TcpOptions::kTimestamps |
                                     TcpOptions::kWindowScale);
    EXPECT_EQ(p.options.mss, 1460);
    EXPECT_EQ(p.options.window_scale, 7);
    EXPECT_EQ(p.options.ts_value, 7U);
    EXPECT_EQ(p.options.ts_echo, 9U);
}

TEST(ParseTcp, BothDirectionsShareTheKey) {
    const auto there = parsed(from_client().flags(TcpFlags::kSyn).bytes());
    const auto back = parsed(
        FrameBuilder().ethernet().ipv4("10.0.0.2", "10.0.0.1").tcp(443, 40000).flags(TcpFlags::kSyn).bytes());
    EXPECT_EQ(there.v4, back.v4);
    EXPECT_EQ(there.side, 0);
    EXPECT_EQ(back.side, 1);
    EXPECT_EQ(there.v4.address[0], ipv4_address("10.0.0.1"));
    EXPECT_EQ(there.v4.port[0].value(), 40000);
}

TEST(ParseTcp, PortsOrderEqualAddresses) {
    const auto p = parsed(FrameBuilder().ipv4("127.0.0.1", "127.0.0.1").tcp(9000, 80).bytes(), LinkType::raw);
    ASSERT_EQ(p.kind, PacketKind::tcp);
    EXPECT_EQ(p.side, 1);
    EXPECT_EQ(p.v4.port[0].value(), 80);
}

TEST(ParseTcp, KeyOfIpv6) {
    const auto there = parsed(FrameBuilder()
                                  .ethernet()
                                  .ipv6("2001:db8::2", "2001:db8::1")
                                  .tcp(50000, 22)
                                  .flow_label(0xabcde)
                                  .tos(0xb8)
                                  .payload(100)
                                  .bytes());
    const auto back =
        parsed(FrameBuilder().ethernet().ipv6("2001:db8::1", "2001:db8::2").tcp(22, 50000).bytes());
    ASSERT_EQ(there.kind, PacketKind::tcp);
    EXPECT_EQ(there.family, Family::ipv6);
    EXPECT_EQ(there.v6, back.v6);
    EXPECT_EQ(there.side, 1);
    EXPECT_EQ(back.side, 0);
    EXPECT_EQ(there.flow_label, 0xabcdeU);
    EXPECT_EQ(there.tos, 0xb8);
    EXPECT_EQ(there.payload, 100U);
    EXPECT_EQ(there.ip_length, 160U);
}

TEST(ParseTcp, PaddingIsNoPayload) {
    const auto p = parsed(from_client().ack(1).bytes());
    EXPECT_EQ(p.wire_length, 60U);
    EXPECT_EQ(p.ip_length, 40U);
    EXPECT_EQ(p.payload, 0U);
}

TEST(ParseTcp, SnapLengthCutsPayloadOnly) {
    auto bytes = from_client().payload(1000).bytes();
    bytes.resize(54);
    const auto p = parsed(bytes, LinkType::ethernet, 1054);
    ASSERT_EQ(p.kind, PacketKind::tcp) << name(p.reason);
    EXPECT_EQ(p.payload, 1000U);
    EXPECT_EQ(p.wire_length, 1054U);
}

TEST(ParseTcp, InACaptureAnIpLengthOfZeroIsTheRestOfTheFrame) {
    const ParseOptions captured{.captured = true};
    const auto v4 = parsed(from_client().payload(500).total_length(0).bytes(), captured);
    EXPECT_EQ(v4.payload, 500U);
    EXPECT_EQ(v4.ip_length, 540U);
    const auto large = FrameBuilder().ethernet().ipv6("::1", "::2").tcp(1, 2).payload(70000).total_length(0);
    EXPECT_EQ(parsed(large.bytes(), captured).payload, 70000U);
}

/// Else the padding of a short frame would be data.
TEST(ParseTcp, OnTheWireAnIpLengthOfZeroIsNoSegment) {
    const auto v4 = parsed(from_client().total_length(0).bytes());
    EXPECT_EQ(name(v4.reason), name(Reason::bad_ip_total_length));
    const auto v6 = FrameBuilder().ethernet().ipv6("2001:db8::1", "2001:db8::2").tcp(1, 2).total_length(0);
    EXPECT_EQ(name(parsed(v6.bytes()).reason), name(Reason::truncated_tcp));
    const auto none = FrameBuilder().ethernet().ipv6("2001:db8::1", "2001:db8::2").protocol(59);
    EXPECT_EQ(name(parsed(none.bytes()).reason), name(Reason::not_tcp));
}

TEST(ParseTcp, SackKeepsTheHighestRightEdgeAcrossTheWrap) {
    const std::array<std::pair<std::uint32_t, std::uint32_t>, 2> blocks = {
        {{0xffffff00U, 0xfffffff0U}, {5U, 20U}}};
    const auto p = parsed(from_client().ack(1).timestamps(1, 2).sack(blocks).bytes());
    EXPECT_TRUE(p.options.has(TcpOptions::kSack));
    EXPECT_EQ(p.options.sack_right, 20U);
}

TEST(ParseTcp, AlignedTimestampsReadLikeAnyOther) {
    const auto aligned = parsed(from_client().ack(1).timestamps(11, 12).bytes());
    const std::array<std::uint8_t, 8> value = {0, 0, 0, 11, 0, 0, 0, 12};
    const auto plain = parsed(from_client().ack(1).option(8, value).bytes());
    for (const auto& p : {aligned, plain}) {
        EXPECT_EQ(p.options.ts_value, 11U);
        EXPECT_EQ(p.options.ts_echo, 12U);
    }
}

TEST(ParseTcp, WindowScaleIsClampedTo14) {
    EXPECT_EQ(parsed(from_client().flags(TcpFlags::kSyn).window_scale(200).bytes()).options.window_scale, 14);
}

TEST(ParseTcp, AKnownOptionOfForeignLengthIsIgnored) {
    const std::array<std::uint8_t, 3> value = {1, 2, 3};
    const auto p = parsed(from_client().flags(TcpFlags::kSyn).option(2, value).bytes());
    EXPECT_EQ(p.kind, PacketKind::tcp);
    EXPECT_FALSE(p.options.has(TcpOptions::kMss));
}

TEST(ParseTcp, NothingOfThePacketBeforeRemains) {
    Packet p;
    const auto first = from_client().flags(TcpFlags::kSyn).mss(1460).payload(10).bytes();
    parse(first, static_cast<std::uint32_t>(first.size()), {}, p);
    const auto second = FrameBuilder().ethernet().ipv4("10.0.0.3", "10.0.0.4").udp(1, 2).bytes();
    parse(second, static_cast<std::uint32_t>(second.size()), {}, p);
    EXPECT_EQ(p.kind, PacketKind::pass);
    EXPECT_EQ(p.reason, Reason::not_tcp);
    EXPECT_EQ(p.options.present, 0);
    EXPECT_EQ(p.seq, 0U);
    EXPECT_EQ(p.flags.bits, 0);
}

}  // namespace
}  // namespace ajar
