// What an ACK reveals of data that was never seen, and what it does not.
#include <gtest/gtest.h>

#include "unit/flow/record_script.hpp"

namespace ajar::test {
namespace {

TEST(RecordGap, AcknowledgedAndNeverSeen) {
    const Recorded r{kSyn, kSynAck, kAck, {'<', "A", 1, 101}};
    EXPECT_EQ(r.history(), "ShAaG")
        << "of the side whose data is missing; the gap's letter follows the ACK's";
    EXPECT_EQ(r.record.missed, 100U);
}

TEST(RecordGap, AHoleThatIsFilledInTimeIsNone) {
    const Recorded r{kSyn,
                     kSynAck,
                     kAck,
                     {'>', "A", 101, 1, 100},
                     {'<', "A", 1, 1},
                     {'>', "A", 1, 1, 100},
                     {'<', "A", 1, 201}};
    EXPECT_EQ(r.history(), "ShADaT") << "to Zeek, what fills a hole is a retransmission";
    EXPECT_EQ(r.record.missed, 0U);
}

TEST(RecordGap, AHoleThatIsAcknowledgedIsCountedAlone) {
    const Recorded r{kSyn, kSynAck, kAck, {'>', "A", 101, 1, 100}, {'<', "A", 1, 201}};
    EXPECT_EQ(r.record.missed, 100U) << "what lay above the hole was seen";
    EXPECT_EQ(r.history(), "ShADaG");
}

TEST(RecordGap, ASecondAckOfTheSameGapSaysNothingNew) {
    Recorded r{kSyn, kSynAck, kAck, {'<', "A", 1, 101}};
    for (int i = 0; i < 20; ++i) r.add({'<', "A", 1, 101});
    EXPECT_EQ(r.history(), "ShAaG");
}

TEST(RecordGap, TheAckOfAFinIsNoGap) {
    const Recorded r{kSyn, kSynAck, kAck, {'>', "FA", 1, 1}, {'<', "FA", 1, 2}, {'>', "A", 2, 2}};
    EXPECT_EQ(r.history(), "ShAFf");
    EXPECT_EQ(r.record.missed, 0U);
}

TEST(RecordGap, MidStreamConnectionsHaveNone) {
    const Recorded r{{'>', "A", 1, 1, 10}, {'<', "A", 1, 500}};
    EXPECT_EQ(r.record.missed, 0U);
    EXPECT_EQ(r.history(), "Da");
}

TEST(RecordGap, ARstThatRevealsItIsNotTrusted) {
    const Recorded r{kSyn, kSynAck, kAck, {'<', "RA", 1, 101}};
    EXPECT_EQ(r.history(), "ShAr");
}

TEST(RecordGap, APayloadThatTheCaptureCutOffWasNotSeen) {
    const Recorded r{
        kSyn, kSynAck, {'>', "A", 1, 1, 100, 0, 1000, Checksum::unknown, true}, {'<', "A", 1, 101}};
    EXPECT_EQ(r.history(), "ShDaG");
}

TEST(RecordGap, WithoutAnyAckAHoleIsGivenUp) {
    Recorded r{kSyn, kSynAck, kAck, {'>', "A", 101, 1, 20000}};
    r.add({'<', "A", 1, 20101});
    EXPECT_EQ(r.history(), "ShADa")
        << "Zeek follows at most 16 kB above a hole while nothing was acknowledged";
}

TEST(RecordGap, AWrappingSequenceIsInOrder) {
    Recorded r{kSyn, kSynAck, kAck};
    for (std::uint32_t i = 0; i < 10; ++i) {
        r.add({'>', "PA", 1 + 100 * i, 1, 100});
        r.add({'<', "A", 1, 101 + 100 * i});
    }
    EXPECT_EQ(r.history(), "ShADa");
}

TEST(RecordGap, AStreamOfManyGigabytesHasNone) {
    Recorded r{kSyn, kSynAck, kAck};
    constexpr std::uint32_t kStep = 60'000;
    std::uint32_t seq = 1;
    for (int i = 0; i < 150'000; ++i) {  // 9 GB: two turns of the sequence space
        r.add({'>', "PA", seq, 1, kStep});
        seq += kStep;
        r.add({'<', "A", 1, seq});
    }
    EXPECT_EQ(r.history(), "ShADa");
    r.add({'>', "PA", seq - kStep, 1, kStep});
    EXPECT_EQ(r.history(), "ShADaT");
    r.add({'<', "A", 1, seq + 10});
    EXPECT_EQ(r.history(), "ShADaTG") << "the beginning has moved along, so a gap is still seen";
}

TEST(RecordGap, InTheMidstOfOrdinaryTraffic) {
    Recorded r{kSyn,
               kSynAck,
               kAck,
               {'>', "PA", 1, 1, 10},
               {'<', "A", 1, 11},
               {'>', "PA", 11, 1, 10},
               {'<', "A", 1, 21}};
    r.add({'<', "A", 1, 31});
    EXPECT_EQ(r.history(), "ShADaG");
    EXPECT_EQ(r.record.missed, 10U);
}

}  // namespace
}  // namespace ajar::test
