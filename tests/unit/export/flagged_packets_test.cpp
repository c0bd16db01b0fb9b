// Are a flagged flow's packets written, from those that were held to as many as may follow, and nobody
// else's?
#include "export/packets/flagged_packets.hpp"
#include "events.hpp"
#include "pcapng_reader.hpp"
#include "temporary_folder.hpp"

namespace ajar::exporting {
namespace {

constexpr Time kFirst = Time(std::chrono::seconds(1'700'000'000));

class FlaggedPacketsTest : public TemporaryFolder {
protected:
    void SetUp() override {
        TemporaryFolder::SetUp();
        auto files = PacketFiles::open(folder_, {.file_bytes = 1U << 20U, .files = 4, .snap = 256},
                                       {"a", "b"}, kFirst);
        ASSERT_TRUE(files);
        packets_ = std::make_unique<FlaggedPackets>(std::move(*files), 5);
    }
    /// Of flow n, which says `text`.
    void packet(std::uint16_t n, const std::string& text) {
        WatchedPacket p;
        p.time = kFirst + std::chrono::microseconds(++clock_);
        p.key = event(n, EventKind::flagged).key;
        p.length = static_cast<std::uint16_t>(text.size());
        p.wire_length = 1000;
        std::copy(text.begin(), text.end(), p.bytes.begin());
        packets_->add(p);
    }
    static Event event(std::uint16_t n, EventKind kind) {
        Event e = stale_syn_recv();
        e.kind = kind;
        e.flow_id = n + 1000U;
        e.key.port[1] = be16::of(n);
        return e;
    }
    /// Bytes of all frames, with spaces between.
    std::string written() {
        packets_->flush();
        std::string out;
        for (const auto& f : frames_of(path_of("flagged-20231114T221320Z-0001.pcapng"))) out += f.bytes + " ";
        return out;
    }

    int clock_ = 0;
    std::unique_ptr<FlaggedPackets> packets_;
};

TEST_F(FlaggedPacketsTest, WhatWasHeldComesFirstAndSoManyFollow) {
    for (int i = 0; i < 3; ++i) packet(1, "h" + std::to_string(i));
    packet(2, "other");
    EXPECT_EQ(packets_->hear(event(1, EventKind::half_open)),
              path_of("flagged-20231114T221320Z-0001.pcapng"));
    for (int i = 0; i < 9; ++i) packet(1, "f" + std::to_string(i));
    packet(2, "other");
    EXPECT_EQ(written(), "h0 h1 h2 f0 f1 f2 f3 f4 ");
    EXPECT_EQ(packets_->written(), 8U);
}

TEST_F(FlaggedPacketsTest, TheLatestEightAreHeld) {
    for (int i = 0; i < 12; ++i) packet(1, "h" + std::to_string(i));
    packets_->hear(event(1, EventKind::flagged));
    EXPECT_EQ(written(), "h4 h5 h6 h7 h8 h9 h10 h11 ");
}

TEST_F(FlaggedPacketsTest, ASecondFlagAddsNothing) {
    packets_->hear(event(1, EventKind::flagged));
    for (int i = 0; i < 3; ++i) packet(1, std::to_string(i));
    packets_->hear(event(1, EventKind::half_open));
    for (int i = 3; i < 9; ++i) packet(1, std::to_string(i));
    EXPECT_EQ(written(), "0 1 2 3 4 ");
}

TEST_F(FlaggedPacketsTest, ATupleThatIsUsedAgainBeginsAnew) {
    packets_->hear(event(1, EventKind::flagged));
    packet(1, "a");
    packets_->hear(event(1, EventKind::evicted));
    packet(1, "unflagged");
    EXPECT_EQ(written(), "a ");
    Event next = event(1, EventKind::flagged);
    next.flow_id = 7;
    packets_->hear(next);
    for (int i = 0; i < 9; ++i) packet(1, std::to_string(i));
    EXPECT_EQ(written(), "a unflagged 0 1 2 3 4 ");
}

TEST_F(FlaggedPacketsTest, OtherEventsNameNoFile) {
    for (const auto kind : {EventKind::flow_start, EventKind::flow_end, EventKind::evicted,
                            EventKind::reset_sent, EventKind::refused, EventKind::probed})
        EXPECT_EQ(packets_->hear(event(1, kind)), "");
    packet(1, "x");
    EXPECT_EQ(written(), "");
}

TEST_F(FlaggedPacketsTest, TooManyAtOnceForgetTheOneUnheardOfForLongest) {
    for (std::uint16_t n = 0; n < FlaggedPackets::kFlows; ++n) packet(n, "x");
    packet(0, "y");  // so flow 1 is the oldest
    packet(FlaggedPackets::kFlows, "z");
    packets_->hear(event(1, EventKind::flagged));
    EXPECT_EQ(written(), "");
    packets_->hear(event(0, EventKind::flagged));
    EXPECT_EQ(written(), "x y ");
}

TEST_F(FlaggedPacketsTest, TheFirstPacketAfterAFlagSaysWhose) {
    packets_->hear(event(1, EventKind::flagged));
    packet(1, "a");
    written();
    const auto text = content_of("flagged-20231114T221320Z-0001.pcapng");
    EXPECT_NE(text.find("stale_syn_recv: the SYN-ACK was never acknowledged"), std::string::npos);
}

}  // namespace
}  // namespace ajar::exporting
