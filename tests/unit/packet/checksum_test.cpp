// Are checksums right: against examples worked by hand, and against a frame with one byte changed?
#include <gtest/gtest.h>

#include "ajar/packet/checksum.hpp"
#include "ajar/packet/frame.hpp"
#include "unit/packet/parsed.hpp"

namespace ajar {
namespace {

Checksum verified(const Bytes& frame, const ParseOptions& options = {}) {
    return checksum::verify_tcp(parsed(frame, options), frame);
}

/// RFC 1071 3 sums 0001 f203 f4f5 f6f7 to ddf2.
TEST(Sum, Rfc1071Example) {
    const Bytes bytes = {0x00, 0x01, 0xf2, 0x03, 0xf4, 0xf5, 0xf6, 0xf7};
    EXPECT_EQ(checksum::Sum().add(bytes).checksum(), static_cast<std::uint16_t>(~0xddf2U));
}

TEST(Sum, AnOddByteIsTheHighHalfOfAWord) {
    const Bytes bytes = {0x12, 0x34, 0x56};
    EXPECT_EQ(checksum::Sum().add(bytes).checksum(), static_cast<std::uint16_t>(~(0x1234U + 0x5600U)));
}

TEST(VerifyTcp, EveryByteOfTheSegmentCounts) {
    for (const auto& builder : {FrameBuilder().ethernet().ipv4("192.0.2.1", "192.0.2.2"),
                                FrameBuilder().ethernet().ipv6("2001:db8::1", "2001:db8::2")}) {
        auto segment = builder;
        const auto frame = segment.tcp(1025, 80).seq(99).payload(11).bytes();
        ASSERT_EQ(verified(frame), Checksum::good);
        const auto p = parsed(frame);
        for (std::size_t i = p.l4_offset + 13U; i < frame.size(); ++i) {
            auto broken = frame;
            broken[i] ^= 0x10;
            EXPECT_EQ(verified(broken), Checksum::bad) << i;
        }
    }
}

/// Summed by hand: RST of 10.0.0.1:80 > 10.0.0.2:1024, SEQ 1.
TEST(VerifyTcp, KnownFrame) {
    // Sum of the words: 0a00 0001 0a00 0002 0006 0014 | 0050 0400 0000 0001 0000 0000 5004 0000 = 6872
    Bytes segment(20);
    store_be16(segment.data(), 80);
    store_be16(segment.data() + 2, 1024);
    store_be32(segment.data() + 4, 1);
    segment[12] = 0x50;
    segment[13] = TcpFlags::kRst;
    store_be16(segment.data() + 16, static_cast<std::uint16_t>(~0x6872U));
    const auto frame =
        FrameBuilder().ethernet().ipv4("10.0.0.1", "10.0.0.2").protocol(6).payload(segment).bytes();
    EXPECT_EQ(verified(frame), Checksum::good);
}

TEST(VerifyTcp, PaddingDoesNotCount) {
    auto frame = FrameBuilder().ethernet().ipv4("10.0.0.1", "10.0.0.2").tcp(1, 2).bytes();
    frame.back() = 0xff;
    EXPECT_EQ(verified(frame), Checksum::good);
}

TEST(VerifyTcp, WhatIsNotWholeIsUnknown) {
    const auto segment = FrameBuilder().ethernet().ipv4("10.0.0.1", "10.0.0.2").tcp(1, 2).payload(100);
    auto frame = segment.bytes();
    const auto p = parsed(frame);
    EXPECT_EQ(checksum::verify_tcp(p, std::span(frame).first(frame.size() - 1)), Checksum::unknown);
    auto reassembled = p;
    reassembled.pieces = 2;
    EXPECT_EQ(checksum::verify_tcp(reassembled, frame), Checksum::unknown);
    const auto piece = segment.piece(0, 64, 1);
    EXPECT_EQ(verified(piece), Checksum::unknown);
}

TEST(VerifyTcp, LenientlyARoutedSegmentIsSummedWithItsFinalDestination) {
    const auto end = FrameBuilder().ipv6("2001:db8::1", "2001:db8::9").tcp(1, 2).payload(9);
    Bytes route = {0, 1, 0, 0, 0, 0};
    const auto last = ipv6_address("2001:db8::9");
    route.insert(route.end(), last.begin(), last.end());
    const auto frame = FrameBuilder()
                           .ethernet()
                           .ipv6("2001:db8::1", "2001:db8::2")
                           .extension(43, route)
                           .protocol(6)
                           .payload(end.transport())
                           .bytes();
    EXPECT_EQ(verified(frame, {.lenient = true}), Checksum::good);
}

}  // namespace
}  // namespace ajar
