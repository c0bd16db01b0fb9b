// Are the right numbers of a segment translated, and no others, and does the checksum follow?
#include <gtest/gtest.h>

#include "ajar/packet/byte_order.hpp"
#include "ajar/packet/frame.hpp"
#include "ajar/tcp/translate.hpp"

namespace ajar::tcp {
namespace {

using enum Extent;

constexpr std::uint32_t kCookie = 0xfffffff0U, kIsn = 0x10, kStamp = 5000;
constexpr Translation kShift{kIsn - kCookie, kStamp};
static_assert(kShift.seq == 0x20);

FrameBuilder from_client() { return FrameBuilder().ipv4("10.0.0.9", "10.0.0.2").tcp(40000, 443).seq(77); }
FrameBuilder from_server() { return FrameBuilder().ipv4("10.0.0.2", "10.0.0.9").tcp(443, 40000); }

/// What the other side gets of a segment.
Bytes to_server(const FrameBuilder& segment, Extent extent = whole) {
    auto bytes = segment.transport();
    EXPECT_EQ(translate_to_server(bytes, kShift).extent, extent);
    return bytes;
}
Bytes to_client(const FrameBuilder& segment, Extent extent = whole) {
    auto bytes = segment.transport();
    EXPECT_EQ(translate_to_client(bytes, kShift).extent, extent);
    return bytes;
}

TEST(Translate, TheCookieBecomesTheIsnAndBack) {
    EXPECT_EQ(to_server(from_client().ack(kCookie + 1)), from_client().ack(kIsn + 1).transport());
    EXPECT_EQ(to_client(from_server().seq(kIsn + 1).ack(78)),
              from_server().seq(kCookie + 1).ack(78).transport());
}

TEST(Translate, TimestampsCountByTheReadersClock) {
    EXPECT_EQ(to_server(from_client().ack(100).timestamps(7, 9).payload(5)),
              from_client().ack(100 + 0x20).timestamps(7, 9 + kStamp).payload(5).transport());
    EXPECT_EQ(to_client(from_server().seq(100).ack(1).timestamps(kStamp + 9, 7).payload(5)),
              from_server().seq(100 - 0x20).ack(1).timestamps(9, 7).payload(5).transport());
}

TEST(Translate, ATimestampOfZeroIsNoEcho) {
    EXPECT_EQ(to_server(from_client().ack(100).timestamps(7, 0)),
              from_client().ack(100 + 0x20).timestamps(7, 0).transport());
    const auto syn = from_client().flags(TcpFlags::kSyn).timestamps(7, 9);
    EXPECT_EQ(to_server(syn), syn.transport()) << "without ACK";
}

TEST(Translate, TheClientsSackSpeaksOfTheServersNumbers) {
    using Blocks = std::vector<std::pair<std::uint32_t, std::uint32_t>>;
    const Blocks near = {{kCookie + 5, kCookie + 9}, {kCookie + 20, kCookie + 30}};
    const Blocks far = {{kIsn + 5, kIsn + 9}, {kIsn + 20, kIsn + 30}};
    EXPECT_EQ(to_server(from_client().ack(1).sack(near)), from_client().ack(1 + 0x20).sack(far).transport());
    const auto servers = from_server().seq(0x20).ack(1).sack(near);
    EXPECT_EQ(to_client(servers), from_server().seq(0).ack(1).sack(near).transport());
}

TEST(Translate, ResetsOfBothWithAndWithoutAck) {
    const auto bare = from_client().flags(TcpFlags::kRst);
    EXPECT_EQ(to_server(bare), bare.transport());
    EXPECT_EQ(to_server(from_client().flags(TcpFlags::kRst).ack(5)),
              from_client().flags(TcpFlags::kRst).ack(5 + 0x20).transport());
    EXPECT_EQ(to_client(from_server().flags(TcpFlags::kRst).seq(0x25)),
              from_server().flags(TcpFlags::kRst).seq(5).transport());
    EXPECT_EQ(to_client(from_server().flags(TcpFlags::kRst).seq(0x25).ack(9)),
              from_server().flags(TcpFlags::kRst).seq(5).ack(9).transport());
}

/// Timestamps and one SACK block behind other options, so that both begin at even and at odd places.
Bytes options_behind(Bytes before, std::uint32_t echo, std::uint32_t edge) {
    Bytes all = std::move(before);
    all.insert(all.end(), {8, 10, 1, 2, 3, 4, 0, 0, 0, 0, 5, 10, 0, 0, 0, 0, 0, 0, 0, 0, 0});
    store_be32(all.data() + all.size() - 15, echo);
    store_be32(all.data() + all.size() - 9, edge);
    store_be32(all.data() + all.size() - 5, edge + 1000);
    all.resize((all.size() + 3) / 4 * 4);
    return all;
}

TEST(Translate, OptionsMayBeginAnywhere) {
    for (const auto& before : {Bytes{}, Bytes{1}, Bytes{1, 1}, Bytes{3, 3, 7}, Bytes{3, 3, 7, 1}}) {
        for (const std::uint32_t n : {1U, 0xff00U, 0xfffffff0U, 0xffff0000U}) {
            EXPECT_EQ(to_server(from_client().ack(1).raw_options(options_behind(before, n, n))),
                      from_client()
                          .ack(1 + 0x20)
                          .raw_options(options_behind(before, n + kStamp, n + 0x20))
                          .transport());
        }
    }
}

TEST(Translate, NothingAfterTheEndOfOptionsOrTheHeaderIsOne) {
    const Bytes ended = {0, 8, 10, 1, 1, 1, 1, 2, 2, 2, 2, 0};
    EXPECT_EQ(to_server(from_client().ack(1).raw_options(ended)),
              from_client().ack(0x21).raw_options(ended).transport());
    const Bytes data = {1, 1, 8, 10, 1, 1, 1, 1, 2, 2, 2, 2};
    EXPECT_EQ(to_server(from_client().ack(1).payload(data)),
              from_client().ack(0x21).payload(data).transport());
}

/// What the parser ignores, the hosts ignore.
TEST(Translate, TimestampsOfAnotherLengthAreNone) {
    const Bytes strange = {8, 6, 0, 0, 0, 9, 1, 1};
    EXPECT_EQ(to_server(from_client().ack(1).raw_options(strange)),
              from_client().ack(0x21).raw_options(strange).transport());
}

TEST(Translate, OfASackTheWholeBlocks) {
    const auto options = [](std::uint8_t edge) {
        return Bytes{5, 12, 0, 0, 0, edge, 0, 0, 1, edge, 0, 7, 1, 1, 1, 1};
    };
    EXPECT_EQ(to_server(from_client().ack(1).raw_options(options(3))),
              from_client().ack(0x21).raw_options(options(0x23)).transport());
}

TEST(Translate, StopsAtAMalformedOption) {
    const auto options = [](std::uint8_t edge, std::uint8_t length) {
        return Bytes{5, 10, 0, 0, 0, edge, 0, 0, 0, 9, 8, length, 0, 0, 0, 1, 0, 0, 0, 2};
    };
    for (const std::uint8_t length : Bytes{0, 1, 11, 255}) {
        auto sent = from_client().ack(1).raw_options(options(1, length));
        const auto got = to_server(sent, malformed);
        const Bytes expected = {5, 10, 0, 0, 0, 0x21, 0, 0, 0, 0x29, 8, length, 0, 0, 0, 1, 0, 0, 0, 2};
        EXPECT_EQ(got, from_client().ack(0x21).raw_options(expected).transport());
    }
    const Bytes only_a_kind = {1, 1, 1, 8};
    EXPECT_EQ(to_client(from_server().seq(0x21).raw_options(only_a_kind), malformed),
              from_server().seq(1).raw_options(only_a_kind).transport());
}

TEST(Translate, AHeaderThatIsNotWholeStays) {
    const auto sent = from_client().ack(1).timestamps(1, 2).transport();
    for (std::size_t there = 0; there < sent.size(); ++there) {
        const Bytes cut(sent.begin(), sent.begin() + static_cast<std::ptrdiff_t>(there));
        auto got = cut;
        EXPECT_EQ(translate_to_server(got, kShift), (Translated{0, Extent::cut}));
        EXPECT_EQ(translate_to_client(got, kShift), (Translated{0, Extent::cut}));
        EXPECT_EQ(got, cut);
    }
    auto short_offset = sent;
    short_offset[12] = 0x40;
    const auto was = short_offset;
    EXPECT_EQ(translate_to_server(short_offset, kShift).extent, cut);
    EXPECT_EQ(short_offset, was);
}

/// RFC 1624 4: dd2f over a word that goes from 5555 to 3285 becomes 0000; eqn. 2 would say ffff.
TEST(Translate, Rfc1624Example) {
    Bytes segment(20);
    segment[12] = 0x50;
    store_be32(segment.data() + 4, 0x5555);
    store_be16(segment.data() + 16, 0xdd2f);
    const auto done = translate_to_client(segment, {0x5555 - 0x3285, 0});
    EXPECT_EQ(load_be32(segment.data() + 4), 0x3285U);
    EXPECT_EQ(load_be16(segment.data() + 16), 0);
    EXPECT_EQ(done, (Translated{0xffff - 0x5555 + 0x3285, whole}));
}

TEST(Translate, AWrongChecksumStaysWrongByAsMuch) {
    for (const unsigned error : {1U, 0x100U, 0x7fffU, 0xfffeU}) {
        auto sent = from_client().ack(0x12345678).timestamps(1, 2).transport();
        const auto right = to_server(from_client().ack(0x12345678).timestamps(1, 2));
        store_be16(sent.data() + 16,
                   static_cast<std::uint16_t>((load_be16(sent.data() + 16) + error) % 0xffff));
        translate_to_server(sent, kShift);
        EXPECT_EQ(load_be16(sent.data() + 16), (load_be16(right.data() + 16) + error) % 0xffff);
    }
}

}  // namespace
}  // namespace ajar::tcp
