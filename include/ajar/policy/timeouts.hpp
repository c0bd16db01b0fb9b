// The timers of Ajar and of the systems that operators come from: one column a profile, one row a class.
#pragma once

#include <array>
#include <optional>
#include <string_view>

#include "ajar/policy/policy.hpp"

namespace ajar {

enum class Profile : std::uint8_t { ajar, linux_conntrack, pf, asa, panos, azure_lb, aws_nlb, zeek };
inline constexpr std::array<std::string_view, 8> kProfileNames = {"ajar",  "linux",    "pf",      "asa",
                                                                  "panos", "azure-lb", "aws-nlb", "zeek"};
constexpr std::string_view name(Profile p) { return kProfileNames[static_cast<std::size_t>(p)]; }
std::optional<Profile> profile_named(std::string_view name);

/// The timeouts of a profile. Where a system has no such timer, the one that would apply to such a flow
/// there.
Timeouts timeouts_of(Profile profile);

/// Default actions: stale handshakes are evicted and their server reset, everything else is flagged until it
/// is proven dead. The silent profiles (`azure-lb`, `aws-nlb` and the rest) evict without a word, as those
/// systems do.
std::array<Action, kCauseCount> actions_of(Profile profile);

/// A whole policy for a profile: its timeouts and actions, and for `linux` and `zeek` their rules of
/// admission.
Policy policy_of(Profile profile);

}  // namespace ajar
