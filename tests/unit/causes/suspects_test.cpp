// Who is flagged as a scanner, after how many targets, and what is known of it?
#include "causes/suspects.hpp"

#include <gtest/gtest.h>

#include <random>

#include "trials.hpp"

namespace ajar::causes {
namespace {

using test::trial;

struct Table : testing::Test {
    Suspects suspects{hash_key_from_seed(1)};

    void contact(std::uint32_t target, Attempt attempt, std::uint32_t client = 1) {
        suspects.add(trial(client, target, 80, attempt, target));
    }
    bool scanner(std::uint32_t client = 1) { return suspects.scanner(trial(client, 0, 0, Attempt::none)); }
};

TEST_F(Table, FiveTargetsWithoutASuccessAreAScan) {
    for (std::uint32_t n = 1; n <= 4; ++n) contact(n, Attempt::refused);
    EXPECT_FALSE(scanner());
    contact(5, Attempt::silent);
    EXPECT_TRUE(scanner());
    ASSERT_EQ(suspects.flagged().size(), 1U);
    EXPECT_EQ(suspects.flagged()[0]->flagged_at, trial(1, 5, 80, Attempt::silent, 5).time);
}

TEST_F(Table, OneTargetIsOneHoweverOftenItIsTried) {
    for (int n = 0; n < 1000; ++n) contact(1, Attempt::persistent);
    EXPECT_FALSE(scanner());
}

TEST_F(Table, SlownessHidesNothing) {
    for (std::uint32_t day = 1; day <= 5; ++day)
        suspects.add(trial(1, day, 80, Attempt::aborted, 86400.0 * day));
    EXPECT_TRUE(scanner());
}

TEST_F(Table, ACrawlerOfWhichEveryFifthTargetIsDeadIsNone) {
    std::mt19937 random(1);
    for (std::uint32_t n = 0; n < 1'000'000; ++n)
        contact(n, random() % 5 == 0 ? Attempt::persistent : Attempt::used);
    EXPECT_FALSE(scanner());
    EXPECT_TRUE(suspects.flagged().empty());
}

TEST_F(Table, AScannerThatFindsEveryFifthPortInUseIsOne) {
    std::mt19937 random(1);
    for (std::uint32_t n = 0; n < 50; ++n) contact(n, random() % 5 != 0 ? Attempt::refused : Attempt::used);
    EXPECT_TRUE(scanner());
}

TEST_F(Table, WhatTheNetworkDidSaysNothing) {
    for (std::uint32_t n = 0; n < 100; ++n)
        for (const auto a : {Attempt::overflowed, Attempt::one_sided, Attempt::cut_short, Attempt::unclear})
            contact(4 * n, a);
    EXPECT_FALSE(scanner());
}

TEST_F(Table, ASharedAddressIsTrustedAgainButRemembered) {
    for (std::uint32_t n = 0; n < 10; ++n) contact(n, Attempt::refused);
    EXPECT_TRUE(scanner());
    for (std::uint32_t n = 100; n < 110; ++n) contact(n, Attempt::used);
    EXPECT_FALSE(scanner());
    EXPECT_EQ(suspects.flagged().size(), 1U);
}

TEST_F(Table, TellsHostsAndPortsThatWereTouched) {
    for (std::uint16_t port = 1; port <= 5000; ++port)
        suspects.add(trial(1, port % 3, port, Attempt::refused));
    ASSERT_EQ(suspects.flagged().size(), 1U);
    const Suspect& s = *suspects.flagged()[0];
    EXPECT_EQ(s.hosts.estimate(), 3U);
    EXPECT_NEAR(static_cast<double>(s.ports.estimate()), 5000, 0.2 * 5000);
    EXPECT_EQ(s.first_hosts.size(), 3U);
    EXPECT_EQ(*s.first_ports.begin(), 1U);
    EXPECT_EQ(s.total(), 5000U);
}

TEST_F(Table, AScanWithoutASignOfLifeMayBeForged) {
    for (std::uint32_t n = 0; n < 10; ++n) contact(n, Attempt::silent, 1), contact(n, Attempt::aborted, 2);
    for (const Suspect* s : suspects.flagged()) EXPECT_EQ(s->alive, s->source.address[3] == 2);
}

TEST_F(Table, AMillionSourcesThatFailOnceDisplaceNoScanner) {
    for (std::uint32_t n = 0; n < 10; ++n) contact(n, Attempt::refused);
    for (std::uint32_t source = 100; source < 1'000'100; ++source) contact(7, Attempt::refused, source);
    EXPECT_TRUE(scanner());
    EXPECT_EQ(suspects.flagged().size(), 1U);
    EXPECT_EQ(suspects.forgotten(), 0U);
}

TEST_F(Table, MoreScannersThanPlacesAreCounted) {
    constexpr auto kScanners = static_cast<std::uint32_t>(2 * Suspects::kSets * Suspects::kWays);
    for (std::uint32_t source = 0; source < kScanners; ++source)
        for (std::uint32_t n = 0; n < 5; ++n) contact(n, Attempt::refused, source);
    EXPECT_EQ(suspects.flagged().size() + suspects.forgotten(), kScanners);
}

TEST(Distinct, IsExactForFewAndNearForMany) {
    const auto key = prepare(hash_key_from_seed(1));
    Distinct distinct;
    std::uint64_t n = 0;
    const auto up_to = [&](std::uint64_t most) {
        for (; n < most; ++n)
            distinct.add(keyed_hash(
                key_of(CountKind::service, test::endpoint(static_cast<std::uint32_t>(n)), 0), key));
        return static_cast<double>(distinct.estimate());
    };
    EXPECT_EQ(up_to(1), 1);
    EXPECT_NEAR(up_to(20), 20, 1);
    EXPECT_NEAR(up_to(1000), 1000, 200);
    EXPECT_NEAR(up_to(1'000'000), 1'000'000, 200'000);  // three standard errors
}

}  // namespace
}  // namespace ajar::causes
