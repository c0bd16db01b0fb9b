// Does the straight way say of each frame what the general way says?
#include <gtest/gtest.h>

#include <cstring>

#include "ajar/packet/frame.hpp"
#include "packet/parser.hpp"
#include "unit/packet/both_ways.hpp"

namespace ajar {
namespace {

FrameBuilder data() {
    return FrameBuilder()
        .ethernet()
        .ipv4("10.0.0.9", "10.0.0.2")
        .tcp(443, 40000)
        .flags(TcpFlags::kAck)
        .seq(7);
}

std::vector<Bytes> frames() {
    return {data().bytes(), data().payload(100).unpadded().bytes(),
            data().timestamps(1, 2).payload(9).bytes(),
            data().flags(TcpFlags::kSyn).mss(1460).sack_permitted().timestamps(7, 9).window_scale(7).bytes(),
            FrameBuilder().ethernet().ipv4("10.0.0.2", "10.0.0.9").tcp(5, 5).flags(TcpFlags::kAck).bytes()};
}

std::vector<ParseOptions> all_options() {
    return {{},
            {.port_pair = 3},
            {.lenient = true},
            {.captured = true},
            {.verify_ip_checksum = true},
            {.zone_from_vlan = false}};
}

TEST(Straight, TakesPlainFrames) {
    for (const auto& frame : frames())
        EXPECT_EQ(parse_on_noise(frame, frame.size(), {}).kind, PacketKind::tcp);
}

TEST(Straight, AgreesOnEveryByteChanged) {
    for (const auto& options : all_options()) {
        for (auto frame : frames()) {
            for (std::size_t i = 12; i < std::min<std::size_t>(frame.size(), 80); ++i) {
                const auto was = frame[i];
                for (const unsigned bit : {1U, 2U, 4U, 8U, 16U, 32U, 64U, 128U, 255U, was * 1U}) {
                    frame[i] = static_cast<std::uint8_t>(was ^ bit);
                    ASSERT_TRUE(agree_both_ways(frame, frame.size(), options))
                        << "byte " << i << " ^ " << bit;
                }
                frame[i] = was;
            }
        }
    }
}

TEST(Straight, AgreesOnEveryLength) {
    for (const auto& options : all_options()) {
        for (const auto& frame : frames()) {
            for (std::size_t cut = 0; cut <= frame.size(); ++cut) {
                const Bytes head(frame.begin(), frame.begin() + static_cast<std::ptrdiff_t>(cut));
                ASSERT_TRUE(agree_both_ways(head, head.size(), options)) << cut;
                ASSERT_TRUE(agree_both_ways(head, frame.size(), options)) << cut << " captured";
                ASSERT_TRUE(agree_both_ways(head, frame.size() + 1000, options)) << cut << " padded";
            }
        }
    }
}

/// Which of two ends comes first, with equal addresses or equal ports, is told by all 48 bits.
TEST(Straight, AgreesOnTheOrderOfEnds) {
    const std::array addresses = {"0.0.0.1",         "10.0.0.1",  "10.0.1.0",  "127.255.255.255", "128.0.0.0",
                                  "223.255.255.255", "224.0.0.1", "240.0.0.1", "255.255.255.255", "0.0.0.0"};
    const std::array<std::uint16_t, 5> ports = {0, 1, 0x100, 0x7fff, 0xffff};
    for (const auto* a : addresses) {
        for (const auto* b : addresses) {
            for (const auto p : ports) {
                for (const auto q : ports) {
                    const auto frame =
                        FrameBuilder().ethernet().ipv4(a, b).tcp(p, q).flags(TcpFlags::kAck).bytes();
                    ASSERT_TRUE(agree_both_ways(frame, frame.size(), {}))
                        << a << ' ' << b << ' ' << p << ' ' << q;
                }
            }
        }
    }
}

}  // namespace
}  // namespace ajar
