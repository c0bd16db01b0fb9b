// What is known of servers: learned feature by feature, found by hash, bounded.
#include "ajar/defence/server_profiles.hpp"

#include <gtest/gtest.h>

#include <random>
#include <unordered_map>

namespace ajar {
namespace {

constexpr std::uint8_t kScale = ServerProfile::kScale, kSack = ServerProfile::kSack,
                       kStamps = ServerProfile::kTimestamps, kEcn = ServerProfile::kEcn;

TEST(ServerProfile, AFeatureThatWasNotAskedForStaysAsItWasKnown) {
    const ServerProfile known{1400, 7, kScale | kSack, kScale | kSack};
    const ServerProfile bare{1300, 0, kStamps, kStamps};
    const ServerProfile both = updated(known, bare);
    EXPECT_EQ(both.mss, 1300);
    EXPECT_EQ(both.scale, 7);
    EXPECT_EQ(both.has, kScale | kSack | kStamps);
    EXPECT_EQ(both.asked, kScale | kSack | kStamps);
}

/// What is known after so many SYN-ACKs of that kind.
ServerProfile after(ServerProfile known, const ServerProfile& seen, unsigned n) {
    for (unsigned i = 0; i < n; ++i) known = updated(known, seen);
    return known;
}

TEST(ServerProfile, OneThatContradictsItselfIsBelievedWhenItHasSaidTheSameForAWhile) {
    const ServerProfile known{1400, 7, kScale | kSack, kScale | kSack}, other{1460, 3, kScale, kScale};
    const ServerProfile doubted = after(known, other, ServerProfile::kDoubts);
    EXPECT_FALSE(doubted.reliable());
    EXPECT_EQ(doubted.promise(), known.promise()) << "for cookies that are out";
    const ServerProfile believed = updated(doubted, other);
    EXPECT_TRUE(believed.reliable());
    EXPECT_EQ(believed.scale, 3);
    EXPECT_EQ(believed.mss, 1460);
}

TEST(ServerProfile, SeveralHostsBehindOneAddressAreNeverBelieved) {
    const ServerProfile one{1400, 7, kScale, kScale}, two{1400, 3, kScale, kScale};
    ServerProfile known = one;
    for (unsigned n = 0; n < 1000; ++n) {
        known = updated(known, n % 7 == 0 ? two : one);
        EXPECT_FALSE(known.reliable());
    }
    EXPECT_TRUE(after(known, one, ServerProfile::kDoubts + 1).reliable());
}

TEST(ServerProfile, AFeatureThatIsGoneIsAContradiction) {
    const ServerProfile known{1400, 7, kScale | kSack, kScale | kSack}, bare{1400, 0, kSack, 0};
    EXPECT_FALSE(updated(known, bare).reliable());
    EXPECT_EQ(after(known, bare, ServerProfile::kDoubts + 1).has & kSack, 0);
}

TEST(ServerProfile, ARefusalMakesItUnreliableAndTheNextSynAckReliableAgain) {
    const ServerProfile open{1400, 7, kScale, kScale}, closed = refused(open);
    EXPECT_FALSE(closed.reliable());
    EXPECT_EQ(closed.promise(), open.promise()) << "for cookies that are out";
    EXPECT_EQ(refused(closed), closed);
    EXPECT_EQ(updated(closed, open), open);
}

TEST(ServerProfile, ASynAckWithEceAnswersASynThatAskedForEcn) {
    Packet p;
    p.flags.bits = TcpFlags::kSyn | TcpFlags::kAck | TcpFlags::kEce;
    EXPECT_EQ(profile_of(p, kSack).asked, kSack | kEcn);
    EXPECT_EQ(profile_of(p, kSack).has, kEcn);
    EXPECT_EQ(profile_of(p, kSack).mss, 536) << "RFC 9293 3.7.1";
}

TEST(ServerProfiles, AgreeWithAMap) {
    ServerProfiles profiles;
    std::unordered_map<std::uint64_t, std::uint16_t> model;
    std::mt19937_64 random(1);
    for (int i = 0; i < 20000; ++i) {
        const std::uint64_t service = random() % 700 * 0x10001;
        if (random() % 3 == 0) {
            profiles.remove(service);
            model.erase(service);
        } else {
            const auto mss = static_cast<std::uint16_t>(random() % 9000);
            profiles.put(service, {mss, 0, 0, 0});
            model[service] = mss;
        }
        ASSERT_EQ(profiles.size(), model.size());
    }
    for (std::uint64_t n = 0; n < 700; ++n) {
        const auto* const found = profiles.find(n * 0x10001);
        const auto wanted = model.find(n * 0x10001);
        ASSERT_EQ(found != nullptr, wanted != model.end());
        if (found != nullptr) {
            EXPECT_EQ(found->mss, wanted->second);
        }
    }
}

TEST(ServerProfiles, WhenTheyAreFullANewOneTakesThePlaceOfAnother) {
    ServerProfiles profiles;
    constexpr std::uint64_t kAll = ServerProfiles::kMost + 1000;
    for (std::uint64_t n = 0; n < kAll; ++n) {
        profiles.put(n * 977, {static_cast<std::uint16_t>(n), 0, 0, 0});
        ASSERT_EQ(profiles.find(n * 977)->mss, static_cast<std::uint16_t>(n));
    }
    EXPECT_EQ(profiles.size(), ServerProfiles::kMost);
    std::size_t found = 0;
    for (std::uint64_t n = 0; n < kAll; ++n) found += profiles.find(n * 977) != nullptr ? 1U : 0U;
    EXPECT_EQ(found, ServerProfiles::kMost);
}

}  // namespace
}  // namespace ajar
