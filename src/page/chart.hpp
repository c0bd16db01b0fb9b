// Charts: numbers over time, and numbers by kind. What they show, apart from how it is drawn.
//
// A chart is drawn as a figure: title, what it shows in a sentence, legend, picture, and behind a line that
// opens it the same numbers as a table, for whoever cannot see the picture or wants to know exactly.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "ajar/clock.hpp"
#include "page/markup.hpp"

namespace ajar::page {

/// One of them a colour: those of kinds can be told apart by the colour-blind, those of degrees grow
/// stronger.
enum class Palette : std::uint8_t { kinds, degrees };
inline constexpr std::size_t kColours = 7;  ///< of each palette; further series have the last one

struct Series {
    std::string name;
    std::vector<double> values;  ///< by bin, or by row; none negative
};

struct TimeChart {
    enum class Shape : std::uint8_t { lines, stacked };

    std::string title, note;
    std::string unit;  ///< of its values: "connections per 10 s"
    Shape shape = Shape::lines;
    Palette palette = Palette::kinds;
    Time begin{};
    Duration width{};  ///< of a bin
    std::vector<Series> series;
};

/// Bars that lie, one for each row.
struct BarChart {
    std::string title, note;
    std::string rows_are;  ///< "age"
    std::string unit;
    Palette palette = Palette::kinds;
    std::vector<std::string> rows;
    std::vector<Series> series;
};

/// Where there is nothing to draw, it says so.
Markup figure_of(const TimeChart& chart);
Markup figure_of(const BarChart& chart);

/// Is there anything in it?
bool any(const Series& series);

/// How long a bin is, after "per" or "each": "10 s", "minute".
std::string bin_text(Duration width);

}  // namespace ajar::page
