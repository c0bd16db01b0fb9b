// Drawing a diagram.
#include "dataplane/bench/svg.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>

#include "page/svg.hpp"
#include "page/ticks.hpp"

namespace ajar::dataplane {
namespace {

using page::Markup;
namespace svg = page::svg;

constexpr double kLeft = 70, kRight = 20, kTop = 40, kBottom = 110;
constexpr double kInnerWidth = kDiagramWidth - kLeft - kRight, kInnerHeight = kDiagramHeight - kTop - kBottom;
/// Okabe and Ito's colours, which colour-blind people can tell apart.
constexpr std::array kColours = {"#0072b2", "#d55e00", "#009e73", "#cc79a7", "#e69f00", "#56b4e9", "#000000"};

/// From values to places.
class Scale {
public:
    Scale(const Diagram& d, double left) : left_(left + kLeft) {
        for (const auto& tick : d.x_ticks) {
            least_ = std::min(least_, std::log2(tick.first));
            most_ = std::max(most_, std::log2(tick.first));
        }
        for (const Curve& c : d.curves)
            for (const Point& p : c.points) top_ = std::max({top_, p.y, p.most});
        ticks_ = page::round_ticks(top_);
        top_ = ticks_.back();
    }
    [[nodiscard]] double x(double v) const {
        if (most_ <= least_) return left_ + kInnerWidth / 2;
        constexpr double kMargin = 20;
        return left_ + kMargin + (std::log2(v) - least_) / (most_ - least_) * (kInnerWidth - 2 * kMargin);
    }
    [[nodiscard]] double y(double v) const { return kTop + kInnerHeight * (1 - v / top_); }
    [[nodiscard]] double left() const { return left_; }
    [[nodiscard]] const std::vector<double>& y_ticks() const { return ticks_; }

private:
    double left_;
    double least_ = 64, most_ = 0, top_ = 0;
    std::vector<double> ticks_;
};

/// The class that gives the i-th curve its colour.
std::string colour_of(std::size_t i) { return fmt::format("k{}", i % kColours.size()); }

void put_axes(Markup& out, const Diagram& d, const Scale& s) {
    const double right = s.left() + kInnerWidth, floor = kTop + kInnerHeight,
                 middle = s.left() + kInnerWidth / 2;
    svg::text(out, middle, 22, d.title, svg::Anchor::middle, "title");
    for (const double v : s.y_ticks()) {
        svg::line(out, s.left(), s.y(v), right, s.y(v), v == 0 ? "axis" : "grid");
        svg::text(out, s.left() - 6, s.y(v) + 4, fmt::format("{:.6g}", v), svg::Anchor::end);
    }
    for (const auto& [x, name] : d.x_ticks) {
        svg::line(out, s.x(x), floor, s.x(x), floor + 5, "axis");
        svg::text(out, s.x(x), floor + 18, name, svg::Anchor::middle);
    }
    svg::line(out, s.left(), kTop, s.left(), floor, "axis");
    svg::text(out, middle, floor + 36, d.x_title, svg::Anchor::middle);
    svg::upright_text(out, s.left() - 52, kTop + kInnerHeight / 2, d.y_title);
}

void put_curve(Markup& out, const Curve& c, const Scale& s, const std::string& colour) {
    std::string path;
    for (const Point& p : c.points)
        path +=
            fmt::format("{}{} {}", path.empty() ? "M" : "L", svg::number(s.x(p.x)), svg::number(s.y(p.y)));
    svg::path(out, path, "curve " + colour);
    for (const Point& p : c.points) {
        svg::line(out, s.x(p.x), s.y(p.least), s.x(p.x), s.y(p.most), "spread " + colour);
        svg::circle(out, s.x(p.x), s.y(p.y), 3.5, "mark " + colour);
    }
}

/// Under the diagram, two names a row.
void put_legend(Markup& out, const Curve& c, std::size_t i, const Scale& s) {
    const std::size_t row = i / 2;
    const double x = s.left() + static_cast<double>(i % 2) * kInnerWidth / 2;
    const double y = kTop + kInnerHeight + 56 + 17 * static_cast<double>(row);
    svg::line(out, x, y - 4, x + 22, y - 4, "curve " + colour_of(i));
    svg::text(out, x + 28, y, c.name, svg::Anchor::start);
}

}  // namespace

void draw(Markup& out, const Diagram& diagram, double left) {
    const Scale scale(diagram, left);
    put_axes(out, diagram, scale);
    for (std::size_t i = 0; i < diagram.curves.size(); ++i) {
        put_curve(out, diagram.curves[i], scale, colour_of(i));
        put_legend(out, diagram.curves[i], i, scale);
    }
}

std::string diagram_style() {
    std::string out =
        ".paper{fill:white}text{font:12px sans-serif}.title{font-weight:bold}.facts{font-size:10px;fill:#555}"
        ".axis{stroke:#333}.grid{stroke:#ddd}.curve{fill:none;stroke-width:2}.spread{stroke-width:1.5}";
    for (std::size_t i = 0; i < kColours.size(); ++i)
        out += fmt::format(".k{0}{{stroke:{1}}}.mark.k{0}{{fill:{1}}}", i, kColours[i]);
    return out;
}

}  // namespace ajar::dataplane
