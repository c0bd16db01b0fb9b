// What a person sees: the live view's lines, the line every ten seconds, the summary at exit.
//
// Pure: numbers in, text out. The terminal is dataplane/terminal.hpp's business.
#pragma once

#include <string>
#include <vector>

#include "ajar/defence/change.hpp"
#include "ajar/flow/asks.hpp"
#include "control/would_have.hpp"
#include "dataplane/sample.hpp"
#include "export/ipfix/transport.hpp"

namespace ajar::dataplane {

/// The live view: rates between the two samples, states, ages, evictions, drops; in a flood, who asks whom,
/// and what is done about it.
std::vector<std::string> live_lines(const Sample& now, const Sample& before, const Asks& lately,
                                    const Situation& situation, Mode mode);

/// One line for a log.
std::string log_line(const Sample& now, const Sample& before);

struct Ending {
    double seconds = 0;
    bool sums_hold = false;                               ///< received + crafted = transmitted + disposed
    std::uint64_t lines_written = 0, lines_lost = 0;      ///< to the targets of events and flow records
    exporting::ipfix::Counts exported{};                  ///< flows, to the IPFIX collector
    std::uint64_t packets_written = 0, packets_lost = 0;  ///< of flagged flows, to files
    std::uint64_t mbufs_lost = 0;                         ///< buffers that never came back to their pools
    std::uint64_t mbufs_kept = 0;  ///< beside those, what a driver is known to keep (see buffers_kept())
    std::uint64_t faults = 0;      ///< of the packet clock's reader
    std::uint64_t cut_off = 0;     ///< translated connections that were not over when it ended
    Duration drained{};            ///< so long it waited for them
    std::string causes = "{}", scanners = "[]";  ///< JSON: why attempts failed, and who scans
    Asks busiest{};                              ///< second
    control::WouldHave would{};
    Situation situation{};      ///< how often the defence changed, and what stood at the end
    bool packet_clock = false;  ///< then lateness means nothing: time jumps from packet to packet
};

/// The summary at exit, as text for people and as one JSON object.
std::vector<std::string> summary_lines(const Sample& end, const Ending& ending, Mode mode);
std::string summary_json(const Sample& end, const Ending& ending, Mode mode);

}  // namespace ajar::dataplane
