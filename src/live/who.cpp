// Who asks for connections and whom, connections in trouble, and Reasons.
#include <fmt/format.h>

#include <algorithm>

#include "export/asks.hpp"
#include "export/human.hpp"
#include "live/parts.hpp"
#include "page/table.hpp"

namespace ajar::live {
namespace {

using page::Cell;
using page::Table;

constexpr std::size_t kTalkers = 8, kReasons = 16, kToldReasons = 8;

struct Ranking {
    std::size_t kind;
    const char* title;
    const char* called;
};
constexpr std::array kRankings = {
    Ranking{kSources, "Sources", "source"}, Ranking{kHosts, "Destinations", "destination"},
    Ranking{kServices, "Services", "service"}, Ranking{kNetworks, "Networks", "network"}};

Table talkers_table(const Asks& asked, const Ranking& ranking) {
    Table out;
    const bool exact = asked.weight <= 1;
    out.columns = {{ranking.called}, {"asked", true}};
    if (!exact) out.columns.insert(out.columns.end(), {{"at least", true}, {"at most", true}});
    const auto& all = asked.ranked[ranking.kind];
    for (std::size_t i = 0; i < std::min(kTalkers, all.size()); ++i) {
        const auto bounds = bounds_of(all[i].count, asked.weight);
        out.rows.push_back({exporting::name_text(all[i].key), all[i].count});
        if (!exact) out.rows.back().insert(out.rows.back().end(), {bounds.least, bounds.most});
    }
    return out;
}

struct CountedReason {
    Reason reason;
    std::uint64_t total;
    double rate;
};

/// Packets, flows and verdicts as the trackers count them; of the data plane's own, frames.
std::uint64_t count_of(const control::Facts& f, std::size_t reason) {
    return f.tracker.reasons[reason] != 0 ? f.tracker.reasons[reason] : f.disposed[reason];
}

std::vector<CountedReason> counted_reasons(const Scene& scene) {
    std::vector<CountedReason> out;
    for (std::size_t r = 1; r < kReasonCount; ++r) {
        const auto total = count_of(scene.now.facts, r);
        if (total != 0)
            out.push_back(
                {static_cast<Reason>(r), total, rate_of(scene, total, count_of(scene.before.facts, r))});
    }
    std::stable_sort(out.begin(), out.end(), [](const auto& a, const auto& b) {
        return a.rate != b.rate ? a.rate > b.rate : a.total > b.total;
    });
    return out;
}

/// "stale_syn_recv 1,204, idle 12".
std::string told_text(const std::array<std::uint64_t, kReasonCount>& told) {
    std::vector<std::pair<std::uint64_t, std::size_t>> all;
    for (std::size_t r = 1; r < kReasonCount; ++r)
        if (told[r] != 0) all.emplace_back(told[r], r);
    std::stable_sort(all.begin(), all.end(), [](const auto& a, const auto& b) { return a.first > b.first; });
    std::string out;
    for (std::size_t i = 0; i < std::min(kToldReasons, all.size()); ++i)
        out += fmt::format("{}{} {}", i == 0 ? "" : ", ", kReasonTable[all[i].second].name,
                           exporting::human_count(all[i].first));
    return all.size() > kToldReasons
               ? fmt::format("{}, and {} further Reasons", out, all.size() - kToldReasons)
               : out;
}

}  // namespace

page::Markup talkers_markup(const Scene& scene) {
    page::Markup out;
    if (scene.asked.count == 0) return out.element("p", "Nobody asked for a connection in the last second.");
    out.element("p", fmt::format("{} in the last second{}.",
                                 exporting::counted(scene.asked.count, "connection was asked for",
                                                    "connections were asked for"),
                                 scene.asked.weight > 1
                                     ? ", of which a part was looked at: true counts lie between the bounds"
                                     : ""));
    out.open("div", {{"class", "charts"}});
    for (const Ranking& ranking : kRankings)
        out.open("div")
            .element("h3", ranking.title)
            .add(markup_of(talkers_table(scene.asked, ranking)))
            .close();
    return out.close();
}

page::Markup reasons_markup(const Scene& scene) {
    const auto all = counted_reasons(scene);
    page::Markup out;
    if (all.empty()) return out.element("p", "Nothing but plain packets of connections so far.");
    Table table;
    table.stacks = true;
    table.caption = "The most frequent ones of this second: packets, ends of connections, verdicts.";
    table.columns = {{"Reason"}, {"a second", true}, {"in all", true}, {"what it means"}};
    for (std::size_t i = 0; i < std::min(kReasons, all.size()); ++i)
        table.rows.push_back({std::string(name(all[i].reason)),
                              {rate_text(all[i].rate), all[i].rate},
                              all[i].total,
                              std::string(sentence(all[i].reason))});
    table.left_out = all.size() - table.rows.size();
    return out.add(markup_of(table));
}

page::Markup flagged_markup(const Scene& scene) {
    page::Markup out;
    const auto told = sum_of(scene.notes.told);
    if (told == 0)
        return out.element("p", "No connection was flagged, evicted, refused or found half open so far.");
    out.element("p", fmt::format("{} so far: {}.",
                                 exporting::counted(told, "event of a connection in trouble",
                                                    "events of connections in trouble"),
                                 told_text(scene.notes.told)));
    out.element(
        "p", {{"class", "soft"}},
        "The latest few of each Reason, the newest first. Each opens: why in sentences, and its packets "
        "as a ladder. `ajar events` has all, `ajar explain` tells the same of any.");
    out.element("p", {{"class", "warning held"}, {"hidden", ""}},
                "This list stands still while a connection is open in it.");
    for (const auto& one : scene.told) out.add(one);
    return out;
}

}  // namespace ajar::live
