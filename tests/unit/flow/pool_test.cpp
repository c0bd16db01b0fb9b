// Does the pool hand out each place once, reuse the warmest first, and leave untouched what nobody used?
#include "ajar/flow/pool.hpp"

#include <gtest/gtest.h>

namespace ajar {
namespace {

TEST(Pool, HandsOutEachIndexOnce) {
    PageMemory memory;
    Pool<KeyV4> pool(memory, 3, Recording::off);
    EXPECT_EQ(pool.take(), 0U);
    EXPECT_EQ(pool.take(), 1U);
    EXPECT_EQ(pool.take(), 2U);
    EXPECT_EQ(pool.take(), kNone);
    EXPECT_EQ(pool.used(), 3U);
    EXPECT_EQ(pool.capacity(), 3U);
}

TEST(Pool, ReusesTheLastGivenBack) {
    PageMemory memory;
    Pool<KeyV6> pool(memory, 4, Recording::off);
    for (int i = 0; i < 3; ++i) (void)pool.take();
    pool.give(0);
    pool.give(2);
    EXPECT_EQ(pool.used(), 1U);
    EXPECT_EQ(pool.take(), 2U);
    EXPECT_EQ(pool.take(), 0U);
    EXPECT_EQ(pool.high_water(), 3U) << "reuse before new ground";
    EXPECT_EQ(pool.take(), 3U);
    EXPECT_EQ(pool.high_water(), 4U);
}

TEST(Pool, PlacesEntriesOnPairsOfLines) {
    PageMemory memory;
    Pool<KeyV4> pool(memory, 2, Recording::on);
    EXPECT_EQ(reinterpret_cast<std::uintptr_t>(&pool.entry(0)) % 128, 0U);
    EXPECT_EQ(reinterpret_cast<std::uintptr_t>(&pool.entry(1)) % 128, 0U);
    pool.entry(1).key.zone = 7;
    pool.record(1)->missed = 8;
    EXPECT_EQ(pool.entry(0).key.zone, 0U);
    EXPECT_EQ(pool.record(0)->missed, 0U);
}

}  // namespace
}  // namespace ajar
