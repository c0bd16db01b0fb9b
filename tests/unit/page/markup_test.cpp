// Can anything that is written into a page be more than text?
#include "page/markup.hpp"

#include <gtest/gtest.h>

#include "page/utf8.hpp"

namespace ajar::page {
namespace {

TEST(Markup, EscapesTextAndAttributes) {
    Markup out;
    out.open("p", {{"title", "\"><script>alert('1')</script>"}}).text("a < b & \"c\" > 'd'").close();
    EXPECT_EQ(out.markup(),
              "<p title=\"&quot;&gt;&lt;script&gt;alert(&#39;1&#39;)&lt;/script&gt;\">"
              "a &lt; b &amp; &quot;c&quot; &gt; &#39;d&#39;</p>\n");
}

TEST(Markup, NestsAndClosesTheInnermost) {
    Markup out;
    out.open("div").open("span").text("x");
    EXPECT_FALSE(out.whole());
    out.close().leaf("br").close();
    EXPECT_TRUE(out.whole());
    EXPECT_EQ(out.markup(), "<div><span>x</span><br/></div>\n");
}

TEST(Markup, AnAttributeCanBeAddedToWhatWasJustOpened) {
    Markup out;
    out.open("td").attribute("class", "n").attribute("data-v", "1").text("1").close();
    EXPECT_EQ(out.markup(), "<td class=\"n\" data-v=\"1\">1</td>");
}

TEST(Escaped, KeepsWhatIsText) {
    for (const char* text : {"plain", "ümläut", "→ … ≥", "日本語", "\xf0\x9f\x94\x92"})
        EXPECT_EQ(escaped(text), text);
}

TEST(Escaped, ReplacesWhatIsNoTextAndWhatTurnsIt) {
    const std::string r = "\xef\xbf\xbd";
    EXPECT_EQ(escaped(std::string_view("a\0b", 3)), "a" + r + "b");
    EXPECT_EQ(escaped("\x1b[31m"), r + "[31m");
    EXPECT_EQ(escaped("\r\n\t"), r + r + r);
    EXPECT_EQ(escaped("\xff\xfe"), r + r);
    EXPECT_EQ(escaped("\xc3"), r);                  // cut off
    EXPECT_EQ(escaped("\xc0\xbc"), r + r);          // "<" in two bytes
    EXPECT_EQ(escaped("\xe0\x80\xbc"), r + r + r);  // and in three
    EXPECT_EQ(escaped("\xed\xa0\x80"), r);          // a surrogate
    EXPECT_EQ(escaped("\xf4\x90\x80\x80"), r);      // beyond U+10FFFF
    EXPECT_EQ(escaped("\xe2\x80\xae"
                      "cod.exe"),
              r + "cod.exe");               // right to left from here
    EXPECT_EQ(escaped("\xc2\x85"), r);      // C1
    EXPECT_EQ(escaped("\xe2\x80\x8b"), r);  // no width
}

TEST(Escaped, NothingOfAnyBytesIsMarkup) {
    std::string all;
    for (int a = 0; a < 256; ++a)
        for (int b = 0; b < 256; ++b) all += {static_cast<char>(a), static_cast<char>(b)};
    const auto out = escaped(all);
    EXPECT_EQ(out.find_first_of("<>\"'"), std::string::npos);
    for (std::string_view rest = out; !rest.empty();) {
        const auto next = first_character(rest);
        ASSERT_TRUE(next.shown);
        rest.remove_prefix(next.bytes);
    }
}

TEST(Utf8, CountsCharacters) {
    EXPECT_EQ(characters_in(""), 0U);
    EXPECT_EQ(characters_in("a→ü"), 3U);
    EXPECT_EQ(characters_in("\xff\xff"), 2U);
}

}  // namespace
}  // namespace ajar::page
