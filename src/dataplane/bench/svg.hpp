// What is drawn for one diagram: axes with ticks and units, lines with marks, a legend?
#pragma once

#include <string>
#include <vector>

#include "page/markup.hpp"

namespace ajar::dataplane {

struct Point {
    double x = 0, y = 0, least = 0, most = 0;
};

struct Curve {
    std::string name;
    std::vector<Point> points;  ///< by x
};

struct Diagram {
    std::string title, x_title, y_title;
    std::vector<std::pair<double, std::string>> x_ticks;  ///< x is laid out by powers of two
    std::vector<Curve> curves;
};

/// A diagram in a frame of kDiagramWidth by kDiagramHeight whose corner is at (left, 0).
inline constexpr double kDiagramWidth = 520, kDiagramHeight = 400;
void draw(page::Markup& out, const Diagram& diagram, double left);

/// The style sheet of a picture of diagrams.
std::string diagram_style();

}  // namespace ajar::dataplane
