// Are the lists in the order of entering, whatever leaves in between?
#include "ajar/flow/birth_lists.hpp"

#include <gtest/gtest.h>

#include <vector>

namespace ajar {
namespace {

/// Takes all out, in order, and puts them back.
std::vector<std::uint32_t> all(BirthLists& lists, unsigned cls) {
    std::vector<std::uint32_t> out;
    for (auto i = lists.front(cls); i != kNone; i = lists.front(cls)) {
        out.push_back(i);
        lists.remove(i);
    }
    for (const auto i : out) lists.push_back(cls, i);
    return out;
}

struct BirthListsTest : testing::Test {
    PageMemory memory;
    BirthLists lists{memory, 8};
};
using List = std::vector<std::uint32_t>;

TEST_F(BirthListsTest, StartsEmpty) {
    EXPECT_EQ(lists.front(0), kNone);
    EXPECT_EQ(lists.size(), 0U);
    EXPECT_FALSE(lists.listed(0));
}

TEST_F(BirthListsTest, KeepsTheOrderOfEntering) {
    for (const std::uint32_t i : {3U, 1U, 2U, 0U}) lists.push_back(5, i);
    EXPECT_EQ(all(lists, 5), (List{3, 1, 2, 0}));
    lists.remove(1);
    EXPECT_EQ(all(lists, 5), (List{3, 2, 0}));
    lists.remove(3);
    EXPECT_EQ(all(lists, 5), (List{2, 0}));
    lists.remove(0);
    lists.push_back(5, 3);
    EXPECT_EQ(all(lists, 5), (List{2, 3}));
    EXPECT_EQ(lists.count(5), 2U);
}

TEST_F(BirthListsTest, ClassesDoNotMix) {
    lists.push_back(0, 0);
    lists.push_back(15, 1);
    lists.remove(0);
    lists.push_back(15, 0);
    EXPECT_EQ(lists.front(0), kNone);
    EXPECT_EQ(all(lists, 15), (List{1, 0}));
    EXPECT_EQ(lists.size(), 2U);
}

TEST_F(BirthListsTest, AWalkGoesOnWhateverLeavesOrMoves) {
    for (const std::uint32_t i : {0U, 1U, 2U, 3U}) lists.push_back(5, i);
    EXPECT_EQ(lists.walker(BirthLists::purge), kNone);
    lists.walk(BirthLists::purge, 5);
    EXPECT_EQ(lists.walker(BirthLists::purge), 0U);
    lists.walk_on(BirthLists::purge);
    lists.remove(1);
    EXPECT_EQ(lists.walker(BirthLists::purge), 2U);
    lists.remove(2);
    lists.push_back(6, 2);
    lists.remove(0);
    EXPECT_EQ(lists.walker(BirthLists::purge), 3U);
    lists.walk_on(BirthLists::purge);
    EXPECT_EQ(lists.walker(BirthLists::purge), kNone);
    lists.walk(BirthLists::purge, 5);
    lists.remove(3);
    EXPECT_EQ(lists.walker(BirthLists::purge), kNone);
}

TEST_F(BirthListsTest, TwoWalksGoTheirOwnWays) {
    for (const std::uint32_t i : {0U, 1U, 2U}) lists.push_back(5, i);
    lists.walk(BirthLists::purge, 5);
    lists.walk(BirthLists::victims, 5);
    lists.walk_on(BirthLists::victims);
    EXPECT_EQ(lists.walker(BirthLists::purge), 0U);
    EXPECT_EQ(lists.walker(BirthLists::victims), 1U);
    lists.remove(0);
    lists.remove(1);
    EXPECT_EQ(lists.walker(BirthLists::purge), 2U);
    EXPECT_EQ(lists.walker(BirthLists::victims), 2U);
}

TEST_F(BirthListsTest, TellsWhichClassesAreNotEmpty) {
    EXPECT_EQ(lists.occupied(), 0U);
    for (const std::uint32_t i : {0U, 1U}) lists.push_back(3, i);
    lists.push_back(16, 2);
    EXPECT_EQ(lists.occupied(), (1U << 3U) | (1U << 16U));
    lists.remove(0);
    EXPECT_EQ(lists.occupied(), (1U << 3U) | (1U << 16U));
    lists.remove(1);
    EXPECT_EQ(lists.occupied(), 1U << 16U);
}

}  // namespace
}  // namespace ajar
