// The table of timeouts: seconds by class (rows of TimerClass) and profile. Sources: the systems' own
// documentation.
#include "ajar/policy/timeouts.hpp"

#include <algorithm>

namespace ajar {
namespace {

using Row = std::array<std::int64_t, kProfileNames.size()>;

// ajar, linux, pf, asa, panos, azure-lb, aws-nlb, zeek
constexpr std::array<Row, kTimerClassCount> kSeconds = {{
    /* syn_sent       */ {30, 120, 120, 30, 5, 240, 350, 5},
    /* syn_recv       */ {60, 60, 30, 30, 10, 240, 350, 300},
    /* mid_stream     */ {30, 300, 120, 30, 10, 240, 350, 300},
    /* attempt        */ {30, 120, 120, 30, 5, 240, 350, 5},
    /* established    */ {7440, 432000, 86400, 3600, 3600, 240, 350, 300},
    /* unacknowledged */ {300, 300, 86400, 3600, 3600, 240, 350, 300},
    /* fin_wait       */ {120, 120, 900, 600, 120, 240, 350, 300},
    /* close_wait     */ {120, 60, 900, 600, 120, 240, 350, 300},
    /* last_ack       */ {15, 30, 45, 15, 15, 240, 350, 300},
    /* time_wait      */ {15, 120, 45, 15, 15, 240, 350, 300},
    /* close          */ {10, 10, 90, 30, 15, 240, 350, 300},
    /* unverified_rst */ {30, 10, 90, 30, 30, 240, 350, 300},
    /* zeek_closing   */ {5, 5, 5, 5, 5, 5, 5, 5},
    /* zeek_partial   */ {3, 3, 3, 3, 3, 3, 3, 3},
    /* zeek_reset     */ {5, 5, 5, 5, 5, 5, 5, 5},
    /* untimed        */ {0, 0, 0, 0, 0, 0, 0, 0},
}};

}  // namespace

std::optional<Profile> profile_named(std::string_view wanted) {
    const auto* it = std::find(kProfileNames.begin(), kProfileNames.end(), wanted);
    if (it == kProfileNames.end()) return std::nullopt;
    return static_cast<Profile>(it - kProfileNames.begin());
}

Timeouts timeouts_of(Profile profile) {
    Timeouts out{};
    for (std::size_t i = 0; i < kTimerClassCount; ++i)
        out[i] = std::chrono::seconds(kSeconds[i][static_cast<std::size_t>(profile)]);
    return out;
}

std::array<Action, kCauseCount> actions_of(Profile profile) {
    std::array<Action, kCauseCount> out{};
    const bool ours = profile == Profile::ajar;
    out.fill(ours ? Action::flag : Action::evict);
    out[static_cast<std::size_t>(Cause::embryonic_stale)] = ours ? Action::evict_reset : Action::evict;
    out[static_cast<std::size_t>(Cause::table_full)] = ours ? Action::evict_reset : Action::evict;
    out[static_cast<std::size_t>(Cause::unverified)] =
        Action::evict;  // never a reset: nobody has vouched for it
    out[static_cast<std::size_t>(Cause::proven_dead)] = ours ? Action::evict_reset : Action::evict;
    out[static_cast<std::size_t>(Cause::administrative)] = ours ? Action::evict_reset : Action::evict;
    return out;
}

Policy policy_of(Profile profile) {
    Policy policy;
    policy.timeouts = timeouts_of(profile);
    policy.actions = actions_of(profile);
    if (profile == Profile::linux_conntrack) policy.mid_stream = MidStream::loose;
    if (profile == Profile::zeek) {
        policy.mid_stream = MidStream::loose;
        policy.window = WindowCheck::off;
        policy.checksums = ChecksumPolicy::ignore;
        policy.boundaries = Boundaries::zeek;
    }
    return policy;
}

}  // namespace ajar
