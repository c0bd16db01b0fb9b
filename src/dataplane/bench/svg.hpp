// What is drawn for one diagram: axes with ticks and units, lines with marks, a legend?
#pragma once

#include <string>
#include <vector>

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
std::string draw(const Diagram& diagram, double left);

/// At most six round numbers from 0 to `most` or a little beyond.
std::vector<double> round_ticks(double most);

/// For element content and attributes.
std::string escaped(const std::string& text);

}  // namespace ajar::dataplane
