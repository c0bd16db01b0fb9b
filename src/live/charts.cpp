// What is drawn: rates over time, states, ages of handshakes.
#include <fmt/format.h>

#include "export/human.hpp"
#include "live/parts.hpp"
#include "page/chart.hpp"

namespace ajar::live {
namespace {

using page::BarChart;
using page::Series;
using page::TimeChart;

/// Steps that are over, so that a chart changes once in five seconds; of the first five the one there is.
std::span<const Trail::Bin> drawn(const std::vector<Trail::Bin>& bins) {
    return bins.size() > 1 ? std::span(bins).first(bins.size() - 1) : std::span(bins);
}

TimeChart over_time(std::span<const Trail::Bin> bins, const char* title, const char* note, const char* unit) {
    TimeChart out;
    out.title = title;
    out.note = note;
    out.unit = unit;
    out.width = Trail::kStep;
    if (!bins.empty()) out.begin = bins.front().begin;
    return out;
}

Series rate_in(std::span<const Trail::Bin> bins, const char* name, Counted which) {
    Series out{name, {}};
    for (const auto& bin : bins)
        out.values.push_back(bin.seconds > 0 ? bin.counted[static_cast<std::size_t>(which)] / bin.seconds
                                             : 0);
    return out;
}

Series level_in(std::span<const Trail::Bin> bins, const char* name, std::uint64_t Trail::Bin::*level) {
    Series out{name, {}};
    for (const auto& bin : bins) out.values.push_back(static_cast<double>(bin.*level));
    return out;
}

BarChart states(const control::TrackerFacts& tracker) {
    BarChart out;
    out.title = "Connections by state";
    out.rows_are = "state";
    out.unit = "connections";
    Series s{"connections", {}};
    for (std::size_t i = 1; i < kTcpStateCount; ++i) {
        out.rows.emplace_back(kTcpStateNames[i]);
        s.values.push_back(static_cast<double>(tracker.flows[i]));
    }
    out.series.push_back(std::move(s));
    return out;
}

std::string age_text(std::size_t band) {
    const bool last = band == kEmbryonicAgeBounds.size();
    const auto bound = kEmbryonicAgeBounds[last ? band - 1 : band];
    return fmt::format("{} {}", last ? "≥" : "<", exporting::human_duration(bound));
}

BarChart ages(const metrics::View& view) {
    BarChart out;
    out.title = "Embryonic connections by age";
    out.note = "Handshakes that are not complete, since their first packet.";
    out.rows_are = "age";
    out.unit = "connections";
    Series s{"connections", {}};
    for (std::size_t band = 0; band < view.ages.size(); ++band) {
        out.rows.push_back(age_text(band));
        s.values.push_back(static_cast<double>(view.ages[band]));
    }
    out.series.push_back(std::move(s));
    return out;
}

}  // namespace

page::Markup timelines_markup(const Scene& scene) {
    page::Markup out;
    const std::vector<Trail::Bin> all(scene.notes.bins.begin(), scene.notes.bins.end());
    const auto bins = drawn(all);
    if (bins.empty()) return out.element("p", "The first numbers come within a second or two.");
    auto rates = over_time(bins, "Connections begun and ended", "", "a second");
    rates.series = {rate_in(bins, "new", Counted::created), rate_in(bins, "established", Counted::promoted),
                    rate_in(bins, "ended", Counted::ended), rate_in(bins, "evicted", Counted::evicted)};
    auto half_open = over_time(bins, "Half open", "The most at a time in each 5 s.", "connections");
    half_open.series = {level_in(bins, "half open", &Trail::Bin::half_open)};
    auto packets = over_time(bins, "Packets received", "", "packets a second");
    packets.series = {rate_in(bins, "received", Counted::packets)};
    auto flows = over_time(bins, "Connections", "The most at a time in each 5 s, half-open ones among them.",
                           "connections");
    flows.series = {level_in(bins, "connections", &Trail::Bin::flows)};
    out.open("div", {{"class", "charts"}});
    for (const auto& chart : {rates, half_open, packets, flows}) out.add(figure_of(chart));
    return out.close();
}

page::Markup connections_markup(const Scene& scene) {
    page::Markup out;
    out.open("div", {{"class", "charts"}});
    out.add(figure_of(states(scene.now.facts.tracker))).add(figure_of(ages(scene.now)));
    return out.close();
}

}  // namespace ajar::live
