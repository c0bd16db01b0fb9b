// Does an end that gets an ICMP error recognise what it has sent, though it was translated on its way?
#include <gtest/gtest.h>

#include "ajar/packet/checksum.hpp"
#include "ajar/packet/frame.hpp"
#include "ajar/tcp/translate.hpp"
#include "unit/packet/parsed.hpp"

namespace ajar::tcp {
namespace {

constexpr Translation kBy{0x89abcdef, 0x12345678};
constexpr std::uint8_t kUnreachable = 3, kNeedsFragmentation = 4, kTooBig = 2;
constexpr std::size_t kMessage = 8;

Bytes first(Bytes bytes, std::size_t n) {
    bytes.resize(n);
    return bytes;
}

FrameBuilder server_sent(bool v6, std::uint32_t seq, std::uint32_t stamp) {
    auto segment = FrameBuilder().tcp(443, 40000).seq(seq).ack(9).timestamps(stamp, 8).payload(40);
    return v6 ? segment.ipv6("2001:db8::2", "2001:db8::9") : segment.ipv4("10.0.0.2", "10.0.0.9");
}
FrameBuilder client_sent(bool v6, std::uint32_t ack, std::uint32_t echo) {
    const std::array<std::pair<std::uint32_t, std::uint32_t>, 1> block = {{{ack + 10, ack + 20}}};
    auto segment = FrameBuilder().tcp(40000, 443).seq(5).ack(ack).timestamps(8, echo).sack(block);
    return v6 ? segment.ipv6("2001:db8::9", "2001:db8::2") : segment.ipv4("10.0.0.9", "10.0.0.2");
}

/// A router's error about a packet of which it quotes the first bytes.
Bytes too_big(bool v6, const FrameBuilder& quoted, std::size_t bytes) {
    const auto quote = first(quoted.packet(), bytes);
    auto error = FrameBuilder().ethernet().payload(quote);
    return v6 ? error.ipv6("2001:db8::ff", "2001:db8::1").icmp(kTooBig, 0).bytes()
              : error.ipv4("10.9.9.9", "10.0.0.1").icmp(kUnreachable, kNeedsFragmentation).bytes();
}

using Translate = Translated(std::span<std::uint8_t>, std::size_t, Translation);

Extent translate_in(Bytes& frame, Translate* translate) {
    const auto p = parsed(frame);
    EXPECT_EQ(p.kind, PacketKind::icmp_error);
    const auto message = std::span(frame).subspan(p.l4_offset);
    return translate(message, p.quote_offset - std::size_t{p.l4_offset}, kBy).extent;
}

std::size_t ip_header(bool v6) { return v6 ? 40 : 20; }

/// Ports and numbers are all that RFC 792 promises. Where the checksum is quoted, it is led back too.
TEST(TranslateError, EightQuotedBytesAreEnoughForTheServer) {
    const auto without_options = [](bool v6, std::uint32_t seq) {
        auto segment = FrameBuilder().tcp(443, 40000).seq(seq).ack(9).payload(40);
        return v6 ? segment.ipv6("2001:db8::2", "2001:db8::9") : segment.ipv4("10.0.0.2", "10.0.0.9");
    };
    for (const bool v6 : {false, true}) {
        for (const std::size_t there : {8U, 9U, 16U, 18U, 19U}) {
            const auto quoted = ip_header(v6) + there;
            auto frame = too_big(v6, without_options(v6, 1000), quoted);
            EXPECT_EQ(translate_in(frame, translate_error_to_server), Extent::cut);
            EXPECT_EQ(frame, too_big(v6, without_options(v6, 1000 + kBy.seq), quoted)) << there;
        }
    }
}

TEST(TranslateError, AWholeHeaderIsLedBackWhole) {
    for (const bool v6 : {false, true}) {
        const auto quoted = ip_header(v6) + 44;
        auto frame = too_big(v6, server_sent(v6, 1000, 77), quoted);
        EXPECT_EQ(translate_in(frame, translate_error_to_server), Extent::whole);
        EXPECT_EQ(frame, too_big(v6, server_sent(v6, 1000 + kBy.seq, 77 + kBy.stamp), quoted));

        frame = too_big(v6, client_sent(v6, 1000, 77), quoted);
        EXPECT_EQ(translate_in(frame, translate_error_to_client), Extent::whole);
        EXPECT_EQ(frame, too_big(v6, client_sent(v6, 1000 - kBy.seq, 77 - kBy.stamp), quoted));
    }
}

/// The client's own numbers need nothing, and whether ACK is one its flag says.
TEST(TranslateError, OfTheClientsPacketNothingIsTouchedBeforeTheFlags) {
    for (std::size_t there = 8; there < 14; ++there) {
        const auto was = too_big(false, client_sent(false, 1000, 77), 20 + there);
        auto frame = was;
        EXPECT_EQ(translate_in(frame, translate_error_to_client), Extent::cut);
        EXPECT_EQ(frame, was);
    }
}

/// A message of any length sums to nothing afterwards: the checksum that it holds has followed.
TEST(TranslateError, TheMessagesChecksumHoldsHoweverShortTheQuotation) {
    for (std::size_t there = 8; there < 60; ++there) {
        for (auto* translate : {translate_error_to_server, translate_error_to_client}) {
            auto frame = too_big(false, client_sent(false, 0xfffffff0, 0x80000001), 20 + there);
            const auto p = parsed(frame);
            const auto message = std::span(frame).subspan(p.l4_offset, kMessage + 20 + there);
            translate(message, kMessage + 20, kBy);
            EXPECT_TRUE(checksum::holds(message)) << there;
        }
    }
}

TEST(TranslateError, AQuotationThatIsNotThereStays) {
    const auto was = too_big(false, server_sent(false, 1000, 7), 28);
    for (std::size_t length = 34; length < was.size(); ++length) {
        auto frame = was;
        const auto message = std::span(frame).subspan(34, length - 34);
        const bool has_number = message.size() >= kMessage + 20 + 8;
        EXPECT_EQ(translate_error_to_server(message, kMessage + 20, kBy).difference != 0, has_number);
        EXPECT_EQ(frame != was, has_number);
    }
}

}  // namespace
}  // namespace ajar::tcp
