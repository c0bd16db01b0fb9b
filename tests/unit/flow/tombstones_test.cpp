// Does the ring forget the oldest first, and pass over what was taken out?
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
    EXPECT_FALSE(ring.add(stone(4, 13)).fallen);
    EXPECT_FALSE(ring.add(stone(5, 14)).fallen);
    for (std::uint16_t p = 6; p < 40; ++p) {
        const auto added = ring.add(stone(p, p));
        ASSERT_TRUE(added.fallen);
        EXPECT_EQ(added.fallen->key.port[0].value(), p - 3);
        EXPECT_EQ(port_at(added.index), p);
    }
}

}  // namespace
}  // namespace ajar
