// The few shapes of which charts and ladders are drawn. Colours and widths are the style sheet's, by class.
#pragma once

#include <string>
#include <string_view>

#include "page/markup.hpp"

namespace ajar::page::svg {

enum class Anchor : std::uint8_t { start, middle, end };

/// To a tenth of a unit, without a zero at its end.
std::string number(double value);

/// An <svg> of that size, which scales to the width that it gets; `label` is what it says to whoever cannot
/// see it. To be closed.
void open(Markup& out, double width, double height, std::string_view label);

void line(Markup& out, double x1, double y1, double x2, double y2, std::string_view css_class);
void text(Markup& out, double x, double y, std::string_view words, Anchor anchor,
          std::string_view css_class = "ink");
void rect(Markup& out, double x, double y, double width, double height, std::string_view css_class);
void path(Markup& out, std::string_view d, std::string_view css_class);
void circle(Markup& out, double x, double y, double radius, std::string_view css_class);

/// A text that runs upwards.
void upright_text(Markup& out, double x, double y, std::string_view words,
                  std::string_view css_class = "ink");

}  // namespace ajar::page::svg
