// conn_state: each of Zeek's thirteen, and the cases that are easy to get wrong.
#include <gtest/gtest.h>

#include "unit/flow/record_script.hpp"

namespace ajar::test {
namespace {

constexpr Ports kNoServer{40000, 50000};

std::string state_of(std::initializer_list<Segment> segments) {
    return Recorded(segments, kNoServer).state();
}

TEST(RecordState, S0) { EXPECT_EQ(state_of({kSyn, kSyn}), "S0"); }
TEST(RecordState, S1) { EXPECT_EQ(state_of({kSyn, kSynAck, kAck}), "S1"); }
TEST(RecordState, S1WithoutTheLastAck) { EXPECT_EQ(state_of({kSyn, kSynAck}), "S1"); }
TEST(RecordState, SF) {
    EXPECT_EQ(state_of({kSyn, kSynAck, kAck, {'>', "FA", 1, 1}, {'<', "FA", 1, 2}}), "SF");
}
TEST(RecordState, S2) { EXPECT_EQ(state_of({kSyn, kSynAck, kAck, {'>', "FA", 1, 1}}), "S2"); }
TEST(RecordState, S3) { EXPECT_EQ(state_of({kSyn, kSynAck, kAck, {'<', "FA", 1, 1}}), "S3"); }
TEST(RecordState, SH) { EXPECT_EQ(state_of({kSyn, {'>', "FA", 1, 1}}), "SH"); }
TEST(RecordState, SHR) { EXPECT_EQ(Recorded({kSynAck, {'<', "FA", 1, 1}}).state(), "SHR"); }
TEST(RecordState, REJ) { EXPECT_EQ(state_of({kSyn, {'<', "RA", 0, 1}}), "REJ"); }
TEST(RecordState, RSTO) { EXPECT_EQ(state_of({kSyn, kSynAck, kAck, {'>', "RA", 1, 1}}), "RSTO"); }
TEST(RecordState, RSTR) { EXPECT_EQ(state_of({kSyn, kSynAck, kAck, {'<', "RA", 1, 1}}), "RSTR"); }
TEST(RecordState, RSTOS0) { EXPECT_EQ(state_of({kSyn, {'>', "R", 1}}), "RSTOS0"); }
TEST(RecordState, RSTRH) { EXPECT_EQ(Recorded({kSynAck, {'<', "R", 1}}).state(), "RSTRH"); }
TEST(RecordState, OTH) { EXPECT_EQ(state_of({{'>', "A", 1, 1, 10}, {'<', "A", 1, 11}}), "OTH"); }

TEST(RecordState, ARstWithoutASynIsNoAttempt) { EXPECT_EQ(state_of({{'>', "R", 1}}), "OTH"); }

TEST(RecordState, BothResetWithoutPayloadIsARejection) {
    EXPECT_EQ(state_of({kSyn, {'<', "RA", 0, 1}, {'>', "R", 1}}), "REJ");
    EXPECT_EQ(
        state_of({kSyn, kSynAck, kAck, {'>', "A", 1, 1, 5}, {'<', "A", 1, 6}, {'<', "R", 1}, {'>', "R", 6}}),
        "RSTR");
}

TEST(RecordState, ARstAfterBothFinsIsStillANormalEnd) {
    EXPECT_EQ(
        state_of({kSyn, kSynAck, kAck, {'>', "FA", 1, 1}, {'<', "FA", 1, 2}, {'<', "R", 2}, {'>', "R", 2}}),
        "SF");
}

TEST(RecordState, FinThenRstThenThePeersFinIsANormalEnd) {
    EXPECT_EQ(state_of({kSyn, kSynAck, kAck, {'>', "FA", 1, 1}, {'>', "RA", 2, 1}, {'<', "FA", 1, 2}}), "SF");
}

TEST(RecordState, AnAckBeforeTheSynAckIsNoPartialConnection) {
    EXPECT_EQ(state_of({kSyn, {'<', "A", 900, 1}, kSynAck, kAck}), "S1");
}

TEST(RecordState, SynAckThenAckRepairsTheMissedSyn) {
    EXPECT_EQ(Recorded({kSynAck, kAck}).state(), "S1") << "the server's port is known";
}

}  // namespace
}  // namespace ajar::test
