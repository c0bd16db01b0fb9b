// Which letters the history gets, and when a letter comes again.
#include <gtest/gtest.h>

#include "unit/flow/record_script.hpp"

namespace ajar::test {
namespace {

TEST(RecordHistory, NamesThePartsOfAWholeConnection) {
    const Recorded r{{'>', "S", 0},          {'<', "SA", 0, 1},    {'>', "A", 1, 1},
                     {'>', "PA", 1, 1, 100}, {'<', "A", 1, 101},   {'<', "PA", 1, 101, 50},
                     {'>', "FA", 101, 51},   {'<', "FA", 51, 102}, {'>', "A", 102, 52}};
    EXPECT_EQ(r.history(), "ShADadFf");
}

TEST(RecordHistory, DataAndAckComeOnce) {
    const Recorded r{{'>', "S", 0},     {'<', "SA", 0, 1}, {'>', "PA", 1, 1, 10}, {'>', "PA", 11, 1, 10},
                     {'<', "A", 1, 21}, {'<', "A", 1, 21}, {'>', "PA", 21, 1, 10}};
    EXPECT_EQ(r.history(), "ShDa");
}

TEST(RecordHistory, ASynWithTheSameNumberComesOnce) {
    const Recorded r{
        {'>', "S", 0}, {'>', "S", 0, 0, 0, 1}, {'<', "SA", 0, 1, 0, 1.1}, {'<', "SA", 0, 1, 0, 2.1}};
    EXPECT_EQ(r.history(), "Sh");
}

TEST(RecordHistory, AFinOrRstWithAnotherNumberComesAgain) {
    const Recorded r{{'>', "S", 0},     {'<', "SA", 0, 1}, {'>', "FA", 1, 1}, {'>', "FA", 1, 1},
                     {'>', "FA", 9, 1}, {'<', "R", 1},     {'<', "R", 1},     {'<', "R", 700}};
    EXPECT_EQ(r.history(), "ShFFrr");
}

TEST(RecordHistory, TheNumberOfAFinIsThatOfItsOwnOctet) {
    const Recorded r{{'>', "S", 0}, {'<', "SA", 0, 1}, {'>', "FA", 1, 1, 10}, {'>', "FA", 11, 1}};
    EXPECT_EQ(r.history(), "ShF") << "data before it or not, it is the same FIN";
}

TEST(RecordHistory, TwoControlFlagsAreNoneOfTheOrdinaryLetters) {
    EXPECT_EQ(Recorded({{'>', "SF", 0}}).history(), "Q");
    EXPECT_EQ(Recorded({{'>', "SR", 0}}).history(), "Q");
    EXPECT_EQ(Recorded({{'>', "FR", 0}}).history(), "I");
    EXPECT_EQ(Recorded({{'>', "FR", 0}, {'>', "FR", 5}}).history(), "I");
}

TEST(RecordHistory, RetransmissionsAtTheFirstTenthHundredth) {
    Recorded r{{'>', "S", 0}, {'<', "SA", 0, 1}, {'>', "A", 1, 1}, {'>', "PA", 1, 1, 10}};
    const auto again = [&](int times) {
        for (int i = 0; i < times; ++i) r.add({'>', "PA", 1, 1, 10});
        return r.history();
    };
    EXPECT_EQ(again(1), "ShADT");
    EXPECT_EQ(again(8), "ShADT");
    EXPECT_EQ(again(1), "ShADTT");
    EXPECT_EQ(again(89), "ShADTT");
    EXPECT_EQ(again(1), "ShADTTT");
    EXPECT_EQ(again(500), "ShADTTT");
}

TEST(RecordHistory, DataThatReachesBeyondWhatWasSeenIsNoRetransmission) {
    const Recorded r{{'>', "S", 0}, {'<', "SA", 0, 1}, {'>', "PA", 1, 1, 10}, {'>', "PA", 5, 1, 10}};
    EXPECT_EQ(r.history(), "ShD");
}

TEST(RecordHistory, AKeepAliveWithAByteIsARetransmission) {
    const Recorded r{
        {'>', "S", 0}, {'<', "SA", 0, 1}, {'>', "A", 1, 1}, {'>', "A", 0, 1, 1}, {'>', "A", 0, 1}};
    EXPECT_EQ(r.history(), "ShADT");
}

TEST(RecordHistory, AClosedWindowUnlessItComesWithTheEnd) {
    Recorded r{{'>', "S", 0}, {'<', "SA", 0, 1}, {'>', "A", 1, 1}};
    r.add({'<', "A", 1, 1, 0, 0, 0});
    EXPECT_EQ(r.history(), "ShAaw") << "the flags' letter comes first";
    r.add({'<', "R", 1, 0, 0, 0, 0});
    EXPECT_EQ(r.history(), "ShAawr");
    const Recorded after_fin{{'>', "S", 0}, {'<', "SA", 0, 1}, {'>', "FA", 1, 1}, {'<', "A", 1, 2, 0, 0, 0}};
    EXPECT_EQ(after_fin.history(), "ShFa");
}

TEST(RecordHistory, ABadChecksumCountsForNothingElse) {
    Recorded r{{'>', "S", 0}, {'<', "SA", 0, 1}};
    r.add({'>', "R", 1, 0, 0, 0, 1000, Checksum::bad});
    EXPECT_EQ(r.history(), "ShC");
    EXPECT_EQ(r.state(), "S1");
    EXPECT_EQ(r.warm.sent[0].packets, 1U);
    for (int i = 0; i < 12; ++i) r.add({'>', "R", 1, 0, 0, 0, 1000, Checksum::bad});
    EXPECT_EQ(r.history(), "ShCC");
    r.add({'<', "R", 1, 0, 0, 0, 1000, Checksum::bad});
    EXPECT_EQ(r.history(), "ShCCc") << "each side counts for itself";
}

TEST(RecordHistory, AFullHistoryKeepsItsBeginning) {
    Recorded r{{'>', "S", 0}, {'<', "SA", 0, 1}};
    for (std::uint32_t i = 0; i < 40; ++i) r.add({'<', "R", 1 + 1000 * i});
    EXPECT_EQ(r.history(), "Sh" + std::string(14, 'r'));
}

}  // namespace
}  // namespace ajar::test
