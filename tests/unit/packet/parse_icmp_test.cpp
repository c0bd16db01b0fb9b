// Does an ICMP error lead to the flow whose packet it quotes?
#include <gtest/gtest.h>

#include "ajar/packet/frame.hpp"
#include "unit/packet/parsed.hpp"

namespace ajar {
namespace {

FrameBuilder quoted() { return FrameBuilder().ipv4("10.0.0.9", "10.0.0.2").tcp(40000, 443).seq(4711); }
FrameBuilder quoted6() { return FrameBuilder().ipv6("2001:db8::9", "2001:db8::2").tcp(40000, 443).seq(4711); }

Bytes first(Bytes bytes, std::size_t n) {
    bytes.resize(n);
    return bytes;
}
FrameBuilder error(std::uint8_t type, const Bytes& quote) {
    return FrameBuilder().ethernet().vlan(8).ipv4("10.9.9.9", "10.0.0.9").icmp(type, 1).payload(quote);
}
FrameBuilder error6(std::uint8_t type, const Bytes& quote) {
    return FrameBuilder().ethernet().ipv6("2001:db8:9::9", "2001:db8::9").icmp(type, 1).payload(quote);
}

TEST(ParseIcmp, AnErrorHasTheKeyOfTheQuotedPacket) {
    const auto flow = parsed(quoted().ethernet().vlan(8).bytes());
    const auto quote = first(quoted().bytes(), 28);  // header and 8 bytes: all that RFC 792 promises
    for (const std::uint8_t type : Bytes{3, 4, 5, 11, 12}) {
        const auto p = parsed(error(type, quote).bytes());
        ASSERT_EQ(p.kind, PacketKind::icmp_error) << name(p.reason);
        EXPECT_EQ(p.v4, flow.v4);
        EXPECT_EQ(p.side, flow.side);
        EXPECT_EQ(p.seq, 4711U);
        EXPECT_EQ(p.flags.bits, 0);
        EXPECT_EQ(p.quote_offset, p.l4_offset + 8 + 20);
        EXPECT_EQ(p.ip_length, 20U + 8 + 28);
    }
}

TEST(ParseIcmp, SoHasAnIcmpv6Error) {
    const auto flow = parsed(quoted6().ethernet().bytes());
    for (const std::uint8_t type : Bytes{1, 2, 3, 4}) {
        const auto p = parsed(error6(type, quoted6().bytes()).bytes());
        ASSERT_EQ(p.kind, PacketKind::icmp_error) << name(p.reason);
        EXPECT_EQ(p.v6, flow.v6);
        EXPECT_EQ(p.side, flow.side);
        EXPECT_EQ(p.seq, 4711U);
    }
    const auto extended = quoted6().extension(0, Bytes(6)).extension(60, Bytes(14)).bytes();
    const auto p = parsed(error6(1, extended).bytes());
    EXPECT_EQ(p.kind, PacketKind::icmp_error);
    EXPECT_EQ(p.quote_offset, p.l4_offset + 8 + 40 + 8 + 16);
}

TEST(ParseIcmp, TheQuotationsLengthsMayBeLonger) {
    const auto quote = first(quoted().payload(1400).bytes(), 28);
    EXPECT_EQ(parsed(error(3, quote).bytes()).kind, PacketKind::icmp_error);
}

TEST(ParseIcmp, OtherIcmpPasses) {
    EXPECT_EQ(parsed(error(8, {}).bytes()).reason, Reason::icmp);
    EXPECT_EQ(parsed(error6(128, {}).bytes()).reason, Reason::icmp);
    EXPECT_EQ(parsed(error(3, quoted().udp(1, 2).bytes()).bytes()).reason, Reason::icmp);
    EXPECT_EQ(parsed(error6(1, quoted6().udp(1, 2).bytes()).bytes()).reason, Reason::icmp);
    EXPECT_EQ(parsed(error(3, quoted().payload(64).piece(16, 16, 1)).bytes()).reason, Reason::icmp);
    EXPECT_EQ(parsed(error6(1, quoted6().payload(64).piece(16, 16, 1)).bytes()).reason, Reason::icmp);
    for (std::uint8_t type = 133; type <= 137; ++type) {
        EXPECT_EQ(parsed(error6(type, Bytes(16)).bytes()).reason, Reason::neighbour_discovery);
    }
}

TEST(ParseIcmp, AQuotationThatIsCutIsRefused) {
    for (const std::size_t n : {0U, 19U, 20U, 27U}) {
        EXPECT_EQ(parsed(error(3, first(quoted().bytes(), n)).bytes()).reason, Reason::truncated_icmp) << n;
    }
    for (const std::size_t n : {0U, 39U, 40U, 47U}) {
        EXPECT_EQ(parsed(error6(1, first(quoted6().bytes(), n)).bytes()).reason, Reason::truncated_icmp) << n;
    }
}

}  // namespace
}  // namespace ajar
