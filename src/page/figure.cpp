// Title, legend, picture, table.
#include "page/figure.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "page/svg.hpp"

namespace ajar::page {
namespace {

void put_legend(Markup& out, Palette palette, std::span<const Series> series) {
    constexpr double kSwatch = 12;
    out.open("ul", {{"class", "legend"}});
    for (std::size_t i = 0; i < series.size(); ++i) {
        out.open("li");
        out.open("svg", {{"viewBox", "0 0 12 12"}, {"class", "swatch"}, {"aria-hidden", "true"}});
        svg::rect(out, 0, 0, kSwatch, kSwatch, "fill " + colour_class(palette, i));
        out.close().element("span", series[i].name).close();
    }
    out.close();
}

}  // namespace

std::string colour_class(Palette palette, std::size_t i) {
    return fmt::format("{}{}", palette == Palette::kinds ? 'k' : 'd', std::min(i, kColours - 1));
}

bool any(const Series& series) {
    return std::any_of(series.values.begin(), series.values.end(), [](double v) { return v > 0; });
}

Markup framed(const std::string& title, const std::string& note, Palette palette,
              std::span<const Series> series, const Markup& picture, const Table& numbers) {
    Markup out;
    out.open("figure").open("figcaption").element("h3", title);
    if (!note.empty()) out.element("p", note);
    out.close();
    if (picture.empty()) return out.element("p", {{"class", "none"}}, "Nothing of it in this time.").close();
    if (series.size() > 1) put_legend(out, palette, series);
    out.add(picture);
    out.open("details").element("summary", "These numbers as a table").add(markup_of(numbers)).close();
    return out.close();
}

}  // namespace ajar::page
