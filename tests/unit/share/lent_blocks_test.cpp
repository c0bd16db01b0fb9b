// Blocks of others: leases, conflicts, bounds.
#include "share/lent_blocks.hpp"

#include <gtest/gtest.h>

#include "words.hpp"

namespace ajar::share {
namespace {

using namespace std::chrono_literals;
constexpr Clock::time_point kStart{std::chrono::hours(1)};
constexpr const char* kWho = "192.0.2.7/32";

struct Lent : testing::Test {
    bool hear(const Told<BlockNews>& news, Duration age = {}) { return blocks.hear(news, age, now); }
    bool holds(const char* of = kWho) {
        blocks.expire(now);
        const auto all = blocks.list();
        return std::any_of(all.begin(), all.end(), [&](const LentBlock& b) { return b.prefix == of; });
    }
    LentBlocks blocks;
    Clock::time_point now = kStart;
};

TEST_F(Lent, ABlockIsALease) {
    EXPECT_TRUE(hear(told(kOne, Deed::add, kWho)));
    EXPECT_TRUE(holds());
    EXPECT_EQ(blocks.list().front().box, "one");
    now += LentBlocks::kLease - 1ms;
    EXPECT_TRUE(holds());
    now += 1ms;
    EXPECT_FALSE(holds()) << "its owner has said nothing since";
}

TEST_F(Lent, ThatIsRenewed) {
    hear(told(kOne, Deed::add, kWho));
    for (int n = 0; n < 10; ++n) {
        now += 20s;
        EXPECT_TRUE(holds()) << n;
        hear(told(kOne, Deed::still, kWho));
    }
}

TEST_F(Lent, AndEndsWhenItsOwnerSaidItWould) {
    hear(told(kOne, Deed::add, kWho, 10s));
    EXPECT_EQ(*blocks.list().front().end, now + 10s);
    now += 10s;
    EXPECT_FALSE(holds());
}

TEST_F(Lent, WhatIsHeardLateIsThatMuchShorter) {
    hear(told(kOne, Deed::add, kWho, 30s), 25s);
    now += 5s;
    EXPECT_FALSE(holds());
    hear(told(kOne, Deed::add, kWho), 50s);
    now += 9s;
    EXPECT_TRUE(holds());
    now += 1s;
    EXPECT_FALSE(holds());
    EXPECT_FALSE(hear(told(kOne, Deed::add, kWho), LentBlocks::kLease)) << "its lease is over";
    EXPECT_TRUE(hear(told(kOne, Deed::add, kWho, 10s), 20s)) << "it has ended as its owner wanted";
    EXPECT_FALSE(holds());
}

TEST_F(Lent, ItsOwnerEndsIt) {
    hear(told(kOne, Deed::add, kWho));
    hear(told(kTwo, Deed::end, kWho));
    EXPECT_TRUE(holds()) << "somebody else's word";
    hear(told(kOne, Deed::end, kWho));
    EXPECT_FALSE(holds());
}

TEST_F(Lent, AnyOperatorRemovesIt) {
    hear(told(kOne, Deed::add, kWho));
    hear(told(kTwo, Deed::remove, kWho));
    EXPECT_FALSE(holds());
}

TEST_F(Lent, AWordThatWasUnderWayDoesNotBringItBack) {
    hear(told(kOne, Deed::add, kWho));
    hear(told(kTwo, Deed::remove, kWho));
    for (int n = 0; n < 10; ++n) {
        hear(told(kOne, Deed::still, kWho));
        EXPECT_FALSE(holds()) << n;
        now += 20s;
    }
    hear(told(kOne, Deed::add, kWho));
    EXPECT_TRUE(holds()) << "but a new order does";
}

TEST_F(Lent, ARemovalHereLikewise) {
    hear(told(kOne, Deed::add, kWho));
    blocks.remove(kWho, now);
    hear(told(kOne, Deed::still, kWho));
    EXPECT_FALSE(holds());
}

TEST_F(Lent, TheLatestWins) {
    hear(told(kOne, Deed::add, kWho, 10s));
    hear(told(kTwo, Deed::add, kWho));
    EXPECT_EQ(blocks.list().front().box, "two");
    hear(told(kOne, Deed::still, kWho, 10s));
    EXPECT_EQ(blocks.list().front().box, "two");
    now += 20s;
    EXPECT_TRUE(holds());
}

TEST_F(Lent, WhoComesLaterHearsOfIt) {
    hear(told(kOne, Deed::still, kWho));
    EXPECT_TRUE(holds());
}

TEST_F(Lent, NoWholeNetworkIsCutOff) {
    for (const char* wide : {"0.0.0.0/0", "10.0.0.0/8", "192.0.2.0/23", "::/0", "2001:db8::/47"})
        EXPECT_FALSE(hear(told(kOne, Deed::add, wide))) << wide;
    for (const char* narrow : {"192.0.2.0/24", "2001:db8::/48"})
        EXPECT_TRUE(hear(told(kOne, Deed::add, narrow))) << narrow;
    EXPECT_EQ(blocks.size(), 2U);
}

TEST_F(Lent, ThereIsABoundToThem) {
    for (std::size_t n = 0; n < LentBlocks::kMost; ++n) {
        const auto text = "10.0." + std::to_string(n / 256) + '.' + std::to_string(n % 256) + "/32";
        EXPECT_TRUE(hear(told(kOne, Deed::add, text.c_str())));
    }
    EXPECT_FALSE(hear(told(kOne, Deed::add, kWho)));
    EXPECT_TRUE(hear(told(kTwo, Deed::add, "10.0.0.1/32"))) << "one that is known";
    for (std::size_t n = 0; n < 3 * LentBlocks::kMost; ++n) {
        const auto text = "10.9." + std::to_string(n / 256) + '.' + std::to_string(n % 256) + "/32";
        hear(told(kOne, Deed::remove, text.c_str()));
    }
    EXPECT_EQ(blocks.size(), LentBlocks::kMost);
}

TEST_F(Lent, ToHearTheSameAgainIsNoChange) {
    hear(told(kOne, Deed::add, kWho, 50s));
    EXPECT_TRUE(blocks.take_changed());
    now += 20s;
    hear(told(kOne, Deed::still, kWho, 30s));
    EXPECT_FALSE(blocks.take_changed());
    hear(told(kOne, Deed::end, kWho));
    EXPECT_TRUE(blocks.take_changed());
}

}  // namespace
}  // namespace ajar::share
