// Frames in mbufs: contiguous heads, strings of frames, checksums over segments.
#include <gtest/gtest.h>
#include <rte_mbuf.h>

#include "ajar/packet/checksum.hpp"
#include "ajar/packet/frame.hpp"
#include "ajar/packet/parse.hpp"
#include "dataplane/checksum.hpp"
#include "dataplane/frame.hpp"
#include "dataplane/pool.hpp"

namespace ajar::dataplane {
namespace {

class Frames : public testing::Test {
protected:
    void SetUp() override {
        auto made = make_pool("frames", 1023, 2048, 0);
        ASSERT_TRUE(made) << made.error();
        pool_ = std::move(*made);
    }
    void TearDown() override { EXPECT_EQ(buffers_in_use(pool_.get()), 0U); }

    /// The bytes in segments of `piece` bytes each.
    rte_mbuf* frame(std::span<const std::uint8_t> bytes, std::size_t piece) {
        rte_mbuf* head = nullptr;
        while (!bytes.empty()) {
            const auto n = std::min(piece, bytes.size());
            rte_mbuf* const m = rte_pktmbuf_alloc(pool_.get());
            std::copy_n(
                bytes.begin(), n,
                reinterpret_cast<std::uint8_t*>(rte_pktmbuf_append(m, static_cast<std::uint16_t>(n))));
            bytes = bytes.subspan(n);
            if (head == nullptr) {
                head = m;
            } else {
                EXPECT_EQ(rte_pktmbuf_chain(head, m), 0);
            }
        }
        return head;
    }

    Pool pool_;
    Scratch scratch_{};
};

Bytes segment(std::size_t payload, bool v6 = false) {
    FrameBuilder b;
    b.ethernet();
    if (v6) {
        b.ipv6("2001:db8::1", "2001:db8::2");
    } else {
        b.ipv4("10.0.0.1", "10.0.0.2");
    }
    return b.tcp(1234, 80).seq(7).ack(9).payload(payload).bytes();
}

Packet parsed_bytes(const Bytes& bytes) {
    Packet packet;
    parse(bytes, static_cast<std::uint32_t>(bytes.size()), {}, packet);
    return packet;
}

Packet parsed(const rte_mbuf* m, Scratch& scratch) {
    Packet packet;
    parse(head_of(m, scratch), rte_pktmbuf_pkt_len(m), {}, packet);
    return packet;
}

TEST_F(Frames, AWholeFirstSegmentIsItsOwnHead) {
    rte_mbuf* const m = frame(segment(100), 2000);
    EXPECT_EQ(head_of(m, scratch_).data(), rte_pktmbuf_mtod(m, const std::uint8_t*));
    EXPECT_EQ(head_of(m, scratch_).size(), rte_pktmbuf_pkt_len(m));
    rte_pktmbuf_free(m);
}

TEST_F(Frames, AHeadInPiecesIsCopiedTogether) {
    const Bytes bytes = segment(1000);
    for (const std::size_t piece : {1U, 10U, 33U, 53U, 255U, 256U}) {
        if (bytes.size() / piece > 200) continue;
        rte_mbuf* const m = frame(bytes, piece);
        const auto head = head_of(m, scratch_);
        ASSERT_GE(head.size(), 54U) << piece;
        EXPECT_TRUE(std::equal(head.begin(), head.end(), bytes.begin())) << piece;
        EXPECT_EQ(parsed(m, scratch_).kind, PacketKind::tcp) << piece;
        rte_pktmbuf_free(m);
    }
}

TEST_F(Frames, ChecksumsAreSummedOverSegments) {
    for (const bool v6 : {false, true}) {
        for (const std::size_t payload : {0U, 1U, 777U, 3000U}) {
            for (const std::size_t piece : {61U, 100U, 1999U}) {
                rte_mbuf* const m = frame(segment(payload, v6), piece);
                EXPECT_EQ(verify_tcp(m, parsed(m, scratch_)), Checksum::good)
                    << v6 << payload << "/" << piece;
                rte_pktmbuf_free(m);
            }
        }
    }
}

TEST_F(Frames, AFlippedBitAnywhereIsFound) {
    const Bytes good = segment(200);
    for (std::size_t at = 34; at < good.size(); at += 13) {
        Bytes bad = good;
        bad[at] ^= 0x10;
        rte_mbuf* const m = frame(bad, 70);
        const Packet packet = parsed(m, scratch_);
        if (packet.kind == PacketKind::tcp) {
            EXPECT_EQ(verify_tcp(m, packet), Checksum::bad) << at;
        }
        rte_pktmbuf_free(m);
    }
}

TEST_F(Frames, TheHardwaresGoodIsBelievedItsBadIsChecked) {
    Bytes bytes = segment(20);
    bytes.back() ^= 1;
    rte_mbuf* const wrong = frame(bytes, 2000);
    wrong->ol_flags |= RTE_MBUF_F_RX_L4_CKSUM_GOOD;
    EXPECT_EQ(verify_tcp(wrong, parsed(wrong, scratch_)), Checksum::good);
    rte_pktmbuf_free(wrong);
    rte_mbuf* const right = frame(segment(20), 2000);
    right->ol_flags |= RTE_MBUF_F_RX_L4_CKSUM_BAD;
    EXPECT_EQ(verify_tcp(right, parsed(right, scratch_)), Checksum::good);
    rte_pktmbuf_free(right);
}

TEST_F(Frames, AFragmentsPieceIsSummedOverSegments) {
    const auto whole = FrameBuilder().ethernet().ipv4("10.0.0.1", "10.0.0.2").tcp(1234, 80).payload(1001);
    for (const auto& bytes : whole.pieces(400, 1)) {
        const auto expected = checksum::piece_sum(parsed_bytes(bytes), bytes);
        ASSERT_TRUE(expected);
        for (const std::size_t piece : {61U, 100U, 1999U}) {
            rte_mbuf* const m = frame(bytes, piece);
            EXPECT_EQ(piece_sum(m, parsed(m, scratch_)), expected) << piece;
            rte_pktmbuf_free(m);
        }
    }
}

TEST_F(Frames, ACutPieceHasNoSum) {
    const auto whole = FrameBuilder().ethernet().ipv4("10.0.0.1", "10.0.0.2").tcp(1234, 80).payload(1001);
    Bytes bytes = whole.piece(0, 400, 1);
    rte_mbuf* const m = frame(bytes, 2000);
    const Packet fragment = parsed(m, scratch_);
    EXPECT_EQ(rte_pktmbuf_trim(m, 1), 0);
    EXPECT_EQ(piece_sum(m, fragment), std::nullopt);
    rte_pktmbuf_free(m);
}

TEST_F(Frames, ACutSegmentIsUnknown) {
    Bytes bytes = segment(200);
    bytes.resize(150);
    rte_mbuf* const m = frame(bytes, 2000);
    EXPECT_EQ(verify_tcp(m, parsed(m, scratch_)), Checksum::unknown);
    rte_pktmbuf_free(m);
}

TEST_F(Frames, AStringIsWalkedInOrderAndMayBeFreedOnTheWay) {
    ASSERT_TRUE(FrameString::register_field());
    std::array<rte_mbuf*, 3> frames{};
    for (auto& m : frames) m = frame(segment(1), 2000);
    FrameString::next(frames[0]) = frames[1];
    FrameString::next(frames[1]) = frames[2];
    FrameString::next(frames[2]) = nullptr;
    std::vector<rte_mbuf*> seen;
    for_each_frame(frames[0], true, [&](rte_mbuf* m) {
        seen.push_back(m);
        rte_pktmbuf_free(m);
    });
    EXPECT_EQ(seen, (std::vector<rte_mbuf*>(frames.begin(), frames.end())));
    rte_mbuf* const alone = frame(segment(1), 2000);
    FrameString::next(alone) = alone;  // garbage: nobody said that it heads a string
    int n = 0;
    for_each_frame(alone, false, [&](rte_mbuf*) { ++n; });
    EXPECT_EQ(n, 1);
    rte_pktmbuf_free(alone);
}

}  // namespace
}  // namespace ajar::dataplane
