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

TEST(ServerProfile, AFeatureThatIsGoneIsForgotten) {
    const ServerProfile known{1400, 7, kScale | kSack, kScale | kSack};
    EXPECT_EQ(updated(known, {1400, 0, kSack, 0}).has, kScale);
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

TEST(ServerProfiles, RefuseMoreThanTheyMayHold) {
    ServerProfiles profiles;
    for (std::uint64_t n = 0; n < ServerProfiles::kMost + 10; ++n) profiles.put(n * 977, {});
    EXPECT_EQ(profiles.size(), ServerProfiles::kMost);
    profiles.put(0, {9000, 0, 0, 0});
    EXPECT_EQ(profiles.find(0)->mss, 9000) << "one that is known may change";
}

}  // namespace
}  // namespace ajar
