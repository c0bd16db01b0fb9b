// Rows of those tables, and how many of them are enough.
#include "page/who.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "causes/tell.hpp"
#include "export/asks.hpp"
#include "export/changes.hpp"
#include "export/human.hpp"

namespace ajar::page {
namespace {

constexpr std::size_t kEndpoints = 15, kScanners = 25;
/// Of many of whom nobody has the hundredth part, that it is so is what matters.
constexpr std::size_t kWorthAList = 100, kFew = 3;

std::uint64_t beyond(std::uint64_t all, std::size_t shown) { return all > shown ? all - shown : 0; }

std::string often(std::uint64_t most) {
    return most == 1 ? "more than once" : fmt::format("more than {} times", exporting::human_count(most));
}

Cell share_cell(std::uint64_t part, std::uint64_t all) {
    const double percent = all == 0 ? 0 : 100.0 * static_cast<double>(part) / static_cast<double>(all);
    return {fmt::format("{:.1f} %", percent), percent};
}

template <typename List>
std::string listed(const List& list, std::uint64_t all, auto&& text) {
    constexpr std::size_t kShown = 6;
    std::string out;
    std::size_t n = 0;
    for (const auto& one : list)
        if (n++ < kShown) out += (n == 1 ? "" : ", ") + text(one);
    return beyond(all, std::min(n, kShown)) == 0 ? out : out + ", …";
}

std::string outcomes_text(const causes::Suspect& s) {
    std::string out;
    for (std::size_t a = 0; a < kAttemptCount; ++a)
        if (s.attempts[a] != 0)
            out += fmt::format("{}{} {}", out.empty() ? "" : ", ", exporting::human_count(s.attempts[a]),
                               kAttemptNames[a]);
    return out;
}

std::vector<Cell> row_of(const causes::Suspect& s) {
    const auto hosts = s.hosts.estimate(), ports = s.ports.estimate();
    const Duration lasted = s.last - s.first;
    return {causes::source_text(s.source) + (s.alive ? "" : " (may be forged)"),
            s.total(),
            outcomes_text(s),
            hosts,
            listed(s.first_hosts, hosts, [](const causes::Endpoint& e) { return causes::text_of(e); }),
            ports,
            listed(s.first_ports, ports, [](std::uint16_t port) { return std::to_string(port); }),
            {exporting::human_duration(lasted), std::chrono::duration<double>(lasted).count()},
            exporting::utc_text(s.flagged_at)};
}

}  // namespace

Table endpoints_table(const causes::HeavyHitters& hitters, std::uint64_t count, const std::string& called) {
    Table out;
    out.columns = {{called}, {"cases", true}, {"share", true}};
    const auto top = hitters.top(kEndpoints);
    const bool scattered = top.size() == kEndpoints && top.front().second * kWorthAList < count;
    for (const auto& [endpoint, n] : std::span(top).first(scattered ? kFew : top.size()))
        out.rows.push_back({causes::text_of(endpoint), n, share_cell(n, count)});
    out.left_out = beyond(hitters.distinct(), out.rows.size());
    out.left_out_are = scattered ? fmt::format("more, none of them {}", often(top.front().second)) : "more";
    if (!hitters.exact()) out.left_out_are += "; counts are what was seen at least";
    return out;
}

Table labels_table(const causes::Causes& causes) {
    Table out;
    out.stacks = true;
    out.columns = {{"attempts", true}, {"what they were"}, {"label"}, {"to"}, {"from"}};
    for (std::size_t l = 0; l < kLabelCount; ++l) {
        const causes::LabelTally& t = causes.of(static_cast<Label>(l));
        if (t.count == 0) continue;
        const auto& text = kLabelTexts[l];
        out.rows.push_back({t.count, std::string(t.count == 1 ? text.one : text.many), std::string(text.name),
                            causes::who(t.servers, t.count), causes::who(t.clients, t.count)});
    }
    return out;
}

Table scanners_table(const causes::Suspects& suspects) {
    Table out;
    out.stacks = true;
    out.columns = {{"source"},      {"attempts", true}, {"what they came to"}, {"hosts", true}, {"the first"},
                   {"ports", true}, {"the first"},      {"within", true},      {"recognised"}};
    const auto flagged = suspects.flagged();
    for (std::size_t i = 0; i < std::min(kScanners, flagged.size()); ++i)
        out.rows.push_back(row_of(*flagged[i]));
    out.left_out = beyond(flagged.size(), kScanners) + suspects.forgotten();
    return out;
}

Table asks_table(const Asks& asked) {
    static constexpr std::array<const char*, kRanked.size()> kKinds = {"services", "sources", "networks",
                                                                       "hosts"};
    Table out;
    out.caption =
        fmt::format("{} asked for, from {} on", exporting::counted(asked.count, "connection", "connections"),
                    exporting::utc_text(begin_of(asked.second)));
    out.columns = {{"of all"}, {"who stood out"}};
    for (std::size_t r = 0; r < kKinds.size(); ++r)
        out.rows.push_back({kKinds[r], exporting::outstanding(asked, r, exporting::human_count)});
    return out;
}

Table changes_table(std::span<const Change> first, std::uint64_t all) {
    Table out;
    out.stacks = true;
    out.columns = {{"time"}, {"what changed"}};
    for (const Change& change : first)
        out.rows.push_back({exporting::utc_text(change.time), exporting::line_of(change)});
    out.left_out = beyond(all, first.size());
    out.left_out_are = "more, in the event file (--events)";
    return out;
}

}  // namespace ajar::page
