// Numbers over time: lines beside each other, or layers on each other. Each bin is a step, for that is what
// is known.
#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "export/human.hpp"
#include "page/chart.hpp"
#include "page/figure.hpp"
#include "page/svg.hpp"
#include "page/ticks.hpp"

namespace ajar::page {
namespace {

constexpr double kTimeWidth = 560, kHeight = 250;
constexpr double kLeft = 58, kRight = 16, kTop = 30, kBottom = 48;
constexpr double kInnerWidth = kTimeWidth - kLeft - kRight, kFloor = kHeight - kBottom;
constexpr std::size_t kTimeTicks = 6;

std::size_t bins_of(const TimeChart& c) {
    std::size_t bins = 0;
    for (const Series& s : c.series) bins = std::max(bins, s.values.size());
    return bins;
}

double value_in(const Series& s, std::size_t bin) { return bin < s.values.size() ? s.values[bin] : 0; }

/// What the chart has to have room for.
double highest(const TimeChart& c) {
    double most = 0;
    for (std::size_t bin = 0; bin < bins_of(c); ++bin) {
        double sum = 0;
        for (const Series& s : c.series)
            sum = c.shape == TimeChart::Shape::stacked ? sum + value_in(s, bin)
                                                       : std::max(sum, value_in(s, bin));
        most = std::max(most, sum);
    }
    return most;
}

/// From bins and values to places.
struct Frame {
    explicit Frame(const TimeChart& c) : bins(bins_of(c)), ticks(round_ticks(highest(c), true)) {}
    [[nodiscard]] double x(double bin) const { return kLeft + bin / static_cast<double>(bins) * kInnerWidth; }
    [[nodiscard]] double y(double value) const { return kFloor - value / ticks.back() * (kFloor - kTop); }
    std::size_t bins;
    std::vector<double> ticks;
};

void put_grid(Markup& out, const Frame& f) {
    for (const double v : f.ticks)
        if (v != 0) svg::line(out, kLeft, f.y(v), kTimeWidth - kRight, f.y(v), "grid");
}

void put_axes(Markup& out, const TimeChart& c, const Frame& f) {
    svg::line(out, kLeft, kFloor, kTimeWidth - kRight, kFloor, "axis");
    for (const double v : f.ticks) {
        svg::text(out, kLeft - 7, f.y(v) + 5, tick_text(v), svg::Anchor::end);
    }
    svg::text(out, 2, 16, c.unit, svg::Anchor::start, "unit");
    const Time end = c.begin + c.width * static_cast<std::int64_t>(f.bins);
    for (const auto& tick : time_ticks(c.begin, end, kTimeTicks)) {
        const double x =
            f.x(std::chrono::duration<double>(tick.time - c.begin) / std::chrono::duration<double>(c.width));
        svg::line(out, x, kFloor, x, kFloor + 5, "axis");
        const auto anchor = x > kTimeWidth - kRight - 24 ? svg::Anchor::end
                            : x < kLeft + 1              ? svg::Anchor::start
                                                         : svg::Anchor::middle;
        svg::text(out, anchor == svg::Anchor::start ? x - 4 : x, kFloor + 21, tick.text, anchor);
    }
    svg::text(out, kLeft + kInnerWidth / 2, kHeight - 6, time_axis_text(c.begin, end), svg::Anchor::middle,
              "unit");
}

/// Along the tops of bins, from left to right or back; equal neighbours are one line.
std::string steps(const std::vector<double>& tops, const Frame& f, bool backwards) {
    std::string out;
    const std::size_t n = tops.size();
    for (std::size_t i = 0; i < n; ++i) {
        const std::size_t bin = backwards ? n - 1 - i : i;
        const bool same = i > 0 && tops[bin] == tops[backwards ? bin + 1 : bin - 1];
        if (i == 0)
            out += fmt::format("{}{} {}", backwards ? "L" : "M",
                               svg::number(f.x(backwards ? static_cast<double>(n) : 0)),
                               svg::number(f.y(tops[bin])));
        else if (!same)
            out += fmt::format("H{}V{}", svg::number(f.x(static_cast<double>(backwards ? bin + 1 : bin))),
                               svg::number(f.y(tops[bin])));
    }
    return out + fmt::format("H{}", svg::number(f.x(backwards ? 0 : static_cast<double>(n))));
}

void put_lines(Markup& out, const TimeChart& c, const Frame& f) {
    for (std::size_t i = 0; i < c.series.size(); ++i) {
        std::vector<double> tops(f.bins);
        for (std::size_t bin = 0; bin < f.bins; ++bin) tops[bin] = value_in(c.series[i], bin);
        svg::path(out, steps(tops, f, false), "curve " + colour_class(c.palette, i));
    }
}

void put_layers(Markup& out, const TimeChart& c, const Frame& f) {
    std::vector<double> below(f.bins, 0);
    for (std::size_t i = 0; i < c.series.size(); ++i) {
        std::vector<double> tops(below);
        for (std::size_t bin = 0; bin < f.bins; ++bin) tops[bin] += value_in(c.series[i], bin);
        if (tops != below)
            svg::path(out, steps(tops, f, false) + steps(below, f, true) + "Z",
                      "fill " + colour_class(c.palette, i));
        below = std::move(tops);
    }
}

/// "Established: at most 12 connections per 10 s, at 2023-11-14 22:13:20.000000 UTC."
std::string in_words(const TimeChart& c) {
    std::string out = c.title + ".";
    for (const Series& s : c.series) {
        const auto top = std::max_element(s.values.begin(), s.values.end());
        if (top == s.values.end() || *top == 0) continue;
        out += fmt::format(" {}: at most {} {}, at {}.", s.name,
                           exporting::human_count(static_cast<std::uint64_t>(*top)), c.unit,
                           exporting::utc_text(c.begin + c.width * (top - s.values.begin())));
    }
    return out;
}

Table table_of(const TimeChart& c) {
    Table out;
    out.caption = fmt::format("{}: {}; bins of {} in which nothing was are left out", c.title, c.unit,
                              exporting::human_duration(c.width));
    out.columns.push_back({"from"});
    for (const Series& s : c.series) out.columns.push_back({s.name, true});
    for (std::size_t bin = 0; bin < bins_of(c); ++bin) {
        const Time t = c.begin + c.width * static_cast<std::int64_t>(bin);
        std::vector<Cell> row = {Cell(exporting::utc_text(t), static_cast<double>(bin))};
        bool nothing = true;
        for (const Series& s : c.series) {
            row.emplace_back(static_cast<std::uint64_t>(value_in(s, bin)));
            nothing = nothing && value_in(s, bin) == 0;
        }
        if (!nothing) out.rows.push_back(std::move(row));
    }
    return out;
}

}  // namespace

Markup figure_of(const TimeChart& c) {
    Markup picture;
    if (highest(c) > 0) {
        const Frame f(c);
        svg::open(picture, kTimeWidth, kHeight, in_words(c));
        put_grid(picture, f);
        c.shape == TimeChart::Shape::stacked ? put_layers(picture, c, f) : put_lines(picture, c, f);
        put_axes(picture, c, f);
        picture.close();
    }
    return framed(c.title, c.note, c.palette, c.series, picture, table_of(c));
}

std::string bin_text(Duration width) {
    using namespace std::chrono_literals;
    if (width == Duration(1s)) return "second";
    if (width == Duration(1min)) return "minute";
    if (width == Duration(1h)) return "hour";
    return width == Duration(24h) ? "day" : exporting::human_duration(width);
}

}  // namespace ajar::page
