// Does a chart show its numbers where its axes say, and say the same in words and as a table?
#include "page/chart.hpp"

#include <gtest/gtest.h>

#include <algorithm>

#include "unit/page/parsed.hpp"

namespace ajar::page {
namespace {

using namespace std::chrono_literals;
using test::Element;

Element read(const Markup& markup) {
    std::string fault;
    auto root = test::parsed(markup.markup(), fault);
    EXPECT_TRUE(root) << fault;
    return root.value_or(Element{});
}

TimeChart chart(std::vector<Series> series) {
    TimeChart out;
    out.title = "New connections";
    out.unit = "connections per second";
    out.shape = TimeChart::Shape::stacked;
    out.begin = Time(Duration(1700000000s));
    out.width = 1s;
    out.series = std::move(series);
    return out;
}

bool has_class(const Element& e, std::string_view wanted) {
    return (" " + e.attribute("class") + " ").find(" " + std::string(wanted) + " ") != std::string::npos;
}

std::vector<const Element*> of_class(const Element& root, std::string_view wanted) {
    std::vector<const Element*> out;
    root.each([&](const Element& e) {
        if (has_class(e, wanted)) out.push_back(&e);
    });
    return out;
}

TEST(TimeChart, DrawsALayerForEachSeriesThatHasSomething) {
    const auto root = read(figure_of(chart({{"a", {1, 2, 3}}, {"b", {0, 0, 0}}, {"c", {3, 2, 1}}})));
    EXPECT_EQ(of_class(root, "k0").size(), 2U);  // its swatch, its layer
    EXPECT_EQ(of_class(root, "k1").size(), 1U);
    EXPECT_EQ(of_class(root, "k2").size(), 2U);
    EXPECT_EQ(root.all("figcaption").size(), 1U);
}

TEST(TimeChart, LayersStandOnEachOtherAndReachTheTop) {
    const auto root = read(figure_of(chart({{"a", {5}}, {"b", {5}}})));
    const auto layers = root.all("path");
    ASSERT_EQ(layers.size(), 2U);
    // 10 is the top mark: y 30; the floor is 202, and 5 is between.
    EXPECT_EQ(layers[0]->attribute("d"), "M58 116H544L544 202H58Z");
    EXPECT_EQ(layers[1]->attribute("d"), "M58 30H544L544 116H58Z");
}

TEST(TimeChart, StepsFromBinToBin) {
    auto lines = chart({{"a", {0, 10, 10, 5}}});
    lines.shape = TimeChart::Shape::lines;
    const auto root = read(figure_of(lines));
    EXPECT_EQ(root.all("path").front()->attribute("d"), "M58 202H179.5V30H422.5V116H544");
}

TEST(TimeChart, NoLabelOfAnAxisIsOnAnother) {
    for (const Duration width :
         {Duration(10us), Duration(1ms), Duration(1s), Duration(10s), Duration(10min), Duration(6h)}) {
        auto c = chart({{"a", std::vector<double>(200, 123456)}});
        c.width = width;
        const auto root = read(figure_of(c));
        std::vector<std::pair<double, double>> taken;  // of labels below the axis
        for (const Element* text : root.all("text")) {
            if (text->attribute("y") != "223") continue;
            const double x = text->number("x"), length = 9.5 * static_cast<double>(text->text.size());
            const auto anchor = text->attribute("text-anchor");
            const double left = anchor == "middle" ? x - length / 2 : anchor == "end" ? x - length : x;
            taken.emplace_back(left, left + length);
            EXPECT_GE(left, 0);
            EXPECT_LE(left + length, 560);
        }
        ASSERT_GE(taken.size(), 2U);
        for (std::size_t i = 1; i < taken.size(); ++i)
            EXPECT_LT(taken[i - 1].second, taken[i].first) << width.count();
    }
}

TEST(TimeChart, SaysItsPeaksToWhoCannotSee) {
    const auto root = read(figure_of(chart({{"completed", {1, 1234, 3}}, {"none", {0, 0, 0}}})));
    const auto label = root.all("svg").back()->attribute("aria-label");
    EXPECT_EQ(label,
              "New connections. completed: at most 1,234 connections per second, at 2023-11-14 "
              "22:13:21.000000 UTC.");
    EXPECT_EQ(root.all("svg").back()->attribute("role"), "img");
}

TEST(TimeChart, TheTableHasEachBinInWhichSomethingWas) {
    const auto root = read(figure_of(chart({{"a", {1, 0, 3}}, {"b", {0, 0, 7}}})));
    const auto rows = root.all("tbody").front()->children;
    ASSERT_EQ(rows.size(), 2U);
    EXPECT_EQ(rows[1].children[0].text, "2023-11-14 22:13:22.000000 UTC");
    EXPECT_EQ(rows[1].children[2].text, "7");
}

TEST(TimeChart, WithoutNumbersSaysSo) {
    for (const auto& c : {chart({}), chart({{"a", {}}}), chart({{"a", {0, 0}}})}) {
        const auto root = read(figure_of(c));
        EXPECT_TRUE(root.all("svg").empty());
        EXPECT_EQ(of_class(root, "none").size(), 1U);
    }
}

TEST(BarChart, BarsAreAsLongAsTheirNumbersAndStayInside) {
    BarChart c;
    c.title = "Ages";
    c.unit = "connections";
    c.rows_are = "age";
    c.rows = {"< 1 s", "a name of some length", "none"};
    c.series = {{"a", {10, 30, 0}}, {"b", {0, 10, 0}}};
    const auto root = read(figure_of(c));
    std::vector<const Element*> bars;
    for (const Element* rect : root.all("rect"))
        if (rect->attribute("width") != "12") bars.push_back(rect);
    ASSERT_EQ(bars.size(), 3U);
    EXPECT_NEAR(bars[1]->number("width"), 3 * bars[0]->number("width"), 0.2);
    EXPECT_NEAR(bars[1]->number("x") + bars[1]->number("width"), bars[2]->number("x"), 0.2);
    for (const Element* bar : bars) EXPECT_LE(bar->number("x") + bar->number("width"), 560 - 74 + 0.1);
    for (const Element* text : root.all("text"))
        if (text->attribute("text-anchor") == "end") {
            EXPECT_GE(text->number("x") - 9.5 * static_cast<double>(text->text.size()), 0) << text->text;
        }
}

TEST(Charts, HaveAColourForEverySeries) {
    std::vector<Series> many;
    for (int i = 0; i < 20; ++i) many.push_back({"s" + std::to_string(i), {1}});
    const auto root = read(figure_of(chart(many)));
    EXPECT_FALSE(of_class(root, "k6").empty());
    EXPECT_TRUE(of_class(root, "k7").empty());
}

}  // namespace
}  // namespace ajar::page
