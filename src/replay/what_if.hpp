// What would another box have made of these connections? The same capture under the timers of several
// systems.
//
// First the capture is replayed under timers that forget nobody: that says which connections there were, how
// far each went, and how it ended. Then once for each profile, by that profile's timers, rules and actions. A
// flow has the same id in all of them, for it begins with the same packet. So
//
//   forgotten alive   the profile ended it by a timer, and it had more to say: the box made it half open
//   kept after death  at its end one side repeated itself to a peer that never answered again: from its last
//                     packet to the profile's end of it
//
// Profile `ajar` ends nothing unasked (tracker/probe.hpp). A capture cannot be asked, so for what is dead the
// longest probing is added to the timer, and what is alive would have answered.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <unordered_map>
#include <vector>

#include "ajar/event.hpp"
#include "ajar/policy/timeouts.hpp"
#include "ajar/result.hpp"
#include "replay/replay.hpp"

namespace ajar::replay {

/// A connection as it really was.
struct Truth {
    KeyV6 key{};
    Family family{};
    Side originator = 0;
    bool established = false;  ///< its handshake was complete, or never seen
    bool bereaved = false;     ///< it ended with one side repeating itself in vain
    Time begun{}, last{};
    std::uint64_t packets = 0, bytes = 0;  ///< of IP
};
using Truths = std::unordered_map<std::uint64_t, Truth>;  ///< by flow id

/// One connection that a profile forgot while it was alive.
struct Forgotten {
    std::uint64_t flow_id = 0;
    Truth truth{};
    Time at{};                             ///< when it was forgotten
    Reason reason = Reason::none;          ///< which timer
    std::uint64_t packets = 0, bytes = 0;  ///< that came after it
};

/// "10.0.0.1:80", "[2001:db8::1]:80".
std::string text_of(const Truth& truth, Side side);

/// What a profile would have done.
struct WhatIf {
    Profile profile{};
    std::uint64_t connections = 0;         ///< that were compared
    std::uint64_t forgotten = 0;           ///< alive
    std::uint64_t packets = 0, bytes = 0;  ///< of theirs, after they were forgotten
    Duration longest_silence{};            ///< that it did not survive
    std::uint64_t kept = 0;                ///< after their death
    Duration kept_for{}, longest_kept{};   ///< all together; at most
    std::vector<Forgotten> worst{};        ///< by bytes, at most kWorst

    static constexpr std::size_t kWorst = 10;
};

/// Policies under which nothing is forgotten, and those of a profile, both only watching.
Policy watching_policy();
Policy policy_to_compare(Profile profile);

/// The truth about a flow that has ended under watching_policy().
Truth truth_of(const Event& end);

/// Adds what a profile made of a flow. Others than flow_end say nothing.
void compare(WhatIf& what, const Truths& truths, const Event& event, const Policy& policy);

/// Reads "linux,pf,ajar". The complaint names what is no profile.
Result<std::vector<Profile>> profiles_of(const std::string& list);

/// Replays `options.files` once for each of them and once more. Nothing: no frame could be read, and it was
/// said why. Throws std::bad_alloc.
std::optional<std::vector<WhatIf>> compare_profiles(const ReplayOptions& options,
                                                    std::span<const Profile> profiles);

/// Compares; prints the table on standard output, or standard error where a file takes that, and writes the
/// JSON to `summary_file`. The exit code as replay()'s.
int what_if(const ReplayOptions& options, std::span<const Profile> profiles);

std::string table_text(std::span<const WhatIf> all);
std::string table_json(std::span<const WhatIf> all);
/// Its array alone.
std::string rows_json(std::span<const WhatIf> all);

}  // namespace ajar::replay
