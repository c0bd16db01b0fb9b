// Gates of a sketch: when they open, close, and are forgotten.
#include "ajar/defence/cell_gates.hpp"

#include <gtest/gtest.h>

namespace ajar {
namespace {

using namespace std::chrono_literals;

struct Gates : testing::Test {
    static constexpr std::uint32_t kLines = 4;
    static constexpr std::size_t kCell = 21;
    CellGates gates{kLines};
    std::vector<std::uint32_t> counts = std::vector<std::uint32_t>(kLines * kSketchLine);
    CountMarks marks{100, 20, 2s, 5s};
    Tick now{1000};

    bool update(std::uint32_t count, std::uint32_t later = 0) {
        now = now + later;
        counts[kCell] = count;
        return gates.update(counts, marks, now);
    }
    [[nodiscard]] bool open() const { return gates.open().has(kCell); }
    [[nodiscard]] bool lingers() const { return gates.lingering().has(kCell); }
};

TEST_F(Gates, OpenAtTheMarkAndNotBelow) {
    EXPECT_FALSE(update(99));
    EXPECT_TRUE(gates.idle());
    EXPECT_TRUE(update(100));
    EXPECT_TRUE(open());
    EXPECT_TRUE(lingers());
}

TEST_F(Gates, StayOpenBetweenTheMarks) {
    update(100);
    EXPECT_FALSE(update(20, 10'000));
    EXPECT_TRUE(open());
}

TEST_F(Gates, CloseWhenTheCountHasBeenLowForTheDwell) {
    update(100);
    EXPECT_FALSE(update(19, 100));
    EXPECT_FALSE(update(19, 99));
    EXPECT_TRUE(open());
    EXPECT_TRUE(update(19, 10));
    EXPECT_FALSE(open());
    EXPECT_TRUE(lingers()) << "its cookies live on";
}

TEST_F(Gates, ABusyMomentBeginsTheDwellAnew) {
    update(100);
    update(19, 190);
    update(20, 5);
    EXPECT_FALSE(update(19, 190));
    EXPECT_TRUE(open());
}

TEST_F(Gates, AreForgottenAfterTheLinger) {
    update(100);
    update(0, 300);
    EXPECT_FALSE(update(0, 499));
    EXPECT_TRUE(lingers());
    EXPECT_TRUE(update(0, 10));
    EXPECT_FALSE(lingers());
    EXPECT_TRUE(gates.idle());
}

TEST_F(Gates, OpenAgainWhileTheyLinger) {
    update(100);
    update(0, 300);
    EXPECT_TRUE(update(100, 10));
    EXPECT_TRUE(open());
}

TEST(CellSet, HoldsAKeyWhenAllItsCellsAreIn) {
    CellSet set(4);
    const std::uint64_t hash = 0x123456789abcdef0;
    EXPECT_FALSE(set.holds(hash));
    const auto cells = cells_of(hash, 4);
    for (std::size_t i = 0; i < 3; ++i) set.set(cells[i]);
    EXPECT_FALSE(set.holds(hash));
    set.set(cells[3]);
    EXPECT_TRUE(set.holds(hash));
    set.set(cells[3]);
    EXPECT_EQ(set.size(), 4U);
    set.clear(cells[0]);
    EXPECT_FALSE(set.holds(hash));
}

TEST(CellSet, OfNoSketchHoldsNothing) { EXPECT_FALSE(CellSet().holds(1)); }

}  // namespace
}  // namespace ajar
