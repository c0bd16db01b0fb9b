// What the parser makes of broken TCP packets when it is told to be as lenient as Zeek.
#include <gtest/gtest.h>

#include "ajar/packet/frame.hpp"
#include "ajar/packet/parse.hpp"
#include "unit/packet/parsed.hpp"

namespace ajar {
namespace {

constexpr std::size_t kTcp = 14 + 20;

FrameBuilder client() {
    return FrameBuilder().ethernet().ipv4("10.0.0.1", "10.0.0.2").tcp(40000, 443).flags(TcpFlags::kSyn);
}

Packet lenient(std::span<const std::uint8_t> bytes, std::uint32_t wire_length = 0) {
    return parsed(bytes, ParseOptions{.lenient = true}, wire_length);
}

TEST(ParseLenient, AnOffsetBeyondTheSegmentStillNamesTheConnection) {
    auto bytes = client().seq(7).bytes();
    bytes[kTcp + 12] = 0xf0;
    EXPECT_EQ(parsed(bytes).kind, PacketKind::refused);
    const auto p = lenient(bytes);
    ASSERT_EQ(p.kind, PacketKind::tcp);
    EXPECT_TRUE(p.headless);
    EXPECT_EQ(p.reason, Reason::bad_tcp_offset);
    EXPECT_TRUE(p.flags.syn());
    EXPECT_EQ(p.seq, 7U);
    EXPECT_EQ(p.payload, 0U);
    EXPECT_EQ(p.v4, parsed(client().bytes()).v4);
}

TEST(ParseLenient, AnOffsetBelowTwentyMakesTheFlagsDoubtful) {
    auto bytes = client().bytes();
    bytes[kTcp + 12] = 0x40;
    const auto p = lenient(bytes);
    EXPECT_TRUE(p.headless);
    EXPECT_FALSE(p.flags.syn());
}

TEST(ParseLenient, LessThanTheFixedHeaderIsRefusedAllTheSame) {
    auto bytes = client().bytes();
    bytes.resize(kTcp + 19);
    const auto p = lenient(bytes, kTcp + 20);
    EXPECT_EQ(p.reason, Reason::truncated_tcp);
    EXPECT_EQ(p.kind, PacketKind::refused);
}

TEST(ParseLenient, MalformedOptionsAreSkipped) {
    auto bytes = client().mss(1460).bytes();
    bytes[kTcp + 21] = 0;
    EXPECT_EQ(parsed(bytes).reason, Reason::tcp_options_malformed);
    const auto p = lenient(bytes);
    EXPECT_EQ(p.kind, PacketKind::tcp);
    EXPECT_EQ(p.reason, Reason::none);
    EXPECT_FALSE(p.headless);
}

TEST(ParseLenient, NoAddressIsImpossible) {
    const auto land = FrameBuilder().ethernet().ipv4("10.0.0.1", "10.0.0.1").tcp(80, 80).bytes();
    EXPECT_EQ(parsed(land).reason, Reason::bad_address);
    EXPECT_EQ(lenient(land).kind, PacketKind::tcp);
}

TEST(ParseLenient, ASoundPacketIsTheSame) {
    const auto p = lenient(client().bytes());
    EXPECT_EQ(p.kind, PacketKind::tcp);
    EXPECT_FALSE(p.headless);
    EXPECT_EQ(p.reason, Reason::none);
}

}  // namespace
}  // namespace ajar
