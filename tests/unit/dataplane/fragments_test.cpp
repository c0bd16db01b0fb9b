// Which frames a lane holds for their datagrams, and how they go.
#include "dataplane/fragments.hpp"

#include <gtest/gtest.h>

#include "ajar/packet/frame.hpp"
#include "ajar/packet/parse.hpp"
#include "dataplane/pool.hpp"

namespace ajar::dataplane {
namespace {

/// Frees what it is given and writes down what it was.
struct Notes final : FragmentDesk::Judge {
    void judge(rte_mbuf* frames, bool strung, const Packet& packet) override {
        if (packet.kind == PacketKind::tcp) ++datagrams;
        for_each_frame(frames, strung, [&](rte_mbuf* m) {
            ++reasons[static_cast<std::size_t>(packet.reason)];
            rte_pktmbuf_free(m);
        });
    }
    [[nodiscard]] std::uint64_t of(Reason r) const { return reasons[static_cast<std::size_t>(r)]; }
    std::array<std::uint64_t, kReasonCount> reasons{};
    unsigned datagrams = 0;
};

class Fragments : public testing::Test {
protected:
    void SetUp() override {
        ASSERT_TRUE(FrameString::register_field());
        auto made = make_pool("fragments", 1023, 2048, 0);
        ASSERT_TRUE(made) << made.error();
        pool_ = std::move(*made);
        wiring_.policy.store(&policy_);
        wiring_.fragment_buffers = 8;
    }
    void TearDown() override {
        if (desk_) desk_->clear(Time(now_));
        EXPECT_EQ(buffers_in_use(pool_.get()), 0U);
    }
    void add(const Bytes& frame, std::size_t segment = 2048) {
        if (!desk_) desk_ = std::make_unique<FragmentDesk>(wiring_, 0, limits_, notes_);
        rte_mbuf* const m = buffers(frame, segment);
        Packet packet;
        parse(head_of(m, scratch_), rte_pktmbuf_pkt_len(m), {}, packet);
        ASSERT_EQ(packet.kind, PacketKind::fragment);
        packet.time = Time(now_ += std::chrono::milliseconds(1));
        wiring_.steering.identify(packet);
        desk_->add(m, packet);
    }
    rte_mbuf* buffers(std::span<const std::uint8_t> bytes, std::size_t segment) {
        rte_mbuf* head = nullptr;
        for (; !bytes.empty(); bytes = bytes.subspan(std::min(segment, bytes.size()))) {
            const auto part = bytes.first(std::min(segment, bytes.size()));
            rte_mbuf* const m = rte_pktmbuf_alloc(pool_.get());
            auto* const to = rte_pktmbuf_append(m, static_cast<std::uint16_t>(part.size()));
            std::copy(part.begin(), part.end(), reinterpret_cast<std::uint8_t*>(to));
            if (head != nullptr) {
                EXPECT_EQ(rte_pktmbuf_chain(head, m), 0);
            } else {
                head = m;
            }
        }
        return head;
    }

    Pool pool_;
    Wiring wiring_;
    Policy policy_;
    FragmentLimits limits_;
    Notes notes_;
    std::unique_ptr<FragmentDesk> desk_;
    Duration now_ = std::chrono::seconds(1000);
    Scratch scratch_{};
};

FrameBuilder from(const std::string& address) {
    return FrameBuilder().ethernet().ipv4(address, "10.9.9.9").tcp(1234, 80).ack(1).payload(2000);
}
Bytes half(unsigned n) { return from("10.0.1." + std::to_string(n)).piece(0, 1000, 1); }

TEST_F(Fragments, LeaveAsOneStringOnceTheirDatagramIsWhole) {
    wiring_.fragment_buffers = 100;
    for (const auto& frame : from("10.0.0.1").pieces(504, 1)) add(frame, 100);
    EXPECT_EQ(notes_.datagrams, 1U);
    EXPECT_EQ(notes_.of(Reason::none), 5U);
    EXPECT_EQ(desk_->held(), 0U);
}

TEST_F(Fragments, AreCountedInBuffers) {
    add(half(1), 300);
    EXPECT_EQ(desk_->held(), 4U);
    add(half(2), 300);
    EXPECT_EQ(desk_->held(), 8U);
    add(half(3), 300);
    EXPECT_EQ(desk_->held(), 8U);
    EXPECT_EQ(notes_.of(Reason::fragment_limit), 1U);
}

TEST_F(Fragments, TheOldestDatagramGivesWay) {
    for (unsigned n = 1; n <= 10; ++n) add(half(n));
    EXPECT_EQ(notes_.of(Reason::fragment_limit), 2U);
    for (const unsigned n : {3U, 2U}) add(from("10.0.1." + std::to_string(n)).piece(1000, 1020, 1));
    EXPECT_EQ(notes_.datagrams, 1U) << "the third was still held, the second was not";
}

TEST_F(Fragments, OfOtherProtocolsPassHoweverManyAreHeld) {
    for (unsigned n = 1; n <= 8; ++n) add(half(n));
    for (const auto& f :
         FrameBuilder().ethernet().ipv4("10.0.0.1", "10.0.0.2").udp(1, 2).payload(900).pieces(304, 1))
        add(f);
    EXPECT_EQ(notes_.of(Reason::fragment_not_tcp), 3U);
    EXPECT_EQ(notes_.of(Reason::fragment_limit), 0U);
    EXPECT_EQ(desk_->held(), 8U);
}

TEST_F(Fragments, OnThePacketClockTheNewestFrameGoesAndTheDatagramStaysKnown) {
    wiring_.packet_clock = true;
    for (unsigned n = 1; n <= 9; ++n) add(half(n));
    EXPECT_EQ(notes_.of(Reason::fragment_limit), 1U);
    add(from("10.0.1.9").piece(1000, 1020, 1));
    EXPECT_EQ(notes_.datagrams, 1U);
    EXPECT_EQ(notes_.of(Reason::none), 1U) << "the last frame of the datagram, which needed no room";
}

TEST_F(Fragments, EachGoesUnderItsReason) {
    wiring_.fragment_buffers = 100;
    const auto whole = from("10.0.0.1");
    add(whole.piece(0, 1000, 1));
    add(whole.piece(0, 1000, 1));
    EXPECT_EQ(notes_.of(Reason::fragment_duplicate), 1U);
    add(whole.piece(992, 1028, 1));
    EXPECT_EQ(notes_.of(Reason::fragment_overlap), 2U);
    add(half(1));
    desk_->expire(Time(now_ + limits_.timeout + std::chrono::seconds(1)));
    EXPECT_EQ(notes_.of(Reason::fragment_timeout), 1U);
    add(half(2));
    desk_->clear(Time(now_));
    EXPECT_EQ(notes_.of(Reason::fragment_timeout), 2U);
    EXPECT_EQ(desk_->held(), 0U);
}

}  // namespace
}  // namespace ajar::dataplane
