// Does a changed file change what may change in a running appliance, and name what may not?
#include <gtest/gtest.h>

#include "config/load.hpp"
#include "config/print.hpp"
#include "config/reload.hpp"

namespace ajar::config {
namespace {

using Keys = std::vector<std::string>;

Config reloaded(std::string_view text) {
    auto config = load_text(text, "ajar.toml");
    EXPECT_TRUE(config) << config.error();
    return *config;
}

TEST(Reload, TakesOverPolicyAndNamesTheRest) {
    const auto wanted = reloaded(
        "[appliance]\nworkers = 3\n[policy]\nmode = \"enforce\"\n[timeouts]\nsyn_recv = \"5s\"\n"
        "[[ports]]\na = \"net_ring0\"\nb = \"net_ring1\"");
    const auto out = reload(default_config(), wanted);
    EXPECT_EQ(out.changed, (Keys{"policy.mode", "timeouts.syn_recv"}));
    EXPECT_EQ(out.waiting, (Keys{"appliance.workers", "ports"}));
    EXPECT_EQ(out.config.policy.mode, Mode::enforce);
    EXPECT_EQ(out.config.policy.timeouts[static_cast<std::size_t>(TimerClass::syn_recv)],
              std::chrono::seconds(5));
    EXPECT_EQ(out.config.workers, 1U);
    EXPECT_TRUE(out.config.ports.empty());
    EXPECT_EQ(out.config.policy.generation, 2U);
}

TEST(Reload, AProfileBringsItsTimers) {
    const auto out = reload(default_config(), reloaded("[policy]\nprofile = \"linux\""));
    EXPECT_TRUE(out.waiting.empty());
    EXPECT_EQ(out.config.policy.timeouts, timeouts_of(Profile::linux_conntrack));
    EXPECT_EQ(out.config.profile, "linux");
}

TEST(Reload, AnotherRuleOfCuttingFlowsNeedsARestart) {
    const auto out = reload(default_config(), reloaded("[policy]\nprofile = \"zeek\""));
    EXPECT_EQ(out.waiting, Keys{"policy.profile"});
    EXPECT_TRUE(out.changed.empty());
    EXPECT_EQ(print(out.config), print(default_config()));
}

TEST(Reload, NothingNewIsNoNewGeneration) {
    const auto out = reload(default_config(), default_config());
    EXPECT_TRUE(out.changed.empty() && out.waiting.empty());
    EXPECT_EQ(out.config.policy.generation, 1U);
}

}  // namespace
}  // namespace ajar::config
