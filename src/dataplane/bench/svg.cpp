// Drawing a diagram.
#include "dataplane/bench/svg.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>

namespace ajar::dataplane {
namespace {

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
        ticks_ = round_ticks(top_);
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

std::string line(double x1, double y1, double x2, double y2, const char* colour, double width = 1) {
    return fmt::format(
        "<line x1=\"{:.1f}\" y1=\"{:.1f}\" x2=\"{:.1f}\" y2=\"{:.1f}\" stroke=\"{}\" stroke-width=\"{}\"/>\n",
        x1, y1, x2, y2, colour, width);
}

std::string text(double x, double y, const std::string& words, const char* anchor, const char* more = "") {
    return fmt::format("<text x=\"{:.1f}\" y=\"{:.1f}\" text-anchor=\"{}\"{}>{}</text>\n", x, y, anchor, more,
                       escaped(words));
}

std::string axes(const Diagram& d, const Scale& s) {
    const double right = s.left() + kInnerWidth, floor = kTop + kInnerHeight,
                 middle = s.left() + kInnerWidth / 2;
    auto out = text(middle, 22, d.title, "middle", " font-weight=\"bold\"");
    for (const double v : s.y_ticks()) {
        out += line(s.left(), s.y(v), right, s.y(v), v == 0 ? "#333" : "#ddd");
        out += text(s.left() - 6, s.y(v) + 4, fmt::format("{:.6g}", v), "end");
    }
    for (const auto& [x, name] : d.x_ticks) {
        out += line(s.x(x), floor, s.x(x), floor + 5, "#333");
        out += text(s.x(x), floor + 18, name, "middle");
    }
    out += line(s.left(), kTop, s.left(), floor, "#333");
    out += text(middle, floor + 36, d.x_title, "middle");
    const double x = s.left() - 52, y = kTop + kInnerHeight / 2;
    return out + text(0, 0, d.y_title, "middle",
                      fmt::format(" transform=\"translate({:.1f} {:.1f}) rotate(-90)\"", x, y).c_str());
}

std::string curve(const Curve& c, const Scale& s, const char* colour) {
    std::string out, path;
    for (const Point& p : c.points) {
        path += fmt::format("{}{:.1f} {:.1f}", path.empty() ? "M" : " L", s.x(p.x), s.y(p.y));
        out += line(s.x(p.x), s.y(p.least), s.x(p.x), s.y(p.most), colour, 1.5);
        out += fmt::format("<circle cx=\"{:.1f}\" cy=\"{:.1f}\" r=\"3.5\" fill=\"{}\"/>\n", s.x(p.x),
                           s.y(p.y), colour);
    }
    return fmt::format("<path d=\"{}\" fill=\"none\" stroke=\"{}\" stroke-width=\"2\"/>\n", path, colour) +
           out;
}

/// Under the diagram, two names a row.
std::string legend(const Curve& c, std::size_t i, const Scale& s, const char* colour) {
    const std::size_t row = i / 2;
    const double x = s.left() + static_cast<double>(i % 2) * kInnerWidth / 2;
    const double y = kTop + kInnerHeight + 56 + 17 * static_cast<double>(row);
    return line(x, y - 4, x + 22, y - 4, colour, 2) + text(x + 28, y, c.name, "start");
}

}  // namespace

std::vector<double> round_ticks(double most) {
    if (!(most > 0)) return {0, 1};
    const double power = std::pow(10, std::floor(std::log10(most / 5)));
    double step = power;
    for (const double factor : {1.0, 2.0, 2.5, 5.0, 10.0}) {
        step = factor * power;
        if (most / step <= 5) break;
    }
    std::vector<double> out;
    for (int i = 0; i <= std::ceil(most / step - 1e-9); ++i) out.push_back(i * step);
    return out;
}

std::string escaped(const std::string& text) {
    std::string out;
    for (const char c : text) {
        switch (c) {
            case '&':
                out += "&amp;";
                break;
            case '<':
                out += "&lt;";
                break;
            case '>':
                out += "&gt;";
                break;
            case '"':
                out += "&quot;";
                break;
            default:
                out += c;
        }
    }
    return out;
}

std::string draw(const Diagram& diagram, double left) {
    const Scale scale(diagram, left);
    auto out = axes(diagram, scale);
    for (std::size_t i = 0; i < diagram.curves.size(); ++i) {
        const auto* const colour = kColours[i % kColours.size()];
        out += curve(diagram.curves[i], scale, colour) + legend(diagram.curves[i], i, scale, colour);
    }
    return out;
}

}  // namespace ajar::dataplane
