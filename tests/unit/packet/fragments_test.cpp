// Is a fragmented datagram held until it is whole, and given up under the right Reason otherwise?
#include <gtest/gtest.h>

#include "ajar/packet/frame.hpp"
#include "unit/packet/holding.hpp"

namespace ajar {
namespace {

using Kind = FragmentOutcome::Kind;
using Handles = std::vector<FrameHandle>;

FrameBuilder datagram(std::size_t payload = 3000) {
    return FrameBuilder()
        .ethernet()
        .vlan(7)
        .ipv4("10.0.0.9", "10.0.0.2")
        .tcp(40000, 443)
        .seq(5)
        .ack(6)
        .window(777)
        .timestamps(1, 2)
        .payload(payload);
}

FrameBuilder datagram6(std::size_t payload = 3000) {
    return datagram(payload).ipv6("2001:db8::9", "2001:db8::2");
}

TEST(Fragments, ACompleteDatagramIsOnePacketWithItsHandlesInOrderOfArrival) {
    for (const auto& whole : {datagram(), datagram6()}) {
        Holding h;
        const auto pieces = whole.pieces(1480, 99);
        ASSERT_EQ(pieces.size(), 3U);
        EXPECT_EQ(h.add(pieces[2]).kind, Kind::held);
        EXPECT_EQ(h.add(pieces[0]).kind, Kind::held);
        EXPECT_EQ(h.holder().datagrams(), 1U);
        const auto outcome = h.add(pieces[1]);
        ASSERT_EQ(outcome.kind, Kind::complete);
        EXPECT_EQ(listed(outcome.handles), (Handles{1, 2, 3}));
        EXPECT_EQ(h.holder().datagrams(), 0U);
        EXPECT_EQ(h.holder().bytes(), 0U);

        const auto frame = whole.bytes();
        const auto straight = parsed(frame);
        const auto& p = h.datagram;
        EXPECT_EQ(p.kind, PacketKind::tcp);
        EXPECT_EQ(p.pieces, 3);
        EXPECT_EQ(p.seq, 5U);
        EXPECT_EQ(p.ack, 6U);
        EXPECT_EQ(p.window, 777);
        EXPECT_EQ(p.side, straight.side);
        EXPECT_EQ(p.v6, straight.v6);
        EXPECT_EQ(p.payload, 3000U);
        EXPECT_EQ(p.ip_length, straight.ip_length);
        EXPECT_EQ(p.options.ts_value, 1U);
        EXPECT_EQ(p.ordinal, 3U) << "that of the fragment that completed it";
        EXPECT_EQ(p.link_length, 18);
        EXPECT_TRUE(std::equal(p.frame, p.frame + p.link_length, frame.begin()));
    }
}

TEST(Fragments, DatagramsOfEitherDirectionOrOtherIdDoNotMix) {
    Holding h;
    const auto back = datagram().ipv4("10.0.0.2", "10.0.0.9");
    h.add(datagram().pieces(1480, 1)[0]);
    h.add(datagram().pieces(1480, 2)[1]);
    h.add(back.pieces(1480, 1)[2]);
    h.add(datagram6().pieces(1480, 1)[1]);
    EXPECT_EQ(h.holder().datagrams(), 4U);
}

TEST(Fragments, AnotherProtocolPassesAtOnce) {
    Holding h;
    const auto outcome = h.add(datagram().udp(1, 2).pieces(1480, 1)[1]);
    EXPECT_EQ(outcome.kind, Kind::pass);
    EXPECT_EQ(outcome.reason, Reason::fragment_not_tcp);
    EXPECT_EQ(listed(outcome.handles), (Handles{1}));
    EXPECT_EQ(h.holder().datagrams(), 0U);
}

TEST(Fragments, AnExactDuplicateIsDroppedAlone) {
    Holding h;
    const auto pieces = datagram().pieces(1480, 1);
    h.add(pieces[1]);
    const auto again = h.add(pieces[1]);
    EXPECT_EQ(again.reason, Reason::fragment_duplicate);
    EXPECT_EQ(listed(again.handles), (Handles{2}));
    h.add(pieces[0]);
    EXPECT_EQ(listed(h.add(pieces[2]).handles), (Handles{1, 3, 4}));
}

TEST(Fragments, AnOverlapDropsTheDatagramAndWhatComesOfItLater) {
    Holding h;
    const auto whole = datagram();
    h.add(whole.piece(0, 1480, 1));
    h.add(whole.piece(1600, 800, 1));
    const auto overlap = h.add(whole.piece(1472, 80, 1));
    EXPECT_EQ(overlap.kind, Kind::refused);
    EXPECT_EQ(overlap.reason, Reason::fragment_overlap);
    EXPECT_EQ(listed(overlap.handles), (Handles{1, 2, 3}));
    EXPECT_EQ(h.holder().bytes(), 0U);
    const auto later = h.add(whole.piece(1480, 120, 1));
    EXPECT_EQ(later.reason, Reason::fragment_overlap);
    EXPECT_EQ(listed(later.handles), (Handles{4}));
    h.pass_time(std::chrono::seconds(30));
    EXPECT_EQ(h.add(whole.piece(0, 1480, 1)).kind, Kind::held) << "after the timeout the id is free again";
}

TEST(Fragments, APieceBeyondTheEndIsMalformed) {
    Holding h;
    const auto whole = datagram();
    h.add(datagram(1000).piece(800, 800, 1));  // the last piece of a shorter one
    const auto beyond = h.add(whole.piece(1600, 80, 1));
    EXPECT_EQ(beyond.reason, Reason::fragment_malformed);
    EXPECT_EQ(listed(beyond.handles), (Handles{1, 2}));

    h.add(whole.piece(1600, 80, 2));
    EXPECT_EQ(h.add(datagram(1000).piece(800, 800, 2)).reason, Reason::fragment_malformed);
}

TEST(Fragments, TheFirstPieceMustHoldTheTcpHeader) {
    for (const auto length : {8U, 16U, 24U}) {  // the header is 32 bytes long
        Holding h;
        h.add(datagram().piece(64, 64, 1));
        const auto first = h.add(datagram().piece(0, length, 1));
        EXPECT_EQ(first.kind, Kind::refused);
        EXPECT_EQ(first.reason, Reason::fragment_too_small);
        EXPECT_EQ(listed(first.handles), (Handles{1, 2}));
    }
    Holding h;
    EXPECT_EQ(h.add(datagram().piece(0, 32, 1)).kind, Kind::held);
}

TEST(Fragments, LenientlyAHeaderMayBeSpreadOverSeveral) {
    Holding h;
    h.options.lenient = true;
    auto pieces = datagram(100).pieces(8, 3);
    std::swap(pieces[0], pieces[2]);
    for (std::size_t i = 0; i + 1 < pieces.size(); ++i) ASSERT_EQ(h.add(pieces[i]).kind, Kind::held) << i;
    ASSERT_EQ(h.add(pieces.back()).kind, Kind::complete);
    EXPECT_EQ(h.datagram.seq, 5U);
    EXPECT_EQ(h.datagram.options.ts_value, 1U);
    EXPECT_EQ(h.datagram.payload, 100U);
}

TEST(Fragments, LenientlyTheyMayBeMany) {
    Holding h;
    h.options.lenient = true;
    const auto pieces = datagram(8 * (FragmentHolder::kMaxPieces + 10)).pieces(8, 3);
    ASSERT_GT(pieces.size(), FragmentHolder::kMaxPieces);
    for (std::size_t i = 0; i + 1 < pieces.size(); ++i) ASSERT_EQ(h.add(pieces[i]).kind, Kind::held) << i;
    EXPECT_EQ(h.add(pieces.back()).kind, Kind::complete);
}

TEST(Fragments, ACaptureMayCutThePayloadButNotTheTcpHeader) {
    Holding h;
    const auto pieces = datagram().pieces(1480, 1);
    EXPECT_EQ(h.add(pieces[0], 18 + 20 + 32).kind, Kind::held);
    const auto cut = h.add(datagram().pieces(1480, 2)[0], 18 + 20 + 31);
    EXPECT_EQ(cut.reason, Reason::truncated_tcp);
}

TEST(Fragments, WhatTheTcpParserRefusesIsRefusedWhole) {
    Holding h;
    const std::array<std::uint8_t, 4> malformed = {2, 9, 9, 9};
    const auto pieces = FrameBuilder()
                            .ethernet()
                            .ipv4("10.0.0.9", "10.0.0.2")
                            .tcp(1, 2)
                            .raw_options(malformed)
                            .payload(100)
                            .pieces(64, 1);
    h.add(pieces[0]);
    const auto outcome = h.add(pieces[1]);
    EXPECT_EQ(outcome.kind, Kind::refused);
    EXPECT_EQ(outcome.reason, Reason::tcp_options_malformed);
    EXPECT_EQ(listed(outcome.handles), (Handles{1, 2}));
    EXPECT_EQ(h.holder().datagrams(), 0U);
}

TEST(Fragments, AHoleIsGivenUpAfterTheTimeout) {
    Holding h;
    const auto pieces = datagram().pieces(1480, 1);
    h.add(pieces[0]);
    h.pass_time(std::chrono::seconds(30) - Duration(1));
    EXPECT_TRUE(h.expire().empty());
    h.add(pieces[2]);  // renews nothing
    h.pass_time(Duration(1));
    EXPECT_EQ(listed(h.expire()), (Handles{1, 2}));
    EXPECT_EQ(h.holder().datagrams(), 0U);
}

TEST(Fragments, AddExpiresFirst) {
    Holding h;
    const auto pieces = datagram().pieces(1480, 1);
    h.add(pieces[0]);
    h.pass_time(std::chrono::seconds(30));
    const auto outcome = h.add(pieces[1]);
    EXPECT_EQ(listed(outcome.expired), (Handles{1}));
    EXPECT_EQ(outcome.kind, Kind::held);
}

TEST(Fragments, FullOfDatagramsTheOldestGivesWay) {
    Holding h({.datagrams = 2, .bytes = 1U << 20U});
    h.add(datagram().pieces(1480, 1)[0]);
    h.add(datagram().pieces(1480, 2)[0]);
    h.add(datagram().pieces(1480, 1)[1]);
    const auto outcome = h.add(datagram().pieces(1480, 3)[0]);
    EXPECT_EQ(outcome.kind, Kind::held);
    EXPECT_EQ(listed(outcome.evicted), (Handles{1, 3}));
    EXPECT_EQ(h.holder().datagrams(), 2U);
}

TEST(Fragments, FullOfBytesTheOldestGivesWay) {
    Holding h({.datagrams = 8, .bytes = 3200});
    h.add(datagram().pieces(1480, 1)[0]);
    h.add(datagram(4500).pieces(1480, 2)[0]);
    const auto outcome = h.add(datagram(4500).pieces(1480, 2)[1]);
    EXPECT_EQ(listed(outcome.evicted), (Handles{1}));
    EXPECT_LE(h.holder().bytes(), 3200U);
    const auto itself = h.add(datagram(4500).pieces(1480, 2)[2]);
    EXPECT_EQ(itself.reason, Reason::fragment_limit) << "when it is the oldest itself, it gives way";
    EXPECT_EQ(listed(itself.handles), (Handles{2, 3, 4}));
}

TEST(Fragments, AFrameBeyondTheLimitIsDroppedAlone) {
    Holding h({.datagrams = 8, .bytes = 100});
    const auto outcome = h.add(datagram().pieces(1480, 1)[0]);
    EXPECT_EQ(outcome.reason, Reason::fragment_limit);
    EXPECT_EQ(h.holder().datagrams(), 0U);
}

TEST(Fragments, TooManyPiecesAreTooMany) {
    Holding h;
    const auto pieces = datagram(3000).pieces(8, 1);
    ASSERT_GT(pieces.size(), FragmentHolder::kMaxPieces + 10);
    for (std::size_t i = 10; i < 10 + FragmentHolder::kMaxPieces; ++i) {
        ASSERT_EQ(h.add(pieces[i]).kind, Kind::held);
    }
    const auto outcome = h.add(pieces[10 + FragmentHolder::kMaxPieces]);
    EXPECT_EQ(outcome.reason, Reason::fragment_limit);
    EXPECT_EQ(outcome.handles.size(), FragmentHolder::kMaxPieces + 1);
}

/// The fragment header says "destination options", and TCP stands behind those.
TEST(Fragments, ExtensionHeadersBehindTheFragmentHeaderAreFollowed) {
    const Bytes options = {6, 0, 1, 4, 0, 0, 0, 0};  // next header TCP, 8 bytes, PadN
    const auto inner =
        FrameBuilder().ipv6("2001:db8::9", "2001:db8::2").tcp(40000, 443).payload(100).transport();
    const auto whole = FrameBuilder()
                           .ethernet()
                           .ipv6("2001:db8::9", "2001:db8::2")
                           .protocol(60)
                           .payload(options)
                           .append(inner);
    Holding h;
    const auto pieces = whole.pieces(64, 1);
    EXPECT_EQ(h.add(pieces[1]).kind, Kind::held) << "TCP may follow";
    ASSERT_EQ(h.add(pieces[0]).kind, Kind::complete);
    EXPECT_EQ(h.datagram.payload, 100U);
    EXPECT_EQ(h.datagram.ip_length, 40U + 8 + 20 + 100);
    EXPECT_EQ(h.datagram.l4_offset, 14 + 40 + 8 + 8);
    EXPECT_EQ(h.datagram.checksum, Checksum::good) << "the options are not summed";
    EXPECT_EQ(h.add(whole.piece(0, 24, 2)).reason, Reason::fragment_too_small);
}

/// Behind the fragment header they mislead as they do before it.
TEST(Fragments, ARouteOrAHomeAddressBehindTheFragmentHeaderIsRefused) {
    const Bytes routed = {6, 0, 77, 1, 0, 0, 0, 0};
    Bytes away = {6, 2, 1, 0, 0xc9, 16};
    away.resize(22, 0x20);
    away.resize(24, 0);  // Pad1
    const auto whole = [](std::uint8_t protocol, std::span<const std::uint8_t> header) {
        const auto inner = FrameBuilder().ipv6("2001:db8::9", "2001:db8::2").tcp(40000, 443).payload(100);
        return FrameBuilder()
            .ethernet()
            .ipv6("2001:db8::9", "2001:db8::2")
            .protocol(protocol)
            .payload(header)
            .append(inner.transport());
    };
    Holding h;
    EXPECT_EQ(name(h.add(whole(43, routed).piece(0, 64, 1)).reason), name(Reason::source_routed));
    EXPECT_EQ(name(h.add(whole(60, away).piece(0, 64, 2)).reason), name(Reason::home_address));
    h.options.lenient = true;
    EXPECT_EQ(h.add(whole(60, away).piece(0, 64, 3)).kind, Kind::held);
}

TEST(Fragments, WhatTurnsOutNotToBeTcpPassesAsItCame) {
    const Bytes options = {17, 0, 1, 4, 0, 0, 0, 0};  // next header UDP
    const auto whole = FrameBuilder()
                           .ethernet()
                           .ipv6("2001:db8::9", "2001:db8::2")
                           .protocol(60)
                           .payload(options)
                           .append(Bytes(200));
    Holding h;
    const auto pieces = whole.pieces(64, 1);
    h.add(pieces[1]);
    const auto first = h.add(pieces[0]);
    EXPECT_EQ(first.kind, Kind::pass);
    EXPECT_EQ(first.reason, Reason::fragment_not_tcp);
    EXPECT_EQ(listed(first.handles), (Handles{1, 2}));
    EXPECT_EQ(h.add(pieces[2]).kind, Kind::pass);
}

TEST(Fragments, FlushGivesAllBack) {
    Holding h;
    h.add(datagram().pieces(1480, 1)[0]);
    h.add(datagram().pieces(1480, 2)[0]);
    EXPECT_EQ(listed(h.holder().flush()), (Handles{1, 2}));
    EXPECT_EQ(h.holder().bytes(), 0U);
}

/// An odd payload: the last piece ends in half a word.
TEST(Fragments, TheChecksumIsThatOfAllPiecesWhateverTheirOrder) {
    for (const auto& whole : {datagram(3001), datagram6(3001)}) {
        for (const bool bad : {false, true}) {
            Holding h;
            auto pieces = FrameBuilder(whole).pieces(1480, 1);
            if (bad) pieces[1].back() ^= 0x10;
            h.add(pieces[2]);
            h.add(pieces[0]);
            ASSERT_EQ(h.add(pieces[1]).kind, Kind::complete);
            EXPECT_EQ(h.datagram.checksum, bad ? Checksum::bad : Checksum::good);
        }
    }
}

TEST(Fragments, TheChecksumIsUnknownWhereAPieceWasNotSummed) {
    Holding h;
    const auto pieces = datagram().pieces(1480, 1);
    h.add(pieces[0]);
    h.verify = false;
    h.add(pieces[1]);
    h.verify = true;
    ASSERT_EQ(h.add(pieces[2]).kind, Kind::complete);
    EXPECT_EQ(h.datagram.checksum, Checksum::unknown);
}

TEST(Fragments, ADuplicateIsNotSummedTwice) {
    Holding h;
    const auto pieces = datagram().pieces(1480, 1);
    for (const std::size_t i : {0U, 1U, 1U, 0U}) h.add(pieces[i]);
    ASSERT_EQ(h.add(pieces[2]).kind, Kind::complete);
    EXPECT_EQ(h.datagram.checksum, Checksum::good);
}

TEST(FragmentLimits, APartitionGetsItsShare) {
    const auto share = share_of(FragmentLimits{}, 128);
    EXPECT_EQ(share.datagrams, 32U);
    EXPECT_EQ(share.bytes, 512U << 10U);
    EXPECT_EQ(share_of({.datagrams = 1}, 128).datagrams, 1U);
}

}  // namespace
}  // namespace ajar
