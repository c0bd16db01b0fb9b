// What others have pending: added up, bounded, forgotten.
#include "share/others.hpp"

#include <gtest/gtest.h>

#include "words.hpp"

namespace ajar::share {
namespace {

using namespace std::chrono_literals;
constexpr Clock::time_point kBegin{std::chrono::hours(1)};

CountKey host(std::uint32_t n) { return count_key(CountKind::destination, be32::of(n), Zone{0}); }

Told<Sums> says(const Box& box, std::uint32_t of, std::uint32_t count) {
    Told<Sums> out{box, {}};
    out.news.pending.names.emplace(host(of), count);
    out.news.pending.services.emplace("web", count);
    return out;
}

TEST(Others, AddUpByName) {
    Others others;
    EXPECT_EQ(others.pending(), nullptr);
    EXPECT_TRUE(others.hear(says(kOne, 1, 30), kBegin));
    EXPECT_TRUE(others.hear(says(kTwo, 1, 12), kBegin));
    EXPECT_EQ(others.pending()->names.at(host(1)), 42U);
    EXPECT_EQ(others.pending()->of("web"), 42U);
    EXPECT_EQ(others.pending()->of("mail"), 0U);
}

TEST(Others, WhatIsToldAgainTakesThePlaceOfTheOld) {
    Others others;
    others.hear(says(kOne, 1, 30), kBegin);
    others.hear(says(kOne, 2, 5), kBegin + 1s);
    EXPECT_EQ(others.pending()->names.count(host(1)), 0U);
    EXPECT_EQ(others.pending()->names.at(host(2)), 5U);
}

TEST(Others, WhoIsSilentIsForgotten) {
    Others others;
    others.hear(says(kOne, 1, 30), kBegin);
    others.hear(says(kTwo, 1, 12), kBegin + 2s);
    others.forget(kBegin + Others::kSilent - 1ms);
    EXPECT_EQ(others.pending()->names.at(host(1)), 42U);
    others.forget(kBegin + Others::kSilent);
    ASSERT_NE(others.pending(), nullptr);
    EXPECT_EQ(others.pending()->names.at(host(1)), 12U);
    others.forget(kBegin + Others::kSilent + 2s);
    EXPECT_EQ(others.pending(), nullptr);
    EXPECT_EQ(others.size(), 0U);
}

TEST(Others, WhoSaysGoodbyeIsForgottenAtOnce) {
    Others others;
    others.hear(says(kOne, 1, 30), kBegin);
    Told<Sums> bye{kOne, {}};
    bye.news.bye = true;
    others.hear(bye, kBegin);
    EXPECT_EQ(others.pending(), nullptr);
}

TEST(Others, TwoOfOneNameAreTwo) {
    Others others;
    others.hear(says({"box", 1}, 1, 30), kBegin);
    others.hear(says({"box", 2}, 1, 12), kBegin);
    EXPECT_EQ(others.size(), 2U);
    EXPECT_EQ(others.pending()->names.at(host(1)), 42U);
}

TEST(Others, ThereIsABoundToThem) {
    Others others;
    for (std::uint64_t n = 0; n < Others::kMost; ++n)
        EXPECT_TRUE(others.hear(says({"box", n}, 1, 1), kBegin));
    EXPECT_FALSE(others.hear(says({"box", 1000}, 1, 1), kBegin));
    EXPECT_TRUE(others.hear(says({"box", 5}, 1, 7), kBegin)) << "one that is known";
}

TEST(Others, OfManyNamesTheHeaviestCount) {
    Others others;
    for (std::uint64_t box = 0; box < 8; ++box) {
        Told<Sums> told{{"box", box}, {}};
        for (std::uint32_t n = 0; n < 256; ++n)
            told.news.pending.names.emplace(host(static_cast<std::uint32_t>(box * 256 + n)), n + 1);
        others.hear(told, kBegin);
    }
    const auto sums = others.pending();
    EXPECT_EQ(sums->names.size(), Fleet::kHeard);
    EXPECT_EQ(sums->names.count(host(255)), 1U);
    EXPECT_EQ(sums->names.count(host(0)), 0U);
}

TEST(Others, TheSumCannotOverflow) {
    Others others;
    for (std::uint64_t n = 0; n < Others::kMost; ++n) others.hear(says({"box", n}, 1, kMostCount), kBegin);
    EXPECT_EQ(others.pending()->names.at(host(1)), std::uint64_t{kMostCount} * Others::kMost);
}

TEST(Others, NothingNewIsTheSame) {
    Others others;
    others.hear(says(kOne, 1, 30), kBegin);
    const auto before = others.pending();
    EXPECT_TRUE(others.take_news());
    others.forget(kBegin + 1s);
    EXPECT_EQ(others.pending(), before);
    EXPECT_FALSE(others.take_news());
}

}  // namespace
}  // namespace ajar::share
