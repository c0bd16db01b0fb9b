// The page put together.
#include "replay/html.hpp"

#include <fmt/format.h>

#include "causes/endpoint.hpp"
#include "export/human.hpp"
#include "page/document.hpp"
#include "replay/html_parts.hpp"

namespace ajar::replay {
namespace {

using page::Markup;

std::string base_name(const std::string& path) {
    if (path == "-") return "standard input";
    const auto slash = path.find_last_of('/');
    return slash == std::string::npos || slash + 1 == path.size() ? path : path.substr(slash + 1);
}

std::string title_of(const std::vector<std::string>& files) {
    if (files.size() == 1) return base_name(files.front());
    return fmt::format("{} and {} more", base_name(files.front()), files.size() - 1);
}

void put_files(Markup& out, const std::vector<std::string>& files) {
    constexpr std::size_t kShown = 20;
    if (files.size() < 2) return;
    std::string names;
    for (std::size_t i = 0; i < std::min(kShown, files.size()); ++i)
        names += (i == 0 ? "" : ", ") + base_name(files[i]);
    if (files.size() > kShown) names += fmt::format(" and {} more", files.size() - kShown);
    out.element("p", {{"class", "soft"}}, "Captures: " + names);
}

void put_figure(Markup& out, const char* what, const std::string& number) {
    out.open("div").element("dt", what).element("dd", number).close();
}

std::uint64_t sum_of(const std::array<std::uint64_t, kCauseCount>& by_cause) {
    std::uint64_t sum = 0;
    for (const auto n : by_cause) sum += n;
    return sum;
}

void put_figures(Markup& out, const ReplayOptions& options, const Outcome& o) {
    const bool observed = options.policy.mode == Mode::observe;
    out.open("dl", {{"class", "figures"}});
    put_figure(out, "packets", exporting::human_count(o.input.frames));
    put_figure(out, "connections", exporting::human_count(o.tally.flows));
    put_figure(out, "half open, or left so", exporting::human_count(troubled(o.tally)));
    put_figure(out, "flagged", exporting::human_count(sum_of(o.tally.flagged)));
    put_figure(out, observed ? "would be evicted" : "evicted",
               exporting::human_count(sum_of(o.tally.evicted)));
    put_figure(out, observed ? "resets it would send" : "resets", exporting::human_count(o.tally.resets));
    out.close();
}

Markup head_of(const ReplayOptions& options, const Outcome& o) {
    Markup out;
    const auto& in = o.input;
    if (in.frames != 0)
        out.element("p", {{"class", "meta"}},
                    fmt::format("{} in {} ({}), from {} to {}. Profile {}, mode {}.",
                                exporting::counted(in.frames, "packet", "packets"),
                                exporting::human_duration(in.last - in.first),
                                exporting::human_bytes(in.bytes), exporting::utc_seconds(in.first),
                                exporting::utc_seconds(in.last), options.profile, name(options.policy.mode)));
    else
        out.element("p", {{"class", "soft"}}, "The capture is empty.");
    put_files(out, options.files);
    for (const auto& warning : o.complaints.warnings) out.element("p", {{"class", "warning"}}, warning);
    return out;
}

Markup overview(const ReplayOptions& options, const Outcome& o) {
    Markup out;
    out.add(findings_html(options, o));
    put_figures(out, options, o);
    return out;
}

Markup foot_of(const Details& details) {
    Markup out;
    out.element(
        "p", fmt::format("Written by ajar replay --report. The same captures and options give the same page. "
                         "Bounds: {} bins of time at most (here of {}), the heaviest of each list, and the "
                         "connections as said above them; what found no room is counted beside it.",
                         page::TimeBins<Chronicle::Row>::kMost,
                         exporting::human_duration(details.chronicle.bins().width())));
    return out;
}

}  // namespace

void Details::add(const Event& event, bool found) {
    chronicle.add(event);
    cases.add(event);
    if (!found) return;
    servers.add(causes::server_of(event));
    clients.add(causes::client_of(event));
}

std::string report_html(const ReplayOptions& options, const Outcome& o, const Details& details,
                        std::span<const WhatIf> what_if) {
    page::Document d;
    d.heading = title_of(options.files);
    d.title = d.heading + " – Ajar report";
    d.head = head_of(options, o);
    const auto add = [&](const char* id, const char* title, Markup body) {
        d.sections.push_back({id, title, std::move(body)});
    };
    add("overview", "Overview", overview(options, o));
    add("timelines", "Timelines", timelines_html(options, o, details));
    add("who", "Sources and targets", who_html(o, details));
    add("why", "Why attempts failed", why_html(o));
    if (!o.tally.changes.empty()) add("defence", "Defence against floods", defence_html(o));
    add("connections", "Connections", connections_html(details));
    if (!what_if.empty()) add("what-if", "What if", what_if_html(what_if));
    add("numbers", "Numbers", numbers_html(o));
    d.foot = foot_of(details);
    return html_of(d);
}

}  // namespace ajar::replay
