// `ajar replay`: the tracker over captures. What it is told, and its one entry point.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "ajar/config.hpp"
#include "ajar/policy/timeouts.hpp"

namespace ajar::replay {

/// Defaults need no configuration: profile `ajar`, observe, checksums not verified (captures of sending hosts
/// carry unfilled ones), a fixed seed, so that the same capture gives the same bytes anywhere.
struct ReplayOptions {
    std::vector<std::string> files;  ///< merged by time; "-" is standard input
    Policy policy = default_policy();
    TableSizes sizes{};
    FragmentLimits fragments{};
    Tunnels decapsulate{};
    std::uint64_t seed = 1;  ///< of the keyed hash; flow ids and uids come from it
    Steer steer = Steer::rss;
    std::uint32_t shards = 0;  ///< 0 = as many as cores
    std::string profile = "ajar";
    std::string events_file;         ///< JSON lines; "-" for standard output, empty for none
    std::string flows_file;          ///< one JSON object a connection; likewise
    std::string ipfix_collector;     ///< as src/export/ipfix/collector.hpp says; empty for none
    std::string packets_file;        ///< pcapng: packets of flagged flows (replay/flagged.hpp); likewise
    std::string summary_file;        ///< the report as one JSON object; likewise
    std::string report_file;         ///< the report as a page, in one file of HTML; likewise
    std::vector<Profile> what_if{};  ///< compared beside, for page and summary (replay/what_if.hpp)
    bool progress = true;            ///< a bar on standard error, where that is a terminal

    static Policy default_policy();
    /// Timers, actions and boundaries of a profile; for `zeek` also its decapsulation and its blindness to
    /// VLANs.
    void use_profile(Profile profile);
};

/// Replays, prints the report on standard output (standard error where that is taken by records) and returns
/// the exit code: 0, 1 where a file could not be read or written. A truncated file counts up to its cut, with
/// a warning.
int replay(const ReplayOptions& options);

}  // namespace ajar::replay
