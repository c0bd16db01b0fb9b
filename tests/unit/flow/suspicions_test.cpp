// Are suspicions found by their tuple's hash, and who gives way in a full set?
#include "ajar/flow/suspicions.hpp"

#include <gtest/gtest.h>

namespace ajar {
namespace {

using namespace std::chrono_literals;

Suspicion repeated(std::uint8_t times, int second) {
    Suspicion s;
    s.vain.count = times;
    s.heard = s.evidence.began = Time(std::chrono::seconds(second));
    return s;
}

Suspicion told(int second) {
    Suspicion s = repeated(5, second);
    s.evidence.sign = Reason::unanswered_retransmission;
    return s;
}

struct SuspicionsTest : testing::Test {
    PageMemory memory;
    Suspicions store{memory, 1};  // the hashes below are of one set
};

TEST_F(SuspicionsTest, FreshMemoryBelongsToNobody) {
    EXPECT_EQ(store.find(0), nullptr);
    EXPECT_EQ(store.size(), 0U);
    EXPECT_EQ(store.capacity(), 16U);
}

TEST_F(SuspicionsTest, OneOfATupleIsKeptOnce) {
    store.put(7, repeated(1, 1));
    store.put(7, repeated(2, 1));
    ASSERT_NE(store.find(7), nullptr);
    EXPECT_EQ(store.find(7)->vain.count, 2);
    EXPECT_EQ(store.size(), 1U);
    store.drop(7);
    store.drop(7);
    EXPECT_EQ(store.find(7), nullptr);
    EXPECT_EQ(store.size(), 0U);
}

TEST_F(SuspicionsTest, WhoComesFirstStays) {
    for (std::uint64_t h = 0; h < 4; ++h) EXPECT_TRUE(store.put(h, repeated(1, 0)));
    EXPECT_FALSE(store.put(9, repeated(1, 100)));
    EXPECT_EQ(store.find(9), nullptr);
    EXPECT_TRUE(store.put(1, repeated(2, 100))) << "its own place";
    EXPECT_EQ(store.size(), 4U);
}

TEST_F(SuspicionsTest, WhatHasBeenToldGivesWay) {
    for (std::uint64_t h = 0; h < 4; ++h) store.put(h, h == 2 ? told(50) : repeated(1, 0));
    EXPECT_TRUE(store.put(9, repeated(1, 51)));
    EXPECT_EQ(store.find(2), nullptr);
    EXPECT_NE(store.find(9), nullptr);
    EXPECT_FALSE(store.put(10, repeated(1, 52)));
}

TEST_F(SuspicionsTest, TheOldestFirst) {
    for (std::uint64_t h = 0; h < 4; ++h) store.put(h, told(h == 2 ? 1 : 2));
    EXPECT_TRUE(store.put(9, repeated(1, 51)));
    EXPECT_EQ(store.find(2), nullptr);
}

TEST_F(SuspicionsTest, WhatStandsStillGivesWayToo) {
    for (std::uint64_t h = 0; h < 4; ++h) store.put(h, repeated(1, h == 3 ? 0 : 10));
    EXPECT_FALSE(store.put(9, repeated(1, 179)));
    EXPECT_TRUE(store.put(9, repeated(1, 180)));
    EXPECT_EQ(store.find(3), nullptr);
}

TEST_F(SuspicionsTest, AVerdictFindsItsPlace) {
    for (std::uint64_t h = 0; h < 4; ++h) store.put(h, repeated(2, static_cast<int>(h)));
    EXPECT_TRUE(store.put(9, told(100)));
    EXPECT_EQ(store.find(0), nullptr);
}

TEST_F(SuspicionsTest, NothingIsLeftWhenEachMachineRests) {
    EXPECT_TRUE(Suspicion{}.idle());
    EXPECT_FALSE(repeated(1, 0).idle());
    Suspicion cut;
    cut.cut.heard = true;
    EXPECT_FALSE(cut.idle());
}

TEST_F(SuspicionsTest, WhatWasToldLatelyIsRememberedAndGivesWay) {
    Suspicion s;
    s.told.take(Reason::made_by_middlebox, Time(1s));
    EXPECT_FALSE(s.idle());
    EXPECT_FALSE(s.under_way(Time(2s)));
    s.told.pass(Time(60s));
    EXPECT_FALSE(s.idle());
    s.told.pass(Time(61s));
    EXPECT_TRUE(s.idle());
}

TEST(Told, ASignOnceAMinute) {
    Told told;
    const auto take = [&](Reason sign, int second) {
        const Time now{std::chrono::seconds(second)};
        told.pass(now);
        return told.take(sign, now);
    };
    EXPECT_TRUE(take(Reason::crash_reopen_stuck, 1));
    EXPECT_FALSE(take(Reason::crash_reopen_stuck, 2));
    EXPECT_TRUE(take(Reason::made_by_middlebox, 50)) << "another one";
    EXPECT_TRUE(take(Reason::crash_reopen_stuck, 61));
}

TEST(Evidence, KeepsTheLastFourOfEachDirection) {
    FlowEvidence e;
    Packet p;
    for (std::uint32_t n = 0; n < 6; ++n) {
        p.seq = n;
        p.side = 1;
        p.payload = 100'000;
        e.keep(p);
    }
    p.side = 0;
    p.seq = 77;
    e.keep(p);
    EXPECT_EQ(e.kept, (std::array<std::uint8_t, 2>{1, 4}));
    EXPECT_EQ(e.last[0][0].seq, 77U);
    for (std::uint32_t n = 0; n < 4; ++n) EXPECT_EQ(e.last[1][n].seq, 2 + n);
    EXPECT_EQ(e.last[1][0].payload, 65535);
}

}  // namespace
}  // namespace ajar
