// Who the originator is, where one connection ends and the next begins, and which timer runs.
#include <gtest/gtest.h>

#include "unit/flow/record_script.hpp"

namespace ajar::test {
namespace {

constexpr Segment kFin{'>', "FA", 1, 1}, kFinBack{'<', "FA", 1, 2};

TEST(RecordOriginator, IsTheFirstSender) {
    EXPECT_EQ(Recorded({kSyn}).record.originator(), 0);
    EXPECT_EQ(Recorded({{'>', "A", 1, 1}}).record.originator(), 0);
}

TEST(RecordOriginator, AServersPortFlips) {
    const Recorded r{{'<', "A", 1, 1, 10}, {'>', "A", 1, 11}};
    EXPECT_EQ(r.record.originator(), 0);
    EXPECT_EQ(r.history(), "^dA");
}

TEST(RecordOriginator, ACleanSynNeverFlips) { EXPECT_EQ(Recorded({{'<', "S", 0}}).record.originator(), 1); }

TEST(RecordOriginator, BetweenTwoServerPortsTheLowerAnswers) {
    constexpr Ports kBoth{8080, 80};
    EXPECT_EQ(Recorded({{'<', "A", 1, 1}}, kBoth).history(), "^a");
    EXPECT_EQ(Recorded({{'>', "A", 1, 1}}, kBoth).history(), "A");
    EXPECT_EQ(Recorded({kSynAck}, kBoth).history(), "H") << "a stealth scan looks like this";
}

TEST(RecordOriginator, ASynAckThatGoesOnWasNoScan) {
    constexpr Ports kUnknown{40000, 50000};
    const Recorded r({kSynAck, kAck, {'>', "A", 1, 1, 10}, {'<', "A", 1, 11}}, kUnknown);
    EXPECT_EQ(r.history(), "^hADa");
    EXPECT_EQ(r.record.originator(), 0);
    EXPECT_EQ(r.state(), "OTH");
}

TEST(RecordOriginator, ASynAfterItsSynAckEstablishesAndFlips) {
    constexpr Ports kUnknown{40000, 50000};
    Recorded r({kSynAck}, kUnknown);
    EXPECT_FALSE(r.ended_by(kSyn)) << "its number is the SYN-ACK's ACK less one";
    EXPECT_TRUE(r.ended_by({'>', "S", 77}));
    r.add(kSyn);
    EXPECT_EQ(r.state(), "S1");
    EXPECT_EQ(r.history(), "Hs^");
    EXPECT_EQ(r.record.originator(), 0);
}

TEST(RecordBoundary, ASynWithAnotherNumberBeginsAnother) {
    Recorded r{kSyn, kSynAck, kAck};
    EXPECT_FALSE(r.ended_by(kSyn));
    EXPECT_TRUE(r.ended_by({'>', "S", 12345}));
    EXPECT_TRUE(r.ended_by({'<', "S", 0})) << "a simultaneous open is two connections to Zeek";
    EXPECT_FALSE(r.ended_by({'<', "SA", 999, 1})) << "a SYN-ACK is of the connection whose SYN was seen";
    EXPECT_FALSE(r.ended_by({'>', "A", 1, 1}));
}

TEST(RecordBoundary, AfterACloseAnySynDoes) {
    Recorded r{kSyn, kSynAck, kAck, kFin, kFinBack};
    EXPECT_TRUE(r.ended_by(kSyn));
    EXPECT_FALSE(r.ended_by({'>', "A", 2, 2}));
}

TEST(RecordBoundary, AnUnansweredSynIsOverAfterFiveSeconds) {
    Recorded r{kSyn, {'>', "S", 0, 0, 0, 3}};
    EXPECT_EQ(r.timer(), TimerClass::attempt);
    EXPECT_FALSE(r.ended_by({'>', "S", 0, 0, 0, 4.999}));
    EXPECT_TRUE(r.ended_by({'>', "S", 0, 0, 0, 5}));
    r.add({'<', "SA", 0, 1, 0, 4.9});
    EXPECT_FALSE(r.ended_by({'>', "A", 1, 1, 0, 6}));
    EXPECT_EQ(r.timer(), TimerClass::established);
}

TEST(RecordTimer, OneFinLeavesTheConnectionOpen) {
    EXPECT_EQ(Recorded({kSyn, kSynAck, kAck, kFin}).timer(), TimerClass::established);
    EXPECT_EQ(Recorded({kSyn, kSynAck, kAck, kFin, kFinBack}).timer(), TimerClass::zeek_closing);
}

TEST(RecordTimer, ARstOrAnUnansweredFinClosesAtOnce) {
    EXPECT_EQ(Recorded({kSyn, kSynAck, kAck, {'<', "RA", 1, 1}}).timer(), TimerClass::zeek_closing);
    EXPECT_EQ(Recorded({kSyn, {'<', "RA", 0, 1}}).timer(), TimerClass::zeek_closing);
    EXPECT_EQ(Recorded({{'>', "FA", 1, 1}}).timer(), TimerClass::zeek_closing);
}

TEST(RecordTimer, ARstOfTheSideThatSentItsFinBefore) {
    EXPECT_EQ(Recorded({kSyn, kSynAck, kAck, kFin, {'>', "R", 2}}).timer(), TimerClass::zeek_reset);
}

TEST(RecordTimer, AFinWithDataMissingWaitsForIt) {
    Recorded r{kSyn,
               kSynAck,
               kAck,
               {'>', "A", 1, 1, 10},
               {'<', "A", 1, 11},
               {'>', "FA", 111, 1},
               {'<', "FA", 1, 11}};
    EXPECT_EQ(r.timer(), TimerClass::established);
    r.add({'>', "A", 11, 2, 100});
    r.add({'<', "A", 2, 112});
    EXPECT_EQ(r.state(), "SF");
}

TEST(RecordBoundary, AHeadlessPacketOpensARecordWithNothingInIt) {
    Packet broken = packet_of(kSyn, {});
    broken.headless = true;
    Conn conn;
    Warm warm;
    ajar::Record record;
    ajar::record::begin({conn, warm, record}, broken);
    EXPECT_EQ(record.history_length, 0);
    EXPECT_EQ(warm.sent[0].packets, 0U);
    EXPECT_EQ(ajar::record::conn_state(record), "OTH");
    EXPECT_EQ(ajar::record::zeek_timer({conn, warm, record}), TimerClass::zeek_reset);
    EXPECT_TRUE(ajar::record::begins_another({conn, warm, record}, packet_of(kSyn, {})));
}

TEST(RecordTimer, AFinBeforeTheOthersDataIsAcknowledgedWaits) {
    const auto closed = [](std::uint32_t acknowledged) {
        return Recorded({kSyn,
                         kSynAck,
                         kAck,
                         {'>', "PA", 1, 1, 10},
                         {'<', "A", 1, 11},
                         {'>', "PA", 11, 1, 10},
                         {'<', "A", 1, acknowledged},
                         {'<', "F", 1},
                         {'>', "FA", 21, 2}})
            .timer();
    };
    EXPECT_EQ(closed(21), TimerClass::zeek_closing);
    EXPECT_EQ(closed(11), TimerClass::established);
}

TEST(RecordTimer, OnlyTheTimersOfSilenceAreRenewed) {
    EXPECT_TRUE(record::zeek_renews(TimerClass::established));
    EXPECT_TRUE(record::zeek_renews(TimerClass::zeek_reset));
    EXPECT_FALSE(record::zeek_renews(TimerClass::attempt));
    EXPECT_FALSE(record::zeek_renews(TimerClass::zeek_closing));
}

TEST(RecordCounts, PacketsBytesAndTheDurationUpToTheSecondClose) {
    const Recorded r{{'>', "S", 0, 0, 0, 0},   {'<', "SA", 0, 1, 0, 1}, {'>', "A", 1, 1, 0, 2},
                     {'>', "PA", 1, 1, 60, 3}, {'<', "A", 1, 61, 0, 4}, {'>', "FA", 61, 1, 0, 5},
                     {'<', "FA", 1, 62, 0, 6}, {'>', "A", 62, 2, 0, 7}};
    EXPECT_EQ(r.warm.sent[0].packets, 5U);
    EXPECT_EQ(r.warm.sent[1].packets, 3U);
    EXPECT_EQ(r.warm.sent[0].ip_bytes, 5 * 40U + 60U);
    EXPECT_EQ(r.warm.sent[1].ip_bytes, 3 * 40U);
    EXPECT_DOUBLE_EQ(r.duration(), 6);
}

}  // namespace
}  // namespace ajar::test
