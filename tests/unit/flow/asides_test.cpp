// Are asides kept by flow, each once, and does the one written longest ago give way?
#include "ajar/flow/asides.hpp"

#include <gtest/gtest.h>

namespace ajar {
namespace {

Aside numbered(std::uint32_t n) {
    Aside a;
    a.seq = n;
    return a;
}

TEST(Asides, KeepWhatWasPutLast) {
    PageMemory memory;
    Asides asides(memory, 1024);
    Aside got;
    EXPECT_FALSE(asides.get(0, got)) << "fresh memory belongs to nobody";
    asides.put(0, numbered(1));
    asides.put(0, numbered(2));
    asides.put(1, numbered(3));
    ASSERT_TRUE(asides.get(0, got));
    EXPECT_EQ(got.seq, 2U);
    ASSERT_TRUE(asides.get(1, got));
    EXPECT_EQ(got.seq, 3U);
}

TEST(Asides, TheOldestOfASetGivesWay) {
    PageMemory memory;
    Asides asides(memory, 10);  // one set
    for (std::uint32_t i = 0; i < 5; ++i) asides.put(i, numbered(i));
    Aside got;
    EXPECT_FALSE(asides.get(0, got));
    for (std::uint32_t i = 1; i < 5; ++i) {
        ASSERT_TRUE(asides.get(i, got));
        EXPECT_EQ(got.seq, i);
    }
}

TEST(Asides, TakeASixteenthOfAFlowsNeed) {
    EXPECT_LE(Asides::bytes_for(1U << 20U), (std::uint64_t{1} << 20U) * 2);
    EXPECT_GT(Asides::bytes_for(0), 0U);
}

}  // namespace
}  // namespace ajar
