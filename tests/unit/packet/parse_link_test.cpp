// Is the IP header found behind every link header, and is the zone that of the tags?
#include <gtest/gtest.h>

#include "ajar/packet/frame.hpp"
#include "unit/packet/parsed.hpp"

namespace ajar {
namespace {

FrameBuilder segment() { return FrameBuilder().ipv4("10.0.0.1", "10.0.0.2").tcp(40000, 443).seq(77); }
FrameBuilder segment6() { return FrameBuilder().ipv6("2001:db8::1", "2001:db8::2").tcp(40000, 443).seq(77); }

Zone zone(const Packet& p) { return p.family == Family::ipv4 ? p.v4.zone : p.v6.zone; }

void expect_segment(const Packet& p, std::uint16_t link_length) {
    ASSERT_EQ(p.kind, PacketKind::tcp) << name(p.reason);
    EXPECT_EQ(p.seq, 77U);
    EXPECT_EQ(p.link_length, link_length);
    EXPECT_EQ(p.l3_offset, link_length);
}

Bytes behind(std::initializer_list<std::uint8_t> link, const FrameBuilder& packet) {
    Bytes out(link);
    const auto ip = packet.packet();
    out.insert(out.end(), ip.begin(), ip.end());
    return out;
}

TEST(ParseLink, VlanIdsMakeTheZone) {
    struct Row {
        FrameBuilder frame;
        Zone zone;
        std::uint16_t link_length;
    };
    const std::array rows = {
        Row{segment().ethernet(), zone_of(3, 0, 0), 14},
        Row{segment().ethernet().vlan(0), zone_of(3, 0, 0), 18},
        Row{segment().ethernet().vlan(100, 0x8100, 5), zone_of(3, 100, 0), 18},
        Row{segment().ethernet().vlan(200, 0x88a8).vlan(100), zone_of(3, 200, 100), 22},
        Row{segment().ethernet().vlan(200, 0x9100).vlan(4095), zone_of(3, 200, 4095), 22},
        Row{segment().ethernet().vlan(1).vlan(2).vlan(3), zone_of(3, 1, 2), 26},
        Row{segment().ethernet().etag(9).vlan(100), zone_of(3, 100, 0), 26},
        Row{segment6().ethernet().vlan(100), zone_of(3, 100, 0), 18},
        Row{segment().ethernet().vlan(100).mpls(16).mpls(17), zone_of(3, 100, 0), 26},
        Row{segment6().ethernet().mpls(16), zone_of(3, 0, 0), 18},
        Row{segment().ethernet().pppoe(1), zone_of(3, 0, 0), 22},
        Row{segment6().ethernet().vlan(5).pppoe(1), zone_of(3, 5, 0), 26},
    };
    for (const auto& row : rows) {
        const auto p = parsed(row.frame.bytes(), ParseOptions{.port_pair = 3});
        expect_segment(p, row.link_length);
        EXPECT_EQ(zone(p), row.zone);
        EXPECT_EQ(p.payload, 0U) << "padding";
    }
}

TEST(ParseLink, WithoutZonesTagsDoNotTellFlowsApart) {
    const ParseOptions options{.port_pair = 3, .zone_from_vlan = false};
    EXPECT_EQ(zone(parsed(segment().ethernet().vlan(100).bytes(), options)), zone_of(3, 0, 0));
}

TEST(ParseLink, OtherBridgesHeaders) {
    const Bytes vn_tag = {2, 0, 0, 0, 0, 2, 2, 0, 0, 0, 0, 1, 0x89, 0x26, 0, 0, 0, 1, 0x08, 0x00};
    expect_segment(parsed(segment().link(vn_tag).bytes()), 20);
    const Bytes fabric_path = {2, 0, 0, 0, 0, 2, 2, 0, 0, 0, 0, 1, 0x89, 0x03, 0,
                               1, 2, 0, 0, 0, 0, 2, 2, 0, 0, 0, 0, 1,    0x08, 0x00};
    expect_segment(parsed(segment().link(fabric_path).bytes()), 30);
    const Bytes backbone = {2, 0, 0, 0, 0, 2, 2, 0, 0, 0, 0, 1, 0x88, 0xe7, 0,    1,
                            2, 3, 2, 0, 0, 0, 0, 2, 2, 0, 0, 0, 0,    1,    0x08, 0x00};
    expect_segment(parsed(segment().link(backbone).bytes()), 32);
}

TEST(ParseLink, SnapNamesTheProtocolAndItsLengthCutsThePadding) {
    const Bytes snap = {2, 0, 0, 0, 0, 2, 2, 0, 0, 0, 0, 1, 0, 48, 0xaa, 0xaa, 3, 0, 0, 0, 0x08, 0x00};
    auto frame = segment().total_length(0).link(snap).bytes();
    frame.resize(90);
    const auto p = parsed(frame, ParseOptions{.captured = true});
    expect_segment(p, 22);
    EXPECT_EQ(p.payload, 0U);
}

TEST(ParseLink, LinkTypesOfCaptures) {
    const auto v4 = segment(), v6 = segment6();
    expect_segment(parsed(v4.bytes(), LinkType::raw), 0);
    expect_segment(parsed(v6.bytes(), LinkType::raw), 0);
    expect_segment(parsed(v4.bytes(), LinkType::ipv4), 0);
    expect_segment(parsed(v6.bytes(), LinkType::ipv6), 0);
    expect_segment(parsed(behind({2, 0, 0, 0}, v4), LinkType::null), 4);
    expect_segment(parsed(behind({0, 0, 0, 2}, v4), LinkType::null), 4);
    expect_segment(parsed(behind({0, 0, 0, 2}, v4), LinkType::loop), 4);
    for (const std::uint8_t family : Bytes{10, 24, 28, 30}) {
        expect_segment(parsed(behind({family, 0, 0, 0}, v6), LinkType::null), 4);
    }
    expect_segment(parsed(behind({0xff, 3, 0, 0x21}, v4), LinkType::ppp), 4);
    expect_segment(parsed(behind({0x57}, v6), LinkType::ppp), 1);
    expect_segment(parsed(behind({0, 0, 0, 1, 0, 6, 1, 2, 3, 4, 5, 6, 0, 0, 8, 0}, v4), LinkType::linux_sll),
                   16);
    expect_segment(parsed(behind({0x86, 0xdd, 0, 0, 0, 0, 0, 1, 0, 1, 0, 6, 1, 2, 3, 4, 5, 6, 0, 0}, v6),
                          LinkType::linux_sll2),
                   20);
    expect_segment(parsed(behind({2, 0, 0, 5, 6, 0, 1, 0, 9, 9, 0, 0, 44, 0, 9, 0}, v4), LinkType::nflog),
                   16);
}

TEST(ParseLink, WhatIsNoIpPassesUnderItsReason) {
    const auto typed = [](std::uint16_t type) {
        Bytes frame(60);
        store_be16(frame.data() + 12, type);
        return frame;
    };
    EXPECT_EQ(parsed(typed(0x0806)).reason, Reason::arp);
    EXPECT_EQ(parsed(typed(0x8035)).reason, Reason::arp);
    for (const auto type : std::array<std::uint16_t, 4>{0x8809, 0x88cc, 0x8808, 0x8863}) {
        EXPECT_EQ(parsed(typed(type)).reason, Reason::link_control);
    }
    auto spanning_tree = typed(38);
    std::copy_n(std::array<std::uint8_t, 6>{1, 0x80, 0xc2, 0, 0, 0}.begin(), 6, spanning_tree.begin());
    EXPECT_EQ(parsed(spanning_tree).reason, Reason::link_control);
    EXPECT_EQ(parsed(typed(38)).reason, Reason::not_ip);
    EXPECT_EQ(parsed(typed(0x88f7)).reason, Reason::not_ip);
    EXPECT_EQ(parsed(typed(0x88f7)).kind, PacketKind::pass);
    const auto lcp = segment().ethernet().pppoe(1).bytes();
    auto control = lcp;
    store_be16(control.data() + 20, 0xc021);
    EXPECT_EQ(parsed(control).reason, Reason::link_control);
    EXPECT_EQ(parsed(Bytes{4, 0, 0, 0}, LinkType::null).reason, Reason::not_ip);
}

}  // namespace
}  // namespace ajar
