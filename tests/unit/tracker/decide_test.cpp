// The policy's pure functions, as tables.
#include <gtest/gtest.h>

#include "ajar/policy/decide.hpp"
#include "ajar/policy/timeouts.hpp"

namespace ajar {
namespace {

TEST(Decide, EveryTimerHasAReason) {
    for (std::size_t c = 0; c + 1 < kTimerClassCount; ++c)
        EXPECT_EQ(fate(expiry_of(static_cast<TimerClass>(c)).reason), Fate::end) << kTimerClassNames[c];
}

TEST(Decide, UnverifiedIsNeverReset) {
    Policy policy;
    policy.actions.fill(Action::evict_reset);
    EXPECT_EQ(action_for(policy, expiry_of(TimerClass::unverified_rst)), Action::flag);
    EXPECT_EQ(action_for(policy, expiry_of(TimerClass::mid_stream)), Action::evict);
    EXPECT_EQ(action_for(policy, expiry_of(TimerClass::established)), Action::evict_reset);
}

TEST(Decide, ObservePassesEverything) {
    Policy policy;
    policy.mode = Mode::observe;
    policy.invalid = policy.refused = InvalidAction::drop;
    policy.mid_stream = MidStream::refuse;
    for (std::size_t r = 0; r < kReasonCount; ++r)
        EXPECT_TRUE(passes(policy.mode, policy, static_cast<Reason>(r)));
}

TEST(Decide, EnforceFollowsThePolicy) {
    Policy policy;
    policy.mode = Mode::enforce;
    EXPECT_FALSE(passes(policy.mode, policy, Reason::confirmed_full));
    EXPECT_TRUE(passes(policy.mode, policy, Reason::invalid_seq_high));
    EXPECT_TRUE(passes(policy.mode, policy, Reason::truncated_tcp));
    EXPECT_TRUE(passes(policy.mode, policy, Reason::no_flow));
    policy.mid_stream = MidStream::refuse;
    EXPECT_FALSE(passes(policy.mode, policy, Reason::no_flow));
    policy.invalid = policy.refused = InvalidAction::drop;
    EXPECT_FALSE(passes(policy.mode, policy, Reason::invalid_seq_high));
    EXPECT_FALSE(passes(policy.mode, policy, Reason::truncated_tcp));
    EXPECT_TRUE(passes(policy.mode, policy, Reason::bad_tcp_checksum)) << "it passes and changes no state";
}

TEST(Decide, TheDefaultNeverResetsTheIdle) {
    const auto actions = actions_of(Profile::ajar);
    EXPECT_EQ(actions[static_cast<std::size_t>(Cause::embryonic_stale)], Action::evict_reset);
    EXPECT_EQ(actions[static_cast<std::size_t>(Cause::idle)], Action::flag);
    EXPECT_EQ(actions[static_cast<std::size_t>(Cause::half_closed)], Action::flag);
}

TEST(Decide, ProfilesAreFoundByName) {
    for (const auto profile_name : kProfileNames) EXPECT_EQ(name(*profile_named(profile_name)), profile_name);
    EXPECT_FALSE(profile_named("netfilter"));
    EXPECT_EQ(timeouts_of(Profile::azure_lb)[static_cast<std::size_t>(TimerClass::established)],
              std::chrono::seconds(240));
    EXPECT_EQ(timeouts_of(Profile::ajar)[static_cast<std::size_t>(TimerClass::established)],
              std::chrono::seconds(7440));
}

}  // namespace
}  // namespace ajar
