// Shapes as elements.
#include "page/svg.hpp"

#include <fmt/format.h>

#include <array>

namespace ajar::page::svg {
namespace {

constexpr std::array<std::string_view, 3> kAnchors = {"start", "middle", "end"};

}  // namespace

std::string number(double value) {
    auto text = fmt::format("{:.1f}", value);
    if (text.ends_with(".0")) text.resize(text.size() - 2);
    return text == "-0" ? "0" : text;
}

void open(Markup& out, double width, double height, std::string_view label) {
    out.open("svg", {{"xmlns", "http://www.w3.org/2000/svg"},
                     {"viewBox", fmt::format("0 0 {} {}", number(width), number(height))},
                     {"role", "img"},
                     {"aria-label", label}});
}

void line(Markup& out, double x1, double y1, double x2, double y2, std::string_view css_class) {
    out.leaf("line", {{"x1", number(x1)},
                      {"y1", number(y1)},
                      {"x2", number(x2)},
                      {"y2", number(y2)},
                      {"class", css_class}});
}

void text(Markup& out, double x, double y, std::string_view words, Anchor anchor,
          std::string_view css_class) {
    out.element("text",
                {{"x", number(x)},
                 {"y", number(y)},
                 {"text-anchor", kAnchors[static_cast<std::size_t>(anchor)]},
                 {"class", css_class}},
                words);
}

void rect(Markup& out, double x, double y, double width, double height, std::string_view css_class) {
    out.leaf("rect", {{"x", number(x)},
                      {"y", number(y)},
                      {"width", number(width)},
                      {"height", number(height)},
                      {"class", css_class}});
}

void path(Markup& out, std::string_view d, std::string_view css_class) {
    out.leaf("path", {{"d", d}, {"class", css_class}});
}

void circle(Markup& out, double x, double y, double radius, std::string_view css_class) {
    out.leaf("circle", {{"cx", number(x)}, {"cy", number(y)}, {"r", number(radius)}, {"class", css_class}});
}

void upright_text(Markup& out, double x, double y, std::string_view words, std::string_view css_class) {
    out.element("text",
                {{"transform", fmt::format("translate({} {}) rotate(-90)", number(x), number(y))},
                 {"text-anchor", "middle"},
                 {"class", css_class}},
                words);
}

}  // namespace ajar::page::svg
