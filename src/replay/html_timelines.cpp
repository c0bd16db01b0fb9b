// The charts of a replay.
#include <fmt/format.h>

#include <algorithm>
#include <numeric>

#include "export/human.hpp"
#include "page/chart.hpp"
#include "replay/html_parts.hpp"

namespace ajar::replay {
namespace {

using page::BarChart;
using page::Palette;
using page::Series;
using page::TimeChart;
using Row = Chronicle::Row;
using Rows = std::span<const Row>;

Series counted_in(Rows rows, std::string name, auto&& count) {
    Series out{std::move(name), {}};
    for (const Row& row : rows) out.values.push_back(static_cast<double>(count(row)));
    return out;
}

/// What stood at the end of each bin.
Series standing_in(Rows rows, std::string name, auto&& change) {
    Series out{std::move(name), {}};
    std::int64_t sum = 0;
    for (const Row& row : rows) {
        sum += change(row);
        out.values.push_back(static_cast<double>(std::max<std::int64_t>(sum, 0)));
    }
    return out;
}

TimeChart over_time(const Chronicle& c, std::string title, std::string note, std::string unit) {
    TimeChart out;
    out.title = std::move(title);
    out.note = std::move(note);
    out.unit = std::move(unit);
    out.shape = TimeChart::Shape::stacked;
    out.begin = c.bins().begin();
    out.width = c.bins().width();
    return out;
}

TimeChart begun(const Chronicle& c) {
    auto out = over_time(c, "New connections", "By their first packet, and what became of them.",
                         "connections per " + page::bin_text(c.bins().width()));
    constexpr std::array kNames = {"handshake completed", "never completed", "seen from the middle on"};
    for (std::size_t b = 0; b < kBeginningCount; ++b)
        out.series.push_back(
            counted_in(c.bins().rows(), kNames[b], [&](const Row& r) { return r.begun[b]; }));
    return out;
}

TimeChart half_open(const Chronicle& c) {
    auto out = over_time(
        c, "Embryonic connections, by age",
        "Handshakes that were never completed: how many stood open at a time, and for how long by then.",
        "connections at the end of each " + page::bin_text(c.bins().width()));
    out.palette = Palette::degrees;
    for (std::size_t a = 0; a < kAgeClasses; ++a) {
        const bool last = a == kEmbryonicAgeBounds.size();
        auto name = last ? fmt::format("{} and more", exporting::human_duration(kEmbryonicAgeBounds[a - 1]))
                         : fmt::format("under {}", exporting::human_duration(kEmbryonicAgeBounds[a]));
        out.series.push_back(
            standing_in(c.bins().rows(), std::move(name), [&](const Row& r) { return r.unfinished[a]; }));
    }
    return out;
}

TimeChart open(const Chronicle& c) {
    auto out = over_time(c, "Established connections",
                         "From their first packet to their close, or until their timer ran out.",
                         "connections at the end of each " + page::bin_text(c.bins().width()));
    out.series.push_back(standing_in(c.bins().rows(), "established", [](const Row& r) { return r.open; }));
    return out;
}

/// The most frequent ones, in their order.
std::vector<Reason> frequent(const std::array<std::uint64_t, kReasonCount>& told) {
    std::vector<Reason> out;
    for (std::size_t r = 1; r < kReasonCount; ++r)
        if (told[r] != 0) out.push_back(static_cast<Reason>(r));
    std::stable_sort(out.begin(), out.end(), [&](Reason a, Reason b) {
        return told[static_cast<std::size_t>(a)] > told[static_cast<std::size_t>(b)];
    });
    return out;
}

TimeChart told(const ReplayOptions& options, const Details& details) {
    const Chronicle& c = details.chronicle;
    auto out = over_time(
        c, "Evicted, flagged or found half open, by Reason",
        options.policy.mode == Mode::observe ? "Ajar observes: evictions are what it would have done." : "",
        "events per " + page::bin_text(c.bins().width()));
    auto reasons = frequent(details.cases.told());
    const std::size_t named = reasons.size() <= page::kColours ? reasons.size() : page::kColours - 1;
    for (std::size_t i = 0; i < named; ++i)
        out.series.push_back(counted_in(c.bins().rows(), std::string(name(reasons[i])), [&](const Row& r) {
            return r.told[static_cast<std::size_t>(reasons[i])];
        }));
    if (named < reasons.size())
        out.series.push_back(
            counted_in(c.bins().rows(), fmt::format("{} others", reasons.size() - named), [&](const Row& r) {
                std::uint64_t sum = 0;
                for (std::size_t i = named; i < reasons.size(); ++i)
                    sum += r.told[static_cast<std::size_t>(reasons[i])];
                return sum;
            }));
    return out;
}

std::string age_row(std::size_t row) {
    if (row == 0) return "< " + exporting::human_duration(kAgeBounds[0]);
    if (row == kAgeBounds.size()) return "≥ " + exporting::human_duration(kAgeBounds.back());
    return fmt::format("< {}", exporting::human_duration(kAgeBounds[row]));
}

BarChart ages(const Chronicle& c) {
    constexpr std::array kNames = {
        "refused or reset",       "SYN never answered",          "SYN-ACK never acknowledged",
        "gave way to newer ones", "open when the capture ended", "otherwise"};
    BarChart out;
    out.title = "Age of embryonic connections at their end";
    out.note = "How long handshakes stood open that were never completed, and how they ended.";
    out.rows_are = "age";
    out.unit = "connections";
    for (std::size_t row = 0; row < kAgeRows; ++row) out.rows.push_back(age_row(row));
    for (std::size_t u = 0; u < kUnfinishedCount; ++u) {
        Series s{kNames[u], {}};
        for (const auto& row : c.ages()) s.values.push_back(static_cast<double>(row[u]));
        if (page::any(s)) out.series.push_back(std::move(s));
    }
    return out;
}

BarChart states(const Tally& tally) {
    BarChart out;
    out.title = "Connections by state at their end";
    out.note =
        "In Zeek's words: SF closed by both, S0 a SYN without an answer, REJ refused, S1 open, OTH without a "
        "handshake.";
    out.rows_are = "state";
    out.unit = "connections";
    std::vector<std::pair<std::string, std::uint64_t>> rows(tally.conn_states.begin(),
                                                            tally.conn_states.end());
    std::stable_sort(rows.begin(), rows.end(),
                     [](const auto& a, const auto& b) { return a.second > b.second; });
    Series s{"connections", {}};
    for (const auto& [state, n] : rows) {
        out.rows.push_back(state);
        s.values.push_back(static_cast<double>(n));
    }
    out.series.push_back(std::move(s));
    return out;
}

}  // namespace

page::Markup timelines_html(const ReplayOptions& options, const Outcome& outcome, const Details& details) {
    page::Markup out;
    out.open("div", {{"class", "charts"}});
    out.add(figure_of(begun(details.chronicle)));
    out.add(figure_of(half_open(details.chronicle)));
    out.add(figure_of(told(options, details)));
    out.add(figure_of(ages(details.chronicle)));
    out.add(figure_of(open(details.chronicle)));
    out.add(figure_of(states(outcome.tally)));
    return out.close();
}

}  // namespace ajar::replay
