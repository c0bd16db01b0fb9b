// Who takes over whose entry, and what does the summary say then?
#include "ajar/flow/top_talkers.hpp"

#include <gtest/gtest.h>

#include "ajar/flow/hash.hpp"

namespace ajar {
namespace {

const auto kSecret = hash_key_from_seed(1);

CountKey key(std::uint32_t n) { return count_key(CountKind::source, be32::of(n), 0); }
void add(TopTalkers& talkers, std::uint32_t n, std::uint32_t weight = 1) {
    talkers.add(key(n), keyed_hash(key(n), kSecret), weight);
}
using Rows = std::vector<Talker>;

TEST(TopTalkers, AreExactWhileThereIsRoom) {
    PageMemory memory;
    TopTalkers talkers(memory, 4);
    for (const std::uint32_t n : {3U, 1U, 2U, 1U, 2U, 1U}) add(talkers, n);
    add(talkers, 9, 10);
    const auto got = talkers.summary();
    EXPECT_EQ(got.total, 16U);
    EXPECT_EQ(got.floor, 1U);
    EXPECT_EQ(got.talkers, (Rows{{key(9), 10, 0}, {key(1), 3, 0}, {key(2), 2, 0}, {key(3), 1, 0}}));
}

TEST(TopTalkers, HaveNoFloorWhileNotFull) {
    PageMemory memory;
    TopTalkers talkers(memory, 4);
    add(talkers, 1, 5);
    EXPECT_EQ(talkers.summary(), (TalkerSummary{{{key(1), 5, 0}}, 0, 5}));
}

TEST(TopTalkers, GiveTheLeastEntryToAStranger) {
    PageMemory memory;
    TopTalkers talkers(memory, 2);
    add(talkers, 1, 5), add(talkers, 2, 3);
    add(talkers, 7, 4);
    const auto got = talkers.summary();
    EXPECT_EQ(got.talkers, (Rows{{key(7), 7, 3}, {key(1), 5, 0}}));
    EXPECT_EQ(got.talkers[0].at_least(), 4U);
    EXPECT_EQ(got.floor, 5U);
    add(talkers, 1);
    EXPECT_EQ(talkers.summary().talkers, (Rows{{key(7), 7, 3}, {key(1), 6, 0}}));
}

TEST(TopTalkers, TakeTheLowestOfEqualEntries) {
    PageMemory memory;
    TopTalkers talkers(memory, 3);
    for (const std::uint32_t n : {5U, 6U, 4U}) add(talkers, n);
    add(talkers, 1);
    EXPECT_EQ(talkers.summary().talkers, (Rows{{key(1), 2, 1}, {key(4), 1, 0}, {key(6), 1, 0}}));
}

TEST(TopTalkers, SayTheSameUnderAnyHash) {
    PageMemory memory;
    TopTalkers one(memory, 16), other(memory, 16), worst(memory, 16);
    const auto secret = hash_key_from_seed(2);
    for (std::uint32_t n = 0; n < 1000; ++n) {
        const auto k = key(n * n % 61);
        one.add(k, keyed_hash(k, kSecret));
        other.add(k, keyed_hash(k, secret));
        worst.add(k, 0);
    }
    EXPECT_EQ(one.summary(), other.summary());
    EXPECT_EQ(one.summary(), worst.summary());
}

TEST(TopTalkers, BeginAnew) {
    PageMemory memory;
    TopTalkers talkers(memory, 2);
    for (std::uint32_t n = 0; n < 5; ++n) add(talkers, n);
    talkers.clear();
    EXPECT_EQ(talkers.summary(), TalkerSummary{});
    add(talkers, 4);
    EXPECT_EQ(talkers.summary(), (TalkerSummary{{{key(4), 1, 0}}, 0, 1}));
}

TEST(TopTalkers, TakeTheMemoryThatTheySay) {
    for (const std::uint32_t k : {1U, 16U, 100U, 1024U}) {
        PageMemory memory;
        TopTalkers talkers(memory, k);
        for (std::uint32_t n = 0; n < 3 * k; ++n) add(talkers, n);
        EXPECT_GE(memory.taken(), TopTalkers::bytes_for(k));
        EXPECT_LE(memory.taken(), TopTalkers::bytes_for(k) + 4 * 64) << "and what alignment costs";
    }
}

}  // namespace
}  // namespace ajar
