// Numbers by kind: a bar for each row, of one piece or of several.
#include <fmt/format.h>

#include <algorithm>

#include "export/human.hpp"
#include "page/chart.hpp"
#include "page/figure.hpp"
#include "page/svg.hpp"
#include "page/ticks.hpp"
#include "page/utf8.hpp"

namespace ajar::page {
namespace {

constexpr double kBarsWidth = 560, kBarsTop = 6, kBarsBottom = 46, kRow = 27, kBar = 17;
constexpr double kCharacter = 10.5;  // of the largest letters that the style sheet has for a chart
constexpr double kLeastLeft = 58, kBarsRight = 74;  // on the right stands a bar's number

double value_at(const Series& s, std::size_t row) { return row < s.values.size() ? s.values[row] : 0; }

double sum_of(const BarChart& c, std::size_t row) {
    double sum = 0;
    for (const Series& s : c.series) sum += value_at(s, row);
    return sum;
}

struct BarFrame {
    explicit BarFrame(const BarChart& c) {
        double most = 0;
        std::size_t longest = 0;
        for (std::size_t row = 0; row < c.rows.size(); ++row) {
            most = std::max(most, sum_of(c, row));
            longest = std::max(longest, characters_in(c.rows[row]));
        }
        ticks = round_ticks(most, true);
        left = std::max(kLeastLeft, static_cast<double>(longest) * kCharacter + 10);
        floor = kBarsTop + kRow * static_cast<double>(c.rows.size());
    }
    [[nodiscard]] double x(double value) const {
        return left + value / ticks.back() * (kBarsWidth - kBarsRight - left);
    }
    static double top(std::size_t row) {
        return kBarsTop + kRow * static_cast<double>(row) + (kRow - kBar) / 2;
    }
    std::vector<double> ticks;
    double left = 0, floor = 0;
};

void put_axis(Markup& out, const BarChart& c, const BarFrame& f) {
    for (const double v : f.ticks) {
        svg::line(out, f.x(v), kBarsTop, f.x(v), f.floor, v == 0 ? "axis" : "grid");
        svg::text(out, f.x(v), f.floor + 19, tick_text(v), svg::Anchor::middle);
    }
    svg::text(out, (f.left + kBarsWidth - kBarsRight) / 2, f.floor + 40, c.unit, svg::Anchor::middle, "unit");
}

void put_row(Markup& out, const BarChart& c, std::size_t row, const BarFrame& f) {
    double before = 0;
    const double y = BarFrame::top(row);
    svg::text(out, f.left - 7, y + kBar - 4, c.rows[row], svg::Anchor::end);
    for (std::size_t i = 0; i < c.series.size(); ++i) {
        const double v = value_at(c.series[i], row);
        if (v > 0)
            svg::rect(out, f.x(before), y, f.x(before + v) - f.x(before), kBar,
                      "fill " + colour_class(c.palette, i));
        before += v;
    }
    if (before > 0)
        svg::text(out, f.x(before) + 6, y + kBar - 4,
                  exporting::human_count(static_cast<std::uint64_t>(before)), svg::Anchor::start);
}

std::string in_words(const BarChart& c) {
    std::string out = fmt::format("{}, in {}.", c.title, c.unit);
    for (std::size_t row = 0; row < c.rows.size(); ++row)
        if (sum_of(c, row) > 0)
            out += fmt::format(" {}: {}.", c.rows[row],
                               exporting::human_count(static_cast<std::uint64_t>(sum_of(c, row))));
    return out;
}

Table table_of(const BarChart& c) {
    Table out;
    out.caption = fmt::format("{}: {}", c.title, c.unit);
    out.columns.push_back({c.rows_are});
    for (const Series& s : c.series) out.columns.push_back({s.name, true});
    for (std::size_t row = 0; row < c.rows.size(); ++row) {
        std::vector<Cell> cells = {Cell(c.rows[row], static_cast<double>(row))};
        for (const Series& s : c.series) cells.emplace_back(static_cast<std::uint64_t>(value_at(s, row)));
        out.rows.push_back(std::move(cells));
    }
    return out;
}

}  // namespace

Markup figure_of(const BarChart& c) {
    Markup picture;
    const BarFrame f(c);
    double all = 0;
    for (std::size_t row = 0; row < c.rows.size(); ++row) all += sum_of(c, row);
    if (all > 0) {
        svg::open(picture, kBarsWidth, f.floor + kBarsBottom, in_words(c));
        put_axis(picture, c, f);
        for (std::size_t row = 0; row < c.rows.size(); ++row) put_row(picture, c, row, f);
        picture.close();
    }
    return framed(c.title, c.note, c.palette, c.series, picture, table_of(c));
}

}  // namespace ajar::page
