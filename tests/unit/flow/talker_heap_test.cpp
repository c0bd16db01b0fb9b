// Is the least slot always on top, equal ones by number, whatever is raised?
#include "ajar/flow/talker_heap.hpp"

#include <gtest/gtest.h>

#include <random>
#include <vector>

namespace ajar {
namespace {

std::uint32_t least_of(const std::vector<std::uint64_t>& counts) {
    return static_cast<std::uint32_t>(std::min_element(counts.begin(), counts.end()) - counts.begin());
}

/// Raises slots at random or always the least, and looks at every step.
void expect_right(std::uint32_t slots, bool always_least) {
    PageMemory memory;
    TalkerHeap heap(memory, slots);
    std::vector<std::uint64_t> counts(slots, 0);
    std::mt19937 random(slots);
    for (int n = 0; n < 3000; ++n) {
        ASSERT_EQ(heap.least(), least_of(counts));
        const auto slot = always_least ? heap.least() : static_cast<std::uint32_t>(random() % slots);
        const auto by = 1 + random() % 5;
        heap.raise(slot, by), counts[slot] += by;
        ASSERT_EQ(heap.count(slot), counts[slot]);
    }
}

TEST(TalkerHeap, KnowsTheLeast) {
    for (const std::uint32_t slots : {1U, 2U, 3U, 4U, 5U, 6U, 7U, 8U, 9U, 16U, 17U, 100U, 1024U}) {
        expect_right(slots, false);
        expect_right(slots, true);
    }
}

TEST(TalkerHeap, BeginsAnew) {
    PageMemory memory;
    TalkerHeap heap(memory, 5);
    for (std::uint32_t slot = 0; slot < 5; ++slot) heap.raise(slot, 5 - slot);
    EXPECT_EQ(heap.least(), 4U);
    heap.clear();
    EXPECT_EQ(heap.least(), 0U);
    EXPECT_EQ(heap.count(4), 0U);
}

TEST(TalkerHeap, HoldsTheGreatestCount) {
    PageMemory memory;
    TalkerHeap heap(memory, 2);
    heap.raise(1, TalkerHeap::kMostCount);
    heap.raise(0, TalkerHeap::kMostCount - 1);
    EXPECT_EQ(heap.least(), 0U);
    EXPECT_EQ(heap.count(1), TalkerHeap::kMostCount);
    EXPECT_DEATH(heap.raise(1, 1), "kMostCount");
}

}  // namespace
}  // namespace ajar
