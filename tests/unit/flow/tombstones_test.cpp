// Does the ring forget the oldest first, whether it is full, its time is up, or it was taken out?
#include "ajar/flow/tombstones.hpp"

#include <gtest/gtest.h>

namespace ajar {
namespace {

Tombstone<KeyV4> stone(std::uint16_t port, std::uint32_t died) {
    Tombstone<KeyV4> t;
    t.key.port = {be16::of(port), be16::of(80)};
    t.died = Tick{died};
    return t;
}

struct TombstonesTest : testing::Test {
    PageMemory memory;
    Tombstones<KeyV4> ring{memory, 3};
    std::uint32_t add(std::uint16_t port, std::uint32_t died) { return ring.add(stone(port, died)).index; }
    std::uint16_t port_at(std::uint32_t i) { return ring.get(i).key.port[0].value(); }
};

TEST_F(TombstonesTest, OldestFallsOffAndLeavesItsIndex) {
    const auto first = add(1, 10);
    (void)add(2, 11), (void)add(3, 12);
    const auto added = ring.add(stone(4, 13));
    EXPECT_EQ(added.index, first);
    ASSERT_TRUE(added.fallen);
    EXPECT_EQ(added.fallen->key.port[0].value(), 1);
    EXPECT_EQ(port_at(ring.front()), 2);
    EXPECT_EQ(ring.size(), 3U);
}

TEST_F(TombstonesTest, ExpiresAtItsTimeAndNotBefore) {
    (void)add(1, 10);
    EXPECT_EQ(ring.expired(Tick{109}, 100), kNone);
    EXPECT_EQ(ring.expired(Tick{110}, 100), ring.front());
    ring.remove(ring.front());
    EXPECT_EQ(ring.front(), kNone);
    EXPECT_EQ(ring.expired(Tick{1000}, 100), kNone);
}

TEST_F(TombstonesTest, ExpiresAcrossTheWrapOfTicks) {
    (void)add(1, 0xffffffffU);
    EXPECT_EQ(ring.expired(Tick{98}, 100), kNone);
    EXPECT_NE(ring.expired(Tick{99}, 100), kNone);
}

TEST_F(TombstonesTest, ARemovedOneIsPassedOver) {
    (void)add(1, 10);
    const auto second = add(2, 11);
    (void)add(3, 12);
    ring.remove(second);
    EXPECT_FALSE(ring.get(second).alive());
    EXPECT_EQ(ring.size(), 2U);
    ring.remove(ring.front());
    EXPECT_EQ(port_at(ring.front()), 3);
    for (std::uint16_t p = 4; p < 40; ++p) {
        (void)add(p, p);
        EXPECT_TRUE(ring.get(ring.front()).alive());
    }
    EXPECT_EQ(port_at(ring.front()), 37);
}

}  // namespace
}  // namespace ajar
