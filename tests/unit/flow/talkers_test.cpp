// Do merged summaries add up, counts, errors and floors alike?
#include "ajar/flow/talkers.hpp"

#include <gtest/gtest.h>

#include <array>

namespace ajar {
namespace {

CountKey key(std::uint32_t n) { return count_key(CountKind::source, be32::of(n), 0); }

TEST(MergedTalkers, AddUpExactOnes) {
    const std::array parts = {TalkerSummary{{{key(1), 5, 0}, {key(2), 1, 0}}, 0, 6},
                              TalkerSummary{{{key(2), 7, 0}, {key(3), 5, 0}}, 0, 12}};
    const TalkerSummary whole{{{key(2), 8, 0}, {key(1), 5, 0}, {key(3), 5, 0}}, 0, 18};
    EXPECT_EQ(merge(parts, 4), whole);
}

// Whoever is missing in a part may have had that part's floor there.
TEST(MergedTalkers, CountTheFloorOfWhereAKeyIsMissing) {
    const std::array parts = {TalkerSummary{{{key(1), 9, 2}, {key(2), 4, 1}}, 4, 13},
                              TalkerSummary{{{key(1), 8, 0}, {key(3), 3, 3}}, 3, 11}};
    const auto whole = merge(parts, 4);
    EXPECT_EQ(whole.talkers, (std::vector<Talker>{{key(1), 17, 2}, {key(2), 7, 4}, {key(3), 7, 7}}));
    EXPECT_EQ(whole.floor, 7U);
    EXPECT_EQ(whole.total, 24U);
}

TEST(MergedTalkers, RaiseTheFloorToWhomTheyDrop) {
    const std::array parts = {
        TalkerSummary{{{key(1), 9, 0}, {key(2), 5, 0}, {key(3), 4, 0}, {key(4), 4, 0}}, 2, 22}};
    const auto whole = merge(parts, 2);
    EXPECT_EQ(whole.talkers, (std::vector<Talker>{{key(1), 9, 0}, {key(2), 5, 0}}));
    EXPECT_EQ(whole.floor, 4U);
}

TEST(MergedTalkers, OfNothingAreNothing) { EXPECT_EQ(merge({}, 4), TalkerSummary{}); }

}  // namespace
}  // namespace ajar
