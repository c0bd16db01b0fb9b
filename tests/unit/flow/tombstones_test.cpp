// Does the ring forget the oldest first, pass over what was taken out, and know how long ago each died?
#include "ajar/flow/tombstones.hpp"

#include <gtest/gtest.h>

namespace ajar {
namespace {

Tombstone stone(std::uint32_t number) {
    Tombstone t;
    t.hash = number;
    t.set_waits(1);
    return t;
}

struct TombstonesTest : testing::Test {
    PageMemory memory;
    Tombstones ring{memory, 3};
    std::uint32_t add(std::uint16_t port, std::uint32_t died) {
        return ring.add(stone(port), Tick{died}).index;
    }
    std::uint64_t hash_at(std::uint32_t i) { return ring.get(i).hash; }
};

TEST_F(TombstonesTest, OldestFallsOffAndLeavesItsIndex) {
    const auto first = add(1, 10);
    (void)add(2, 11), (void)add(3, 12);
    const auto added = ring.add(stone(4), Tick{13});
    EXPECT_EQ(added.index, first);
    ASSERT_TRUE(added.fallen);
    EXPECT_EQ(added.fallen->hash, 1);
    EXPECT_EQ(ring.size(), 3U);
}

TEST_F(TombstonesTest, ARemovedOneIsPassedOver) {
    const auto first = add(1, 10);
    const auto second = add(2, 11);
    (void)add(3, 12);
    ring.remove(second);
    EXPECT_FALSE(ring.get(second).alive());
    EXPECT_EQ(ring.size(), 2U);
    ring.remove(first);  // the two dead places before the third are free again
    EXPECT_FALSE(ring.add(stone(4), Tick{13}).fallen);
    EXPECT_FALSE(ring.add(stone(5), Tick{14}).fallen);
    for (std::uint32_t p = 6; p < 40; ++p) {
        const auto added = ring.add(stone(p), Tick{p});
        ASSERT_TRUE(added.fallen);
        EXPECT_EQ(added.fallen->hash, p - 3);
        EXPECT_EQ(hash_at(added.index), p);
    }
}

constexpr std::uint32_t kHour = 360'000, kTicksOfDay = 24 * kHour;  // ticks

TEST_F(TombstonesTest, KnowsTheAgeOfEachAfterAnyPause) {
    constexpr std::uint32_t kStart = 0xffffff00U;  // all counts turn over soon
    const auto a = add(1, kStart), b = add(2, kStart + kTicksOfDay);
    EXPECT_EQ(ring.age(a, Tick{kStart + kTicksOfDay}), kTicksOfDay);
    EXPECT_EQ(ring.age(b, Tick{kStart + kTicksOfDay}), 0);
    EXPECT_EQ(ring.age(a, Tick{kStart + 60 * kTicksOfDay}), 60 * kTicksOfDay);
    EXPECT_EQ(ring.age(b, Tick{kStart + 60 * kTicksOfDay}), 59 * kTicksOfDay);
    ring.remove(a), ring.remove(b);
    const auto c = add(3, kStart + 60 * kTicksOfDay);
    EXPECT_EQ(ring.age(c, Tick{kStart + 60 * kTicksOfDay + 1}), 1);
}

// An expiry that is collected late bears the time when it was due.
TEST_F(TombstonesTest, KnowsTheAgeOfOneThatCameLate) {
    const auto a = add(1, 1000), b = add(2, 400);
    EXPECT_EQ(ring.age(a, Tick{1500}), 500);
    EXPECT_EQ(ring.age(b, Tick{1500}), 1100);
    EXPECT_EQ(ring.age(a, Tick{900}), -100);
}

TEST(Tombstone, KeepsItsSidesApart) {
    for (const Side s : {Side{0}, Side{1}}) {
        Tombstone t;
        t.set_port(s, 2);
        EXPECT_EQ(t.ports()[s], 2);
        EXPECT_EQ(t.ports()[other(s)], 0);
        t.set_port(other(s), 1);
        EXPECT_EQ(t.ports()[other(s)], 1);
        EXPECT_FALSE(t.knows(s) || t.waits(s) || t.knows(other(s)) || t.waits(other(s)));
        t.set_rcv_nxt(s, 77);
        EXPECT_TRUE(t.knows(s) && !t.knows(other(s)) && !t.waits(s) && !t.waits(other(s)));
        t.set_waits(other(s));
        EXPECT_TRUE(t.waits(other(s)) && !t.waits(s));
        EXPECT_EQ(t.ports()[s], 2);
    }
}

}  // namespace
}  // namespace ajar
