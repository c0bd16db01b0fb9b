// Is a page one whole file that fetches nothing, runs nothing but its own script, and has its tables without
// it?
#include "page/document.hpp"

#include <gtest/gtest.h>

#include "page/assets.hpp"
#include "page/table.hpp"
#include "unit/page/parsed.hpp"

namespace ajar::page {
namespace {

using test::Element;

Element read(const std::string& html) {
    std::string fault;
    auto root = test::parsed(html, fault);
    EXPECT_TRUE(root) << fault;
    return root.value_or(Element{});
}

Document document() {
    Document d;
    d.title = "a <b> & \"c\"";
    d.heading = "</style><script>";
    Markup body;
    body.element("p", "x");
    d.sections.push_back({"one", "One", body});
    return d;
}

TEST(Document, IsWellFormed) {
    const auto root = read(html_of(document()));
    ASSERT_EQ(root.children.size(), 1U);
    EXPECT_EQ(root.all("title").front()->text, "a <b> & \"c\"");
    EXPECT_EQ(root.all("h1").front()->text, "</style><script>");
    EXPECT_EQ(root.all("nav").front()->children.front().attribute("href"), "#one");
    EXPECT_EQ(root.all("section").front()->attribute("id"), "one");
}

TEST(Document, FetchesNothingAndRunsItsOwnScriptAlone) {
    const auto root = read(html_of(document()));
    EXPECT_EQ(root.all("script").size(), 1U);
    EXPECT_EQ(root.all("style").size(), 1U);
    std::string policy;
    root.each([&](const Element& e) {
        if (e.attribute("http-equiv") == "Content-Security-Policy") policy = e.attribute("content");
        for (const auto& [name, value] : e.attributes) {
            EXPECT_FALSE(name.starts_with("on") || name == "src" || name == "style" || name == "srcset")
                << name;
            if (name == "href") {
                EXPECT_EQ(value.front(), '#');
            }
        }
    });
    EXPECT_EQ(policy, Assets::policy());
    EXPECT_TRUE(policy.starts_with("default-src 'none'; style-src 'sha256-")) << policy;
    EXPECT_EQ(policy.find("unsafe"), std::string::npos);
    for (const auto* e : {root.all("style").front(), root.all("script").front()}) {
        EXPECT_EQ(e->text.find("http"), std::string::npos);
        EXPECT_EQ(e->text.find("url("), std::string::npos);
        EXPECT_EQ(e->text.find("@import"), std::string::npos);
    }
}

TEST(Table, SaysWhatItSortsByAndWhatItLeavesOut) {
    Table t;
    t.columns = {{"name"}, {"count", true}};
    t.rows = {{"<a>", std::uint64_t{1234}}};
    t.left_out = 5;
    const auto root = read(markup_of(t).markup());
    const auto cells = root.all("td");
    EXPECT_EQ(cells[0]->text, "<a>");
    EXPECT_EQ(cells[1]->text, "1,234");
    EXPECT_EQ(cells[1]->attribute("data-v"), "1234");
    EXPECT_EQ(root.all("p").front()->text, "and 5 more");
}

TEST(Table, ThatStacksRepeatsItsHeadings) {
    Table t;
    t.columns = {{"name"}, {"count", true}};
    t.rows = {{"a", std::uint64_t{1}}};
    t.stacks = true;
    const auto tree = read(markup_of(t).markup());
    const auto cells = tree.all("td");
    EXPECT_EQ(cells[0]->attribute("data-h"), "name");
    EXPECT_EQ(cells[1]->attribute("data-h"), "count");
}

}  // namespace
}  // namespace ajar::page
