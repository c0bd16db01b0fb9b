// Does a crafted frame say what its Craft says, in the link header of its direction?
#include <gtest/gtest.h>

#include <array>

#include "ajar/packet/build.hpp"
#include "ajar/packet/checksum.hpp"
#include "ajar/packet/frame.hpp"
#include "unit/packet/parsed.hpp"

namespace ajar {
namespace {

/// The link header of a frame, and a Craft that its sender might have sent.
Craft craft_of(const Bytes& frame) {
    const auto p = parsed(frame);
    Craft craft;
    craft.family = p.family;
    craft.from = p.side;
    craft.flags = {TcpFlags::kRst | TcpFlags::kAck};
    craft.ttl = 61;
    craft.tos = 0x28;
    craft.window = 512;
    craft.seq = 0x89abcdef;
    craft.ack = 0x01234567;
    craft.flow_label = 0x12345;
    craft.link.length = static_cast<std::uint8_t>(p.link_length);
    std::copy_n(frame.begin(), p.link_length, craft.link.bytes.begin());
    if (p.family == Family::ipv6) {
        craft.key = p.v6;
    } else {
        for (std::size_t i = 0; i < 2; ++i) {
            std::copy_n(p.v4.address[i].bytes.begin(), 4, craft.key.address[i].begin());
        }
        craft.key.port = p.v4.port;
        craft.key.zone = p.v4.zone;
    }
    return craft;
}

std::vector<FrameBuilder> senders() {
    const auto v4 = FrameBuilder().ipv4("10.0.0.9", "10.0.0.2").tcp(40000, 443).payload(200);
    const auto v6 = FrameBuilder().ipv6("2001:db8::9", "2001:db8::2").tcp(40000, 443).payload(200);
    auto out = std::vector<FrameBuilder>();
    for (const auto& packet : {v4, v6}) {
        const auto frame = FrameBuilder(packet).ethernet();
        out.push_back(frame);
        out.push_back(FrameBuilder(frame).vlan(100, 0x8100, 3));
        out.push_back(FrameBuilder(frame).vlan(200, 0x88a8).vlan(100));
        out.push_back(FrameBuilder(frame).mpls(20).mpls(21));
        out.push_back(FrameBuilder(frame).pppoe(7));
        out.push_back(FrameBuilder(frame).etag(3).vlan(5).pppoe(7));
    }
    return out;
}

TEST(Build, SaysWhatTheCraftSays) {
    for (const auto& sender : senders()) {
        const auto frame = sender.bytes();
        const auto craft = craft_of(frame);
        Bytes out(kMaxCrafted);
        out.resize(build(craft, out));
        ASSERT_GE(out.size(), 60U);
        const auto p = parsed(out, ParseOptions{.verify_ip_checksum = true});
        const auto seen = parsed(frame);
        ASSERT_EQ(p.kind, PacketKind::tcp) << name(p.reason);
        EXPECT_EQ(p.v6, seen.v6) << "with the zone, so the tags are the same";
        EXPECT_EQ(p.side, craft.from);
        EXPECT_EQ(p.link_length, seen.link_length);
        EXPECT_EQ(p.seq, craft.seq);
        EXPECT_EQ(p.ack, craft.ack);
        EXPECT_EQ(p.flags, craft.flags);
        EXPECT_EQ(p.ttl, craft.ttl);
        EXPECT_EQ(p.tos, craft.tos);
        EXPECT_EQ(p.window, craft.window);
        EXPECT_EQ(p.payload, 0U);
        EXPECT_EQ(p.flow_label, p.family == Family::ipv6 ? craft.flow_label : 0);
        EXPECT_EQ(checksum::verify_tcp(p, out), Checksum::good);
    }
}

TEST(Build, IsTheFrameThatTheSenderWouldHaveSent) {
    const auto builder = FrameBuilder()
                             .ethernet()
                             .vlan(9)
                             .ipv6("2001:db8::9", "2001:db8::2")
                             .ttl(61)
                             .tos(0x28)
                             .flow_label(0x12345)
                             .tcp(40000, 443)
                             .seq(0x89abcdef)
                             .ack(0x01234567)
                             .flags(TcpFlags::kRst)
                             .window(512);
    const auto frame = builder.bytes();
    Bytes out(kMaxCrafted, 0xee);
    out.resize(build(craft_of(frame), out));
    EXPECT_EQ(out, frame);
}

TEST(Build, CarriesAnyOptionsOfASyn) {
    constexpr std::array<std::uint8_t, 4> kEach = {TcpOptions::kMss, TcpOptions::kWindowScale,
                                                   TcpOptions::kSackPermitted, TcpOptions::kTimestamps};
    for (const auto& sender : senders()) {
        for (unsigned set = 0; set < 1U << kEach.size(); ++set) {
            auto craft = craft_of(sender.bytes());
            for (std::size_t i = 0; i < kEach.size(); ++i)
                if ((set >> i & 1U) != 0) craft.options.present |= kEach[i];
            craft.flags = {TcpFlags::kSyn | TcpFlags::kAck};
            craft.options.mss = 1234;
            craft.options.window_scale = 9;
            craft.options.ts_value = 0x89abcdef;
            craft.options.ts_echo = 0x01234567;
            Bytes out(kMaxCrafted, 0xee);
            out.resize(build(craft, out));
            const auto p = parsed(out, ParseOptions{.verify_ip_checksum = true});
            ASSERT_EQ(p.kind, PacketKind::tcp) << name(p.reason);
            EXPECT_EQ(p.options.present, craft.options.present);
            EXPECT_EQ(p.options.mss, (set & 1U) != 0 ? 1234 : 0);
            EXPECT_EQ(p.options.window_scale, (set & 2U) != 0 ? 9 : 0);
            EXPECT_EQ(p.options.ts_value, (set & 8U) != 0 ? craft.options.ts_value : 0);
            EXPECT_EQ(p.options.ts_echo, (set & 8U) != 0 ? craft.options.ts_echo : 0);
            EXPECT_EQ(p.payload, 0U);
            EXPECT_EQ(checksum::verify_tcp(p, out), Checksum::good);
        }
    }
}

TEST(Build, NothingWithoutALinkHeaderOrRoom) {
    auto craft = craft_of(FrameBuilder().ethernet().ipv4("10.0.0.1", "10.0.0.2").tcp(1, 2).bytes());
    Bytes out(59);
    EXPECT_EQ(build(craft, out), 0U);
    out.resize(60);
    EXPECT_EQ(build(craft, out), 60U);
    craft.link.length = 0;
    EXPECT_EQ(build(craft, out), 0U);
}

}  // namespace
}  // namespace ajar
