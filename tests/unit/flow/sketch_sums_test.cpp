// Is the sum of sketches what one sketch of everything would be?
#include "ajar/flow/sketch_sums.hpp"

#include <gtest/gtest.h>

#include <random>

namespace ajar {
namespace {

TEST(SketchSums, AreTheSketchOfEverything) {
    PageMemory memory;
    CountMin a(memory, 16), b(memory, 16), all(memory, 16);
    SketchSums sums(memory, 16);
    std::mt19937_64 random(1);
    for (int n = 0; n < 1000; ++n) {
        const auto hash = random();
        (n % 3 == 0 ? a : b).add(hash, 1);
        all.add(hash, 1);
    }
    sums.add(a), sums.add(b);
    ASSERT_EQ(sums.cells().size(), all.cells());
    for (std::size_t i = 0; i < all.cells(); ++i) EXPECT_EQ(sums.cells()[i], all.cell(i));
    const auto hash = random();
    EXPECT_EQ(sums.estimate(hash), all.estimate(hash));
}

TEST(SketchSums, BeginAnew) {
    PageMemory memory;
    CountMin sketch(memory, 4);
    SketchSums sums(memory, 4);
    sketch.add(1, 7);
    sums.add(sketch);
    sums.clear();
    EXPECT_EQ(sums.estimate(1), 0U);
    sums.add(sketch);
    EXPECT_EQ(sums.estimate(1), 7U);
}

TEST(SketchSumsDeathTest, NeverWrap) {
    PageMemory memory;
    CountMin sketch(memory, 1);
    SketchSums sums(memory, 1);
    sketch.add(0, 0x7fffffff);
    sums.add(sketch), sums.add(sketch);
    EXPECT_DEATH(sums.add(sketch), "outside");
}

TEST(SketchSumsDeathTest, AreOfOneSize) {
    PageMemory memory;
    const CountMin sketch(memory, 2);
    SketchSums sums(memory, 4);
    EXPECT_DEATH(sums.add(sketch), "lines");
}

}  // namespace
}  // namespace ajar
