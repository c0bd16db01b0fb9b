// The synthetic traffic of benches and device tests is what it says it is.
#include <gtest/gtest.h>

#include <set>

#include "ajar/flow/hash.hpp"
#include "ajar/flow/steer.hpp"
#include "ajar/packet/checksum.hpp"
#include "ajar/packet/parse.hpp"
#include "support/dataplane/synthetic.hpp"

namespace ajar::dataplane {
namespace {

using Frame = std::array<std::uint8_t, Synthetic::kFrameBytes>;

Packet next(Synthetic& traffic, std::uint8_t side, Frame& frame) {
    traffic.fill_checksums(true);
    EXPECT_TRUE(traffic.write(side, frame));
    Packet packet;
    parse(frame, static_cast<std::uint32_t>(frame.size()), {.verify_ip_checksum = true}, packet);
    packet.checksum = checksum::verify_tcp(packet, frame);
    Steering().identify(packet);
    return packet;
}

TEST(Synthetic, FramesAreWholeAndTheirChecksumsRight) {
    for (const Pattern pattern : {Pattern::established, Pattern::connect, Pattern::flood}) {
        Synthetic traffic(pattern, 16, 3);
        Frame frame;
        for (int i = 0; i < 200; ++i) {
            const Packet packet = next(traffic, 0, frame);
            ASSERT_EQ(packet.kind, PacketKind::tcp) << name(packet.reason);
            ASSERT_EQ(packet.checksum, Checksum::good);
        }
    }
}

TEST(Synthetic, AnswersAcknowledgeTheirQuestions) {
    Synthetic traffic(Pattern::established, 8, 0);
    Frame frame;
    for (int i = 0; i < 100; ++i) {
        const Packet question = next(traffic, 0, frame);
        const Packet answer = next(traffic, 1, frame);
        EXPECT_EQ(question.v4, answer.v4);
        EXPECT_NE(question.side, answer.side);
        EXPECT_EQ(answer.ack, question.seq_end());
    }
}

TEST(Synthetic, AFloodNeverRepeatsATupleAndHasNoAnswer) {
    Synthetic traffic(Pattern::flood, 16, 0);
    Frame frame;
    std::set<std::uint64_t> seen;
    for (int i = 0; i < 10'000; ++i) {
        const Packet packet = next(traffic, 0, frame);
        EXPECT_TRUE(packet.flags.syn());
        EXPECT_TRUE(seen.insert(packet.hash).second);
    }
    EXPECT_FALSE(traffic.write(1, frame));
}

TEST(Synthetic, OnlyTheOwnersTuplesWhenAskedFor) {
    constexpr std::uint32_t kWorkers = 3;
    for (std::uint32_t worker = 0; worker < kWorkers; ++worker) {
        Synthetic traffic(Pattern::connect, 64, 0);
        traffic.only_owned_by(worker, kWorkers, HashKey{}.rss_word);
        Frame frame;
        for (int i = 0; i < 500; ++i) EXPECT_EQ(next(traffic, 0, frame).partition % kWorkers, worker);
    }
}

}  // namespace
}  // namespace ajar::dataplane
