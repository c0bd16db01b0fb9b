// Challenged tuples: what becomes of one, for how long, and who gives way when there is no place.
#include "ajar/flow/challenges.hpp"

#include <gtest/gtest.h>

namespace ajar {
namespace {

using namespace std::chrono_literals;
using Standing = Challenges::Standing;

constexpr Tick kChallengedAt{1'000'000};
constexpr std::uint32_t ticks_in(Duration d) { return static_cast<std::uint32_t>(d / kTickLength); }

/// All in one set: their tags differ.
constexpr std::uint64_t hash_of(std::uint32_t n) { return n + 1; }

struct OneSetOfChallenges : testing::Test {
    PageMemory memory;
    Challenges challenges{memory, 8};

    Standing of(std::uint32_t n, Duration later = 0s) {
        return challenges.of(hash_of(n), kChallengedAt + ticks_in(later));
    }
    Standing challenge(std::uint32_t n, Duration later = 0s) {
        return challenges.challenge(hash_of(n), kChallengedAt + ticks_in(later));
    }
    Standing prove(std::uint32_t n, Duration later = 0s) {
        return challenges.prove(hash_of(n), kChallengedAt + ticks_in(later));
    }
};

TEST_F(OneSetOfChallenges, FreshMemoryKnowsNobody) {
    for (std::uint32_t n = 0; n < 100; ++n) EXPECT_EQ(of(n), Standing::unknown);
    EXPECT_EQ(challenges.of(0, kChallengedAt), Standing::unknown) << "nor him whose tag is zero";
    EXPECT_EQ(challenges.of(0, Tick{0}), Standing::unknown);
}

TEST_F(OneSetOfChallenges, FromOneChallengeToTheProof) {
    EXPECT_EQ(challenge(1), Standing::once);
    EXPECT_EQ(of(1), Standing::once);
    EXPECT_EQ(challenge(1), Standing::twice);
    EXPECT_EQ(challenge(1), Standing::twice);
    EXPECT_EQ(prove(1), Standing::twice);
    EXPECT_EQ(of(1), Standing::proven);
    EXPECT_EQ(challenge(1), Standing::proven) << "a challenge that crossed the RST takes nothing back";
    EXPECT_EQ(prove(1), Standing::proven);
    EXPECT_EQ(of(2), Standing::unknown);
}

TEST_F(OneSetOfChallenges, AProofNeedsNoRecord) {
    EXPECT_EQ(prove(3), Standing::unknown);
    EXPECT_EQ(of(3), Standing::proven);
}

TEST_F(OneSetOfChallenges, EachStandingHasItsTime) {
    challenge(1);
    EXPECT_EQ(of(1, Challenges::kOnceLife - 10ms), Standing::once);
    EXPECT_EQ(of(1, Challenges::kOnceLife), Standing::unknown);
    challenge(2);
    challenge(2, 3s);
    EXPECT_EQ(of(2, 3s + Challenges::kTwiceLife - 10ms), Standing::twice);
    EXPECT_EQ(of(2, 3s + Challenges::kTwiceLife), Standing::unknown);
    prove(3);
    EXPECT_EQ(of(3, Challenges::kProvenLife - 10ms), Standing::proven);
    EXPECT_EQ(of(3, Challenges::kProvenLife), Standing::unknown);
}

TEST_F(OneSetOfChallenges, TimeWrapsAround) {
    const Tick late{0xffffffff};
    challenges.prove(hash_of(1), late);
    EXPECT_EQ(challenges.of(hash_of(1), late + 5), Standing::proven);
    EXPECT_EQ(challenges.of(hash_of(1), late + ticks_in(Challenges::kProvenLife)), Standing::unknown);
}

// What a flood leaves behind displaces nobody.
TEST_F(OneSetOfChallenges, AFirstChallengeFindsAPlaceOnlyWhereOneIsFree) {
    for (std::uint32_t n = 0; n < 8; ++n) EXPECT_EQ(challenge(n), Standing::once);
    for (std::uint32_t n = 8; n < 1000; ++n) EXPECT_EQ(challenge(n), Standing::unknown);
    for (std::uint32_t n = 0; n < 8; ++n) EXPECT_EQ(of(n), Standing::once);
    EXPECT_EQ(challenge(0, 1s), Standing::twice) << "a second one has its place";
    EXPECT_EQ(challenge(1000, Challenges::kOnceLife), Standing::once) << "their time is over";
}

TEST_F(OneSetOfChallenges, AProofTakesThePlaceOfTheOldestOfTheLeast) {
    challenge(0);
    challenge(1, 10ms);
    for (std::uint32_t n = 2; n < 5; ++n) {
        challenge(n);
        challenge(n, 20ms);
    }
    for (std::uint32_t n = 5; n < 8; ++n) prove(n, std::chrono::milliseconds(10 * n));
    const auto after_proof_of = [&](std::uint32_t n) { return prove(n, 100ms), of(0, 100ms); };
    EXPECT_EQ(after_proof_of(10), Standing::unknown);
    EXPECT_EQ(of(1, 100ms), Standing::once);
    prove(11, 100ms);
    EXPECT_EQ(of(1, 100ms), Standing::unknown);
    EXPECT_EQ(of(2, 100ms), Standing::twice);
    for (std::uint32_t n = 12; n < 15; ++n) prove(n, 100ms);
    for (std::uint32_t n = 2; n < 5; ++n) EXPECT_EQ(of(n, 100ms), Standing::unknown);
    EXPECT_EQ(of(5, 100ms), Standing::proven);
    prove(15, 100ms);
    EXPECT_EQ(of(5, 100ms), Standing::unknown) << "the oldest proof";
    EXPECT_EQ(of(6, 100ms), Standing::proven);
    EXPECT_EQ(challenge(16, 100ms), Standing::unknown) << "no challenge displaces one";
}

// Another tuple of the set, even with the same bits of the hash beside the tag, is another one.
TEST(Challenges, UsesTheWholeHash) {
    PageMemory memory;
    Challenges challenges(memory, 1U << 13U);
    challenges.prove(0x1234'5678'9abc'def0, kChallengedAt);
    EXPECT_EQ(challenges.of(0x1234'5678'9abc'def0, kChallengedAt), Standing::proven);
    EXPECT_EQ(challenges.of(0x1234'5678'9abc'def1, kChallengedAt), Standing::unknown);
    EXPECT_EQ(challenges.of(0xf234'5678'9abc'def0, kChallengedAt), Standing::unknown);
}

// In a partition that the hash itself has chosen, bits 40..46 are the same for all.
TEST(Challenges, FillsAllPlacesOfASteeredPartition) {
    constexpr std::uint32_t kPlaces = 1U << 13U;
    PageMemory memory;
    Challenges challenges(memory, kPlaces);
    std::uint64_t x = 1, noted = 0;
    for (std::uint32_t n = 0; n < 4 * kPlaces; ++n) {
        x = x * 6364136223846793005ULL + 1442695040888963407ULL;
        const std::uint64_t hash = (x ^ x >> 29U) & ~(std::uint64_t{0x7f} << 40U);
        noted += challenges.challenge(hash, kChallengedAt) == Standing::once ? 1U : 0U;
    }
    EXPECT_GT(noted, kPlaces * 9 / 10);
    EXPECT_LE(noted, kPlaces);
}

TEST(Challenges, TakesAsMuchMemoryAsItSays) {
    EXPECT_EQ(Challenges::bytes_for(1), 64U);
    EXPECT_EQ(Challenges::bytes_for(8), 64U);
    EXPECT_EQ(Challenges::bytes_for(9), 128U);
    for (const std::uint64_t places : {1ULL, 8ULL, 8192ULL}) {
        PageMemory memory;
        const Challenges challenges(memory, places);
        EXPECT_EQ(memory.taken(), Challenges::bytes_for(places));
    }
}

}  // namespace
}  // namespace ajar
