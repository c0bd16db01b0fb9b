// Which rows become which curve.
#include "dataplane/bench/plot.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <set>

#include "config/units.hpp"
#include "dataplane/bench/svg.hpp"
#include "page/svg.hpp"

namespace ajar::dataplane {
namespace {

std::string counted_workers(std::uint32_t n) { return fmt::format("{} worker{}", n, n == 1 ? "" : "s"); }

/// Adds to the curve of that name, which may be new.
void add(Diagram& d, const std::string& name, const Point& p) {
    auto it = std::ranges::find(d.curves, name, &Curve::name);
    if (it == d.curves.end()) it = d.curves.insert(it, Curve{name, {}});
    it->points.push_back(p);
    std::ranges::sort(it->points, {}, &Point::x);
}

Diagram cost(const Report& report) {
    Diagram d{"Cost by flows", "flows", "ns a packet, on the worker", {}, {}};
    std::set<std::uint64_t> flows;
    for (const Row& r : report.rows) {
        const auto s = spread_of(r.rates);
        flows.insert(r.flows);
        add(d, fmt::format("{}, {}", r.run, counted_workers(r.workers)),
            {static_cast<double>(r.flows), r.nanoseconds(), 1e9 * r.workers / s.most,
             1e9 * r.workers / s.least});
    }
    for (const auto n : flows) d.x_ticks.emplace_back(n, config::format_count(n));
    return d;
}

Diagram rate(const Report& report) {
    Diagram d{"Rate by workers", "workers", "million packets a second", {}, {}};
    std::set<std::uint32_t> workers;
    for (const Row& r : report.rows) {
        const auto s = spread_of(r.rates);
        workers.insert(r.workers);
        add(d, fmt::format("{}, {} flows", r.run, config::format_count(r.flows)),
            {static_cast<double>(r.workers), s.median / 1e6, s.least / 1e6, s.most / 1e6});
    }
    for (const auto n : workers) d.x_ticks.emplace_back(n, fmt::format("{}", n));
    return d;
}

}  // namespace

std::string to_svg(const Report& report) {
    const auto left = cost(report), right = rate(report);
    const auto rows = (std::max(left.curves.size(), right.curves.size()) + 1) / 2;
    const double height = std::max(kDiagramHeight, kDiagramHeight - 60 + 17 * static_cast<double>(rows)) + 24;
    std::string facts;
    for (const auto& [name, value] : report.facts)
        if (name == "cpu" || name == "isa" || name == "frames") facts += fmt::format("; {}", value);
    page::Markup out;
    const double width = 2 * kDiagramWidth;
    out.open("svg", {{"xmlns", "http://www.w3.org/2000/svg"},
                     {"viewBox", fmt::format("0 0 {} {}", width, height)},
                     {"width", fmt::format("{}", width)},
                     {"height", fmt::format("{}", height)}});
    out.element("style", diagram_style());
    page::svg::rect(out, 0, 0, width, height, "paper");
    draw(out, left, 0);
    draw(out, right, kDiagramWidth);
    page::svg::text(out, 10, height - 8, fmt::format("ajar bench {}{}", report.scenario, facts),
                    page::svg::Anchor::start, "facts");
    out.close();
    return out.markup();
}

}  // namespace ajar::dataplane
