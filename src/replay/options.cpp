// What a profile means to a replay beyond its policy.
#include "replay/replay.hpp"

namespace ajar::replay {

Policy ReplayOptions::default_policy() {
    Policy policy = policy_of(Profile::ajar);
    policy.checksums = ChecksumPolicy::ignore;
    return policy;
}

void ReplayOptions::use_profile(Profile p) {
    const auto checksums = policy.checksums;
    const auto mode = policy.mode;
    policy = policy_of(p);
    policy.checksums = checksums;
    policy.mode = mode;
    profile = name(p);
    if (p != Profile::zeek) return;
    decapsulate.bits = Tunnels::kAll;
}

}  // namespace ajar::replay
