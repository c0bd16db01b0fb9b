// Does a key get four counters of one line, all sets alike, and does a count come and go without a trace?
#include "ajar/flow/count_min.hpp"

#include <gtest/gtest.h>

#include <map>
#include <random>
#include <set>

namespace ajar {
namespace {

bool all_zero(const CountMin& sketch) {
    for (std::size_t i = 0; i < sketch.cells(); ++i) {
        if (sketch.cell(i) != 0) return false;
    }
    return true;
}

TEST(SketchCells, AreFourOfOneLine) {
    std::mt19937_64 random(1);
    for (int n = 0; n < 10'000; ++n) {
        const auto cells = cells_of(random(), 64);
        EXPECT_EQ(std::set<std::uint32_t>(cells.begin(), cells.end()).size(), 4U);
        for (const auto c : cells) EXPECT_EQ(c / kSketchLine, cells[0] / kSketchLine);
        EXPECT_LT(cells[0], 64 * kSketchLine);
    }
}

// 1820 sets, 1000 draws for each: chi-squared has 1819 degrees of freedom, sigma 60.
TEST(SketchCells, AreEachSetOfFourEquallyOften) {
    std::mt19937_64 random(2);
    std::map<std::uint32_t, int> seen;  // by a bit for each of the four
    for (int n = 0; n < 1'820'000; ++n) {
        const auto [a, b, c, d] = counters_of(random());
        ++seen[1U << a | 1U << b | 1U << c | 1U << d];
    }
    ASSERT_EQ(seen.size(), 1820U);
    double chi = 0;
    for (const auto& [set, n] : seen) chi += (n - 1000.0) * (n - 1000.0) / 1000.0;
    EXPECT_NEAR(chi, 1819, 5 * 60);
}

TEST(CountMin, CountsAndForgets) {
    PageMemory memory;
    CountMin sketch(memory, 4);
    std::mt19937_64 random(3);
    const auto a = random(), b = random();
    sketch.prefetch(a);
    for (int i = 0; i < 5; ++i) sketch.add(a, 1);
    EXPECT_EQ(sketch.estimate(a), 5U);
    sketch.add(b, 1);
    sketch.add(a, -1);
    EXPECT_GE(sketch.estimate(a), 4U);
    EXPECT_GE(sketch.estimate(b), 1U);
    for (int i = 0; i < 4; ++i) sketch.add(a, -1);
    sketch.add(b, -1);
    EXPECT_TRUE(all_zero(sketch));
}

TEST(CountMin, TakesTheMemoryThatItSays) {
    PageMemory memory;
    const CountMin sketch(memory, 1024);
    EXPECT_EQ(CountMin::bytes_for(1024), 65536U);
    EXPECT_EQ(memory.taken(), CountMin::bytes_for(1024));
    EXPECT_EQ(sketch.cells(), 16384U);
}

// The greatest total that is allowed, and the way back.
TEST(CountMin, HoldsTheGreatestTotal) {
    PageMemory memory;
    CountMin sketch(memory, 1);
    constexpr std::int32_t kMost = 0x7fffffff;
    sketch.add(0, kMost), sketch.add(0, kMost), sketch.add(0, 1);
    EXPECT_EQ(sketch.estimate(0), 0xffffffffU);
    sketch.add(0, -kMost), sketch.add(0, -kMost), sketch.add(0, -1);
    EXPECT_TRUE(all_zero(sketch));
}

// What dies writes first, in pages that it shares with us: a sketch each.
TEST(CountMinDeathTest, NeverWraps) {
    PageMemory memory;
    CountMin empty(memory, 1), full(memory, 1);
    EXPECT_DEATH(empty.add(0, -1), "outside");
    full.add(0, 0x7fffffff), full.add(0, 0x7fffffff), full.add(0, 1);
    EXPECT_DEATH(full.add(0, 1), "outside");
}

}  // namespace
}  // namespace ajar
