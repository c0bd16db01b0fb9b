// Does the ring hand over what was written in its slots, in order, and say when it is full?
#include "ajar/spsc_ring.hpp"

#include <gtest/gtest.h>

namespace ajar {
namespace {

TEST(SpscRing, FullIsToldToTheWriter) {
    SpscRing<int> ring(2);
    EXPECT_TRUE(ring.push(1) && ring.push(2));
    EXPECT_FALSE(ring.push(3));
    EXPECT_EQ(ring.reserve(), nullptr);
    int out = 0;
    EXPECT_TRUE(ring.pop(out));
    EXPECT_EQ(out, 1);
    EXPECT_TRUE(ring.push(3));
}

TEST(SpscRing, WhatIsReservedIsReadOnceItIsCommitted) {
    SpscRing<int> ring(2);
    int out = 0;
    for (int i = 0; i < 5; ++i) {
        *ring.reserve() = i;
        EXPECT_FALSE(ring.pop(out)) << "not handed over yet";
        ring.commit();
        EXPECT_EQ(ring.space(), 1U);
        EXPECT_TRUE(ring.pop(out));
        EXPECT_EQ(out, i);
    }
    EXPECT_FALSE(ring.pop(out));
}

}  // namespace
}  // namespace ajar
