// Of one's own blocks: what is told, when, and which removals mean them.
#include "share/own_blocks.hpp"

#include <gtest/gtest.h>

#include "words.hpp"

namespace ajar::share {
namespace {

using namespace std::chrono_literals;
constexpr Clock::time_point kDawn{std::chrono::hours(1)};

OwnBlock own(const char* of, std::optional<Duration> left = {}, bool by_hand = true) {
    return {prefix(of), by_hand, left};
}

std::string deeds(const std::vector<BlockNews>& news) {
    std::string out;
    for (const auto& one : news)
        out += std::string(out.empty() ? "" : " ") + "+.-x"[static_cast<int>(one.deed)] +
               config::format_prefix(one.prefix);
    return out;
}

TEST(OwnBlocks, TellWhatBeginsAndWhatEnds) {
    OwnBlocks blocks;
    EXPECT_EQ(deeds(blocks.look({own("192.0.2.7")}, kDawn)), "+192.0.2.7/32");
    EXPECT_EQ(deeds(blocks.look({own("192.0.2.7")}, kDawn + 1s)), "");
    EXPECT_EQ(deeds(blocks.look({own("192.0.2.8")}, kDawn + 2s)), "+192.0.2.8/32 -192.0.2.7/32");
    EXPECT_EQ(deeds(blocks.look({}, kDawn + 3s)), "-192.0.2.8/32");
}

TEST(OwnBlocks, SayNowAndThenThatItStillHolds) {
    OwnBlocks blocks;
    static_cast<void>(blocks.look({own("192.0.2.7")}, kDawn));
    EXPECT_EQ(deeds(blocks.look({own("192.0.2.7")}, kDawn + 19s)), "");
    EXPECT_EQ(deeds(blocks.look({own("192.0.2.7")}, kDawn + 20s)), ".192.0.2.7/32");
    EXPECT_EQ(deeds(blocks.look({own("192.0.2.7")}, kDawn + 21s)), "");
    static_assert(OwnBlocks::kTellEvery * 2 < LentBlocks::kLease, "one lost word ends no lease");
}

TEST(OwnBlocks, AndWithEachConnection) {
    OwnBlocks blocks;
    static_cast<void>(blocks.look({own("192.0.2.7")}, kDawn));
    blocks.tell_all();
    EXPECT_EQ(deeds(blocks.look({own("192.0.2.7")}, kDawn + 1s)), ".192.0.2.7/32");
}

TEST(OwnBlocks, AnotherEndIsNews) {
    OwnBlocks blocks;
    static_cast<void>(blocks.look({own("192.0.2.7", 60s)}, kDawn));
    EXPECT_EQ(deeds(blocks.look({own("192.0.2.7", 50s)}, kDawn + 10s)), "") << "the same end, nearer";
    EXPECT_EQ(deeds(blocks.look({own("192.0.2.7", 90s)}, kDawn + 10s)), "+192.0.2.7/32");
    EXPECT_EQ(deeds(blocks.look({own("192.0.2.7")}, kDawn + 11s)), "+192.0.2.7/32");
}

TEST(OwnBlocks, WhatNobodyMayLendIsKept) {
    OwnBlocks blocks;
    EXPECT_EQ(deeds(blocks.look({own("10.0.0.0/8"), own("2001:db8::/32")}, kDawn)), "");
}

TEST(OwnBlocks, ARemovalMeansWhatWasThereBeforeIt) {
    OwnBlocks blocks;
    static_cast<void>(blocks.look({own("192.0.2.7")}, kDawn));
    EXPECT_FALSE(blocks.meant_by("192.0.2.7/32", {5, 0})) << "the stream does not have it yet";
    blocks.confirm("192.0.2.7/32", {5, 1});
    EXPECT_FALSE(blocks.meant_by("192.0.2.7/32", {5, 0})) << "it was blocked again afterwards";
    EXPECT_TRUE(blocks.meant_by("192.0.2.7/32", {5, 2}));
    EXPECT_FALSE(blocks.meant_by("192.0.2.8/32", {5, 2}));
}

}  // namespace
}  // namespace ajar::share
