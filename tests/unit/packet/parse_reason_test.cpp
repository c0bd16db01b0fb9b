// Can the parser give every Reason that is its own, and is each frame's first fault the one named?
#include <gtest/gtest.h>

#include <map>

#include "ajar/packet/frame.hpp"
#include "unit/packet/parsed.hpp"

namespace ajar {
namespace {

FrameBuilder whole() {
    return FrameBuilder().ethernet().unpadded().ipv4("10.0.0.1", "10.0.0.2").tcp(40000, 443);
}
FrameBuilder whole6() {
    return FrameBuilder().ethernet().unpadded().ipv6("2001:db8::1", "2001:db8::2").tcp(40000, 443);
}
constexpr std::size_t kIp = 14, kAtTcp = 34, kTcp6 = 54;

Bytes cut(const FrameBuilder& frame, std::size_t n) {
    auto bytes = frame.bytes();
    bytes.resize(n);
    return bytes;
}
Bytes with(const FrameBuilder& frame, std::size_t at, std::uint8_t value) {
    auto bytes = frame.bytes();
    bytes[at] = value;
    return bytes;
}
Bytes tagged(int tags) {
    auto frame = FrameBuilder().ethernet();
    for (int i = 0; i < tags; ++i) frame.vlan(1);
    return frame.ipv4("10.0.0.1", "10.0.0.2").tcp(1, 2).bytes();
}
Bytes labelled(int labels) {
    auto frame = FrameBuilder().ethernet();
    for (int i = 0; i < labels; ++i) frame.mpls(20);
    return frame.ipv4("10.0.0.1", "10.0.0.2").tcp(1, 2).bytes();
}
Bytes extended(int headers) {
    auto frame = whole6();
    for (int i = 0; i < headers; ++i) frame.extension(60, Bytes{1, 4, 0, 0, 0, 0});
    return frame.bytes();
}
FrameBuilder from(const char* source, const char* destination) {
    return FrameBuilder().ethernet().ipv4(source, destination).tcp(5, 5);
}
FrameBuilder from6(const char* source, const char* destination) {
    return FrameBuilder().ethernet().ipv6(source, destination).tcp(5, 5);
}

struct Row {
    Reason reason;
    Bytes frame;
    LinkType link = LinkType::ethernet;
    std::uint32_t wire_length = 0;  ///< of a frame that a capture cut
};

std::vector<Row> rows() {
    const Bytes long_option = {2, 9, 0, 0};
    const Bytes short_option = {2, 1, 0, 0};
    const Bytes lone_option = {1, 1, 1, 2};
    const Bytes ip_option = {7, 9, 0, 0};
    return {
        {Reason::empty_frame, {}},
        {Reason::empty_frame, cut(whole(), 14)},
        {Reason::empty_frame, {}, LinkType::raw},
        {Reason::truncated_link, cut(whole(), 13)},
        {Reason::truncated_link, cut(whole().ethernet().vlan(1), 17)},
        {Reason::truncated_link, cut(whole().ethernet().mpls(20), 17)},
        {Reason::truncated_link, cut(whole().ethernet().pppoe(1), 21)},
        {Reason::truncated_link, Bytes(3), LinkType::null},
        {Reason::truncated_link, Bytes(15), LinkType::linux_sll},
        {Reason::none, tagged(8)},
        {Reason::too_many_tags, tagged(9)},
        {Reason::none, labelled(8)},
        {Reason::too_many_tags, labelled(9)},
        {Reason::truncated_ip, cut(whole(), kIp + 19)},
        {Reason::truncated_ip, cut(whole6(), kIp + 39)},
        {Reason::bad_ip_version, with(whole(), kIp, 0x65)},
        {Reason::bad_ip_version, with(whole6(), kIp, 0x45)},
        {Reason::bad_ip_header_length, with(whole(), kIp, 0x44)},
        {Reason::bad_ip_header_length, with(whole(), kIp, 0x4f)},
        {Reason::bad_ip_total_length, whole().total_length(19).bytes()},
        {Reason::bad_ip_total_length, whole().total_length(41).bytes()},
        {Reason::bad_ip_total_length, whole6().total_length(21).bytes()},
        {Reason::ip_options_malformed, whole().ip_options(ip_option).bytes()},
        {Reason::ip_options_malformed, whole6().extension(60, Bytes{1, 5, 0, 0, 0, 0}).bytes()},
        {Reason::none, extended(8)},
        {Reason::too_many_extensions, extended(9)},
        {Reason::truncated_extension, cut(whole6().extension(60, Bytes(6)), 61), LinkType::ethernet, 82},
        {Reason::truncated_extension, whole6().extension(60, Bytes(6)).total_length(7).bytes()},
        {Reason::truncated_extension, cut(whole6().extension(43, Bytes(22)), 77), LinkType::ethernet, 98},
        {Reason::truncated_tcp, whole().total_length(39).bytes()},
        {Reason::truncated_tcp, cut(whole6(), kTcp6 + 19), LinkType::ethernet, 74},
        {Reason::truncated_tcp, cut(whole().mss(1460), kAtTcp + 23), LinkType::ethernet, 58},
        {Reason::bad_tcp_offset, with(whole(), kAtTcp + 12, 0x40)},
        {Reason::bad_tcp_offset, with(whole(), kAtTcp + 12, 0x60)},
        {Reason::tcp_options_malformed, whole().raw_options(long_option).bytes()},
        {Reason::tcp_options_malformed, whole().raw_options(short_option).bytes()},
        {Reason::tcp_options_malformed, whole().raw_options(lone_option).bytes()},
        {Reason::bad_address, from("10.0.0.1", "10.0.0.1").bytes()},
        {Reason::bad_address, from("0.0.0.0", "10.0.0.1").bytes()},
        {Reason::bad_address, from("10.0.0.1", "224.0.0.1").bytes()},
        {Reason::bad_address, from("10.0.0.1", "255.255.255.255").bytes()},
        {Reason::bad_address, from6("::", "2001:db8::1").bytes()},
        {Reason::bad_address, from6("2001:db8::1", "ff02::1").bytes()},
        {Reason::bad_address, from6("2001:db8::1", "2001:db8::1").bytes()},
        {Reason::encrypted, whole().protocol(50).payload(40).bytes()},
        {Reason::not_tcp, whole().protocol(132).payload(40).bytes()},
        {Reason::not_tcp, whole6().protocol(59).bytes()},
        {Reason::fragment_malformed, whole().payload(100).piece(0, 17, 1)},
        {Reason::fragment_malformed, whole().payload(100).piece(200, 0, 1)},
    };
}

TEST(ParseReason, EachFaultIsNamed) {
    std::size_t i = 0;
    for (const auto& row : rows()) {
        const auto p = parsed(row.frame, row.link, row.wire_length);
        EXPECT_EQ(name(p.reason), name(row.reason)) << "row " << i;
        const bool refused = fate(p.reason) == Fate::refuse;
        EXPECT_EQ(p.kind == PacketKind::refused, refused) << "row " << i;
        ++i;
    }
}

/// The whole frame's fault must not hide behind what a shorter head shows.
TEST(ParseReason, AnyHeadOfAGoodFrameIsGoodOrTruncated) {
    const auto whole = whole6().extension(0, Bytes(6)).timestamps(1, 2).payload(40).bytes();
    for (std::size_t n = 0; n < whole.size(); ++n) {
        const auto p =
            parsed(std::span(whole).first(n), LinkType::ethernet, static_cast<std::uint32_t>(whole.size()));
        const auto expected = n < 14        ? Reason::truncated_link
                              : n < 54      ? Reason::truncated_ip
                              : n < 62      ? Reason::truncated_extension
                              : n < 62 + 32 ? Reason::truncated_tcp
                                            : Reason::none;
        EXPECT_EQ(name(p.reason), name(expected)) << n;
    }
}

}  // namespace
}  // namespace ajar
