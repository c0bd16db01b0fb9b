// The four checks at their edges, and what an accepted segment moves.
#include "ajar/tcp/window.hpp"

#include <gtest/gtest.h>

namespace ajar::tcp::window {
namespace {

// S has sent up to 1000 and may send up to 3000; R has sent up to 500.
constexpr End kS{.end = 1000, .max_end = 3000, .max_win = 400, .max_ack = 450};
constexpr End kR{.end = 500, .max_end = 900, .max_win = 200, .max_ack = 1000};

constexpr Segment at(std::uint32_t seq, std::uint32_t length, std::uint32_t ack) {
    return {seq, seq + length, ack, ack, 100};
}

TEST(Window, UpperEdges) {
    EXPECT_EQ(fit(kS, kR, at(3000, 0, 500)), Fit::inside);
    EXPECT_EQ(fit(kS, kR, at(3001, 0, 500)), Fit::seq_high);
    EXPECT_EQ(fit(kS, kR, at(1000, 5000, 500)), Fit::inside) << "a segment need only intersect the window";
    EXPECT_EQ(fit(kS, kR, at(1000, 0, 501)), Fit::ack_high);
}

TEST(Window, LowerEdges) {
    EXPECT_EQ(fit(kS, kR, at(700, 100, 500)), Fit::inside);
    EXPECT_EQ(fit(kS, kR, at(700, 99, 500)), Fit::seq_low);
    EXPECT_EQ(fit(kS, kR, at(1000, 0, 500U - 66000U)), Fit::inside);
    EXPECT_EQ(fit(kS, kR, at(1000, 0, 500U - 66001U)), Fit::ack_low);
}

TEST(Window, ALargeWindowLetsOlderAcksPass) {
    End s = kS;
    s.max_win = 100000;
    EXPECT_EQ(fit(s, kR, at(1000, 0, 500U - 100000U)), Fit::inside);
    EXPECT_EQ(fit(s, kR, at(1000, 0, 500U - 100001U)), Fit::ack_low);
}

TEST(Window, AnUnseenReceiverHasNoLowerEdge) {
    End r = kR;
    r.max_win = 0;
    EXPECT_EQ(fit(kS, r, at(1, 0, 500)), Fit::inside);
}

TEST(Window, AdvancesBothEnds) {
    End s = kS, r = kR;
    advance(s, r, {1000, 1100, 480, 490, 500}, true);
    EXPECT_EQ(s.end, 1100U);
    EXPECT_EQ(s.max_ack, 480U);
    EXPECT_EQ(s.max_win, 510U) << "what was received out of order took room in the window";
    EXPECT_EQ(r.max_end, 990U);
    EXPECT_EQ(r.max_win, 200U);
}

TEST(Window, NothingGoesBack) {
    End s = kS, r = kR;
    advance(s, r, {900, 950, 400, 400, 10}, true);
    EXPECT_EQ(s.end, kS.end);
    EXPECT_EQ(s.max_ack, kS.max_ack);
    EXPECT_EQ(s.max_win, kS.max_win);
    EXPECT_EQ(r.max_end, kR.max_end);
}

TEST(Window, TheFirstAckIsTakenAsItIs) {
    End s = kS, r = kR;
    s.max_ack = 0x90000000;  // never set
    advance(s, r, at(1000, 0, 500), false);
    EXPECT_EQ(s.max_ack, 500U);
}

TEST(Window, AClosedWindowLetsOneByteThrough) {
    End s = kS, r = kR;
    r.max_end = 500;
    advance(s, r, {1000, 1000, 500, 500, 0}, true);
    EXPECT_EQ(r.max_end, 501U);
}

TEST(Window, ASegmentBeyondWhatWasGrantedShowsALargerWindow) {
    End s = kS, r = kR;
    advance(s, r, at(2900, 300, 500), true);
    EXPECT_EQ(r.max_win, kR.max_win + 200);
}

TEST(Window, WhatIsSentAgainBeyondItShowsNothingMore) {
    End s = kS, r = kR;
    for (int i = 0; i < 5; ++i) advance(s, r, at(2900, 300, 500), true);
    EXPECT_EQ(r.max_win, kR.max_win + 200);
    advance(s, r, at(2900, 350, 500), true);
    EXPECT_EQ(r.max_win, kR.max_win + 250);
}

TEST(Window, NoWindowGrowsBeyondTheLargest) {
    End s = kS, r = kR;
    r.max_win = kLargestWindow - 10;
    advance(s, r, at(2900, 300, 500), true);
    EXPECT_EQ(r.max_win, kLargestWindow);
    s.max_win = kLargestWindow - 10;
    advance(s, r, {1000, 1000, 400, 500, kLargestWindow}, true);
    EXPECT_EQ(s.max_win, kLargestWindow);
}

TEST(Window, ReadsScaleAndSack) {
    Conn conn;
    conn.set_option(Conn::kSack, 1);
    conn.set_scale(0, 3);
    Packet p;
    p.side = 0;
    p.flags = {TcpFlags::kAck};
    p.seq = 10;
    p.payload = 5;
    p.ack = 100;
    p.window = 7;
    p.options.present = TcpOptions::kSack;
    p.options.sack_right = 120;
    const Segment g = segment_of(conn, p);
    EXPECT_EQ(g.end, 15U);
    EXPECT_EQ(g.win, 56U);
    EXPECT_EQ(g.sack, 120U);

    conn.options = 0;
    EXPECT_EQ(segment_of(conn, p).sack, 100U) << "the receiver never permitted SACK";
    p.flags = {TcpFlags::kSyn | TcpFlags::kAck};
    EXPECT_EQ(segment_of(conn, p).win, 7U) << "a SYN's window is not scaled";
}

}  // namespace
}  // namespace ajar::tcp::window
