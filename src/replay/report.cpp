// The report of a replay: what was half open and why, who was in it, and what else the capture held.
#include "replay/report.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <iterator>
#include <numeric>

#include "causes/tell.hpp"
#include "export/asks.hpp"
#include "export/changes.hpp"
#include "export/human.hpp"

namespace ajar::replay {
namespace {

using Out = fmt::memory_buffer;

template <typename... T>
void say(Out& out, fmt::format_string<T...> format, T&&... values) {
    fmt::format_to(std::back_inserter(out), format, std::forward<T>(values)...);
}

void opening(Out& out, const ReplayOptions& options, const Outcome& o) {
    const auto& in = o.input;
    std::vector<std::string> names;
    for (const auto& file : options.files) names.push_back(file == "-" ? "standard input" : file);
    say(out, "{}: {} in {} ({}), {}\n", exporting::listed(names),
        exporting::counted(in.frames, "packet", "packets"), exporting::human_duration(in.last - in.first),
        exporting::human_bytes(in.bytes), exporting::counted(o.tally.flows, "connection", "connections"));
    for (const auto& warning : o.complaints.warnings) say(out, "warning: {}\n", warning);
}

void finding(Out& out, const FindingText& text, const FindingTally& group) {
    say(out, "  {:>9}  {}", exporting::human_count(group.count), group.count == 1 ? text.one : text.many);
    if (group.timeout != Duration{}) say(out, " (within {})", exporting::human_duration(group.timeout));
    say(out, "\n             to    {}\n             from  {}\n", causes::who(group.servers, group.count),
        causes::who(group.clients, group.count));
}

std::uint64_t total(const std::array<std::uint64_t, kCauseCount>& by_cause) {
    return std::accumulate(by_cause.begin(), by_cause.end(), std::uint64_t{0});
}

void actions(Out& out, const ReplayOptions& options, const Tally& tally) {
    const bool observed = options.policy.mode == Mode::observe;
    say(out, "\nAjar {}flagged {}, evicted {} and {} {}{}.\n", observed ? "(observing) " : "",
        exporting::counted(total(tally.flagged), "connection", "connections"),
        exporting::human_count(total(tally.evicted)), observed ? "would have sent" : "sent",
        exporting::counted(tally.resets, "reset", "resets"),
        tally.resets == 0 ? "" : " to free the ends that were left waiting");
}

void verdict(Out& out, const ReplayOptions& options, const Tally& tally) {
    std::uint64_t troubled = 0;
    for (const auto& group : tally.findings) troubled += group.count;
    if (troubled == 0) {
        say(out,
            "\nNothing was half open: every connection was opened and closed by both ends, or lived on.\n");
        return;
    }
    say(out, "\nHalf open, or left so: {}\n\n", exporting::counted(troubled, "case", "cases"));
    for (std::size_t f = 0; f < kFindingTexts.size(); ++f)
        if (tally.findings[f].count != 0) finding(out, kFindingTexts[f], tally.findings[f]);
    actions(out, options, tally);
}

/// What was done about floods: the first changes, and what stood at the end.
void defence(Out& out, const Tally& tally, Time end) {
    if (tally.changes.empty()) return;
    std::uint64_t n = 0;
    for (std::size_t k = 0; k < kChangeCount; ++k) n += tally.situation.count(static_cast<ChangeKind>(k));
    say(out, "\nThe defence changed what it does {}\n\n", exporting::counted(n, "time", "times"));
    for (const Change& change : tally.changes)
        say(out, "  {}  {}\n", exporting::utc_text(change.time), exporting::line_of(change));
    if (n > tally.changes.size())
        say(out, "  and {} more, in the event file\n", exporting::human_count(n - tally.changes.size()));
    const auto standing = exporting::standing_text(tally.situation, end);
    if (!standing.empty()) say(out, "  at the end: {}\n", standing);
}

void conn_states(Out& out, const Tally& tally) {
    if (tally.conn_states.empty()) return;
    std::vector<std::pair<std::string, std::uint64_t>> rows(tally.conn_states.begin(),
                                                            tally.conn_states.end());
    std::stable_sort(rows.begin(), rows.end(),
                     [](const auto& a, const auto& b) { return a.second > b.second; });
    say(out, "  connections by state (Zeek's):");
    for (const auto& [state, n] : rows) say(out, "  {} {}", state, exporting::human_count(n));
    say(out, "\n");
}

/// Reasons of one kind with their counts, the most frequent first.
void reasons(Out& out, std::string_view title, const std::array<std::uint64_t, kReasonCount>& counts,
             bool (*wanted)(Fate)) {
    std::vector<Reason> rows;
    for (std::size_t r = 1; r < kReasonCount; ++r)
        if (counts[r] != 0 && wanted(kReasonTable[r].fate)) rows.push_back(static_cast<Reason>(r));
    const auto count = [&](Reason r) { return counts[static_cast<std::size_t>(r)]; };
    std::stable_sort(rows.begin(), rows.end(), [&](Reason a, Reason b) { return count(a) > count(b); });
    if (rows.empty()) return;
    say(out, "  {}:\n", title);
    for (const auto r : rows)
        say(out, "  {:>9}  {} ({})\n", exporting::human_count(count(r)), sentence(r), name(r));
}

void numbers(Out& out, const Outcome& o) {
    say(out, "\nNumbers\n");
    if (o.input.frames != 0)
        say(out, "  from {} to {}\n", exporting::utc_text(o.input.first), exporting::utc_text(o.input.last));
    say(out, "  {} of TCP, {} forwarded, {} dropped, {} consumed\n",
        exporting::counted(o.sums.tcp, "packet", "packets"), exporting::human_count(o.sums.forwarded),
        exporting::human_count(o.sums.dropped), exporting::human_count(o.sums.consumed));
    if (o.input.backwards != 0)
        say(out, "  {} stepped back in time and took the time of their predecessor\n",
            exporting::counted(o.input.backwards, "timestamp", "timestamps"));
    if (o.input.cut != 0)
        say(out, "  {} shortened by the capture's snap length\n",
            exporting::counted(o.input.cut, "frame", "frames"));
    conn_states(out, o.tally);
    reasons(out, "how connections ended", o.tally.ends, [](Fate f) { return f == Fate::end; });
    reasons(out, "packets that were not tracked, or not as they should be", o.sums.reasons,
            [](Fate f) { return f != Fate::end && f != Fate::sign; });
}

}  // namespace

std::string report_text(const ReplayOptions& options, const Outcome& outcome) {
    Out out;
    opening(out, options, outcome);
    verdict(out, options, outcome.tally);
    say(out, "{}", causes::labels_text(outcome.tally.causes));
    say(out, "{}", causes::scanners_text(outcome.tally.causes));
    say(out, "{}", exporting::busiest_text(outcome.busiest));
    defence(out, outcome.tally, outcome.input.last);
    numbers(out, outcome);
    return fmt::to_string(out);
}

}  // namespace ajar::replay
