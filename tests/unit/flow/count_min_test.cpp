// Does a key get four counters of one line, all sets alike, and does a count come and go without a trace?
#include "ajar/flow/count_min.hpp"

#include <gtest/gtest.h>

#include <array>
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

std::uint32_t set_of(std::uint64_t hash) {
    std::uint32_t set = 0;
    for (const auto c : cells_of(hash, 1)) set |= 1U << c;
    return set;
}

// 40 000 draws of four: each counter 10 000 times, sigma 87.
TEST(SketchCells, AreEachCounterEquallyOften) {
    std::mt19937_64 random(2);
    std::array<int, kSketchLine> seen{};
    for (int n = 0; n < 40'000; ++n) {
        for (const auto c : cells_of(random(), 1)) ++seen[c];
    }
    for (const auto n : seen) EXPECT_NEAR(n, 10'000, 5 * 87);
}

// 1214 is what the header says; sigma of the pairs is 35, of the sets 0.
TEST(SketchCells, AreSeldomTheSameForTwoKeys) {
    std::mt19937_64 random(3);
    std::set<std::uint32_t> sets;
    int alike = 0;
    for (int n = 0; n < 1'500'000; ++n) {
        const auto a = set_of(random()), b = set_of(random());
        alike += a == b ? 1 : 0;
        sets.insert(a);
    }
    EXPECT_EQ(sets.size(), 1628U);
    EXPECT_NEAR(alike, 1'500'000 / 1214, 5 * 35);
}

// The counters take nothing from the line, nor the line from the counters.
TEST(SketchCells, HaveBitsOfTheirOwn) {
    for (unsigned bit = 0; bit < 64; ++bit) {
        const auto hash = std::uint64_t{1} << bit;
        EXPECT_EQ(first_cell_of(hash, kMostLines) != 0, bit < 26) << bit;
        EXPECT_EQ(counters_of(hash & 0xffffffffU), counters_of(0)) << bit;
    }
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
