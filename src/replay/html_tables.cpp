// The tables of a replay: findings, who and why, what other boxes would have done, the numbers.
#include <fmt/format.h>

#include <algorithm>
#include <numeric>

#include "causes/tell.hpp"
#include "export/asks.hpp"
#include "export/changes.hpp"
#include "export/human.hpp"
#include "page/table.hpp"
#include "page/who.hpp"
#include "replay/html_parts.hpp"

namespace ajar::replay {
namespace {

using exporting::human_duration;
using page::Cell;
using page::Markup;
using page::Table;

Cell duration_cell(Duration d) {
    return {d == Duration{} ? "" : human_duration(d), std::chrono::duration<double>(d).count()};
}

Table findings_table(const Tally& tally) {
    Table out;
    out.stacks = true;
    out.columns = {{"cases", true}, {"what they are"}, {"within", true}, {"to"}, {"from"}};
    for (std::size_t f = 0; f < kFindingTexts.size(); ++f) {
        const auto& group = tally.findings[f];
        if (group.count == 0) continue;
        const auto& text = kFindingTexts[f];
        out.rows.push_back({group.count, std::string(group.count == 1 ? text.one : text.many),
                            duration_cell(group.timeout), causes::who(group.servers, group.count),
                            causes::who(group.clients, group.count)});
    }
    return out;
}

std::uint64_t total(const std::array<std::uint64_t, kCauseCount>& by_cause) {
    return std::accumulate(by_cause.begin(), by_cause.end(), std::uint64_t{0});
}

std::string actions_text(const ReplayOptions& options, const Tally& tally) {
    const bool observed = options.policy.mode == Mode::observe;
    return fmt::format("Ajar {}flagged {}, evicted {} and {} {}{}.", observed ? "(observing) " : "",
                       exporting::counted(total(tally.flagged), "connection", "connections"),
                       exporting::human_count(total(tally.evicted)), observed ? "would have sent" : "sent",
                       exporting::counted(tally.resets, "reset", "resets"),
                       tally.resets == 0 ? "" : " to free the ends that were left waiting");
}

std::uint64_t changes_of(const Situation& situation) {
    std::uint64_t n = 0;
    for (std::size_t k = 0; k < kChangeCount; ++k) n += situation.count(static_cast<ChangeKind>(k));
    return n;
}

/// Reasons of one kind with their counts.
Table reasons_table(const std::array<std::uint64_t, kReasonCount>& counts, const char* counted,
                    bool (*wanted)(Fate)) {
    Table out;
    out.columns = {{counted, true}, {"Reason"}, {"what it means"}};
    for (std::size_t r = 1; r < kReasonCount; ++r)
        if (counts[r] != 0 && wanted(kReasonTable[r].fate))
            out.rows.push_back(
                {counts[r], std::string(kReasonTable[r].name), std::string(kReasonTable[r].sentence)});
    std::stable_sort(out.rows.begin(), out.rows.end(),
                     [](const auto& a, const auto& b) { return a[0].sort_by > b[0].sort_by; });
    return out;
}

void put_table(Markup& out, const char* title, const Table& table) {
    if (table.rows.empty()) return;
    out.element("h3", title).add(markup_of(table));
}

Table profiles_table(std::span<const WhatIf> all) {
    Table out;
    out.stacks = true;
    out.columns = {{"profile"},          {"connections", true},     {"forgotten alive", true},
                   {"cut off", true},    {"longest silence", true}, {"kept after death", true},
                   {"on average", true}, {"at most", true}};
    for (const WhatIf& what : all) {
        const auto average =
            what.kept == 0 ? Duration{} : what.kept_for / static_cast<std::int64_t>(what.kept);
        out.rows.push_back({std::string(name(what.profile)),
                            what.connections,
                            what.forgotten,
                            {exporting::human_bytes(what.bytes), static_cast<double>(what.bytes)},
                            duration_cell(what.longest_silence),
                            what.kept,
                            duration_cell(average),
                            duration_cell(what.longest_kept)});
    }
    return out;
}

Table worst_table(std::span<const WhatIf> all) {
    Table out;
    out.stacks = true;
    out.columns = {{"profile"},       {"client"}, {"server"},         {"forgotten"},
                   {"into it", true}, {"by"},     {"then came", true}};
    for (const WhatIf& what : all)
        for (const Forgotten& one : what.worst)
            out.rows.push_back({std::string(name(what.profile)),
                                text_of(one.truth, one.truth.originator),
                                text_of(one.truth, other(one.truth.originator)),
                                exporting::utc_text(one.at),
                                duration_cell(one.at - one.truth.begun),
                                std::string(name(one.reason)),
                                {exporting::human_bytes(one.bytes), static_cast<double>(one.bytes)}});
    return out;
}

}  // namespace

std::uint64_t troubled(const Tally& tally) {
    std::uint64_t sum = 0;
    for (const auto& group : tally.findings) sum += group.count;
    return sum;
}

Markup findings_html(const ReplayOptions& options, const Outcome& o) {
    Markup out;
    if (troubled(o.tally) == 0)
        return out.element(
            "p", {{"class", "verdict"}},
            "Nothing was half open: every connection was opened and closed by both ends, or lived on.");
    out.element(
        "p", {{"class", "verdict"}},
        fmt::format("Half open, or left so: {}", exporting::counted(troubled(o.tally), "case", "cases")));
    out.add(markup_of(findings_table(o.tally)));
    return out.element("p", actions_text(options, o.tally));
}

Markup who_html(const Outcome& o, const Details& details) {
    Markup out;
    const auto cases = troubled(o.tally);
    if (cases == 0) out.element("p", "Nobody was in trouble.");
    if (cases != 0) {
        out.open("div", {{"class", "charts"}});
        out.open("div")
            .element("h3", "Targets")
            .add(page::markup_of(page::endpoints_table(details.servers, cases, "server")))
            .close();
        out.open("div")
            .element("h3", "Sources")
            .add(page::markup_of(page::endpoints_table(details.clients, cases, "client")))
            .close();
        out.close();
    }
    const auto scanners = page::scanners_table(o.tally.causes.suspects());
    if (!scanners.rows.empty())
        out.element("h3", "Scanners")
            .element("p", "More than half of the targets that they met led nowhere.")
            .add(markup_of(scanners));
    if (o.busiest.count >= exporting::kWorthTelling)
        put_table(out, "Busiest second", page::asks_table(o.busiest));
    return out;
}

Markup why_html(const Outcome& o) {
    Markup out;
    const auto failed = o.tally.causes.failed();
    if (failed == 0) return out.element("p", "No attempt to connect came to nothing.");
    out.element("p", fmt::format("{} came to nothing.", exporting::counted(failed, "attempt", "attempts")));
    return out.add(page::markup_of(page::labels_table(o.tally.causes)));
}

Markup defence_html(const Outcome& o) {
    Markup out;
    const auto& tally = o.tally;
    if (tally.changes.empty()) return out.element("p", "Nothing had to be done about floods.");
    out.add(page::markup_of(page::changes_table(tally.changes, changes_of(tally.situation))));
    const auto standing = exporting::standing_text(tally.situation, o.input.last);
    if (!standing.empty()) out.element("p", "At the end: " + standing + ".");
    return out;
}

Markup what_if_html(std::span<const WhatIf> all) {
    Markup out;
    out.element("p",
                "The same capture under the timers of other boxes: what each would have forgotten while it "
                "was alive, and "
                "kept after its death.");
    out.add(markup_of(profiles_table(all)));
    put_table(out, "The worst of those forgotten alive", worst_table(all));
    return out;
}

Markup numbers_html(const Outcome& o) {
    Markup out;
    out.open("ul");
    out.element("li",
                fmt::format("{} of TCP; {} forwarded, {} dropped, {} consumed",
                            exporting::counted(o.sums.tcp, "packet", "packets"),
                            exporting::human_count(o.sums.forwarded), exporting::human_count(o.sums.dropped),
                            exporting::human_count(o.sums.consumed)));
    if (o.input.backwards != 0)
        out.element("li", fmt::format("{} stepped back in time and took the time of their predecessor",
                                      exporting::counted(o.input.backwards, "timestamp", "timestamps")));
    if (o.input.cut != 0)
        out.element("li", fmt::format("{} shortened by the capture's snap length",
                                      exporting::counted(o.input.cut, "frame", "frames")));
    out.close();
    put_table(out, "How connections ended",
              reasons_table(o.tally.ends, "connections", [](Fate f) { return f == Fate::end; }));
    put_table(
        out, "Packets that were not tracked, or not as they should be",
        reasons_table(o.sums.reasons, "packets", [](Fate f) { return f != Fate::end && f != Fate::sign; }));
    return out;
}

}  // namespace ajar::replay
