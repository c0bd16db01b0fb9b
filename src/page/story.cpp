// Laying out a story.
#include "page/story.hpp"

#include <fmt/format.h>

#include "explain/page.hpp"
#include "explain/words.hpp"
#include "export/human.hpp"
#include "page/ladder.hpp"
#include "page/table.hpp"

namespace ajar::page {
namespace {

using explain::Chapter;
using explain::Moment;
using explain::Story;

std::string joined(const std::vector<std::string>& sentences) {
    std::string out;
    for (const auto& sentence : sentences) out += (out.empty() ? "" : " ") + sentence;
    return out;
}

void put_summary(Markup& out, const Story& story, std::string_view headline) {
    out.open("summary");
    if (!story.timeline.empty())
        out.element("span", {{"class", "when"}}, explain::clock_text(story.timeline.front().time)).text(" ");
    out.open("span", {{"class", "who"}})
        .text(text_of(story.ends[explain::kClient]))
        .text(" → ")
        .text(text_of(story.ends[explain::kServer]))
        .close()
        .text(" ");
    out.element("span", {{"class", "what"}}, headline).close();
}

void put_chapters(Markup& out, const Story& story) {
    for (const Chapter& c : story.chapters) {
        out.open("h5").text(c.title);
        if (c.time) out.text(" ").element("span", {{"class", "when"}}, exporting::utc_text(*c.time));
        out.close().element("p", joined(c.sentences));
    }
}

void put_knowledge(Markup& out, const Story& story) {
    if (story.knows[0].empty() && story.knows[1].empty()) return;
    out.element("h5", "What each end knows now").open("ul");
    for (const auto& sentence : story.knows) out.element("li", sentence);
    out.close();
}

std::vector<Cell> row_of(const Moment& m) {
    const auto when = Cell(explain::clock_text(m.time));
    if (!m.packet) return {when, "Ajar", m.what, "", "", "", "", ""};
    const Glimpse& g = *m.packet;
    const auto number = [](std::uint64_t n) { return Cell(std::to_string(n), static_cast<double>(n)); };
    return {when,
            m.from == explain::kClient ? "client" : "server",
            explain::flags_text(g.flags),
            number(g.seq),
            g.flags.ack() ? number(g.ack) : Cell(""),
            number(g.payload),
            number(g.window),
            number(g.ttl)};
}

Table packets_of(const Story& story) {
    Table out;
    out.columns = {{"UTC"},       {"from"},        {"flags"},        {"seq", true},
                   {"ack", true}, {"bytes", true}, {"window", true}, {"TTL", true}};
    if (!story.timeline.empty()) out.caption = explain::day_text(story.timeline.front().time);
    for (const Moment& m : story.timeline) out.rows.push_back(row_of(m));
    return out;
}

Table history_of(const Story& story) {
    Table out;
    out.columns = {{"letter"}, {"meaning"}};
    for (const auto& l : story.history) out.rows.push_back({std::string(1, l.letter), l.meaning});
    return out;
}

void put_tables(Markup& out, const Story& story) {
    if (!story.timeline.empty())
        out.open("details")
            .element("summary", "Timeline as a table")
            .add(markup_of(packets_of(story)))
            .close();
    if (story.history.empty()) return;
    std::string letters;
    for (const auto& l : story.history) letters += l.letter;
    out.open("details").open("summary").text("History ").element("code", letters).close();
    out.add(markup_of(history_of(story))).close();
}

void put_ladder(Markup& out, const Story& story) {
    const Ladder ladder = ladder_of(story);
    out.open("div", {{"class", "ladder"}}).add(picture_of(ladder));
    if (!ladder.rungs.empty() && ladder.rungs.front().kind == Rung::Kind::letter)
        out.element("p", {{"class", "left-out"}},
                    "Its packets were not kept, only what came for the first time, in its order.");
    out.close();
}

}  // namespace

Markup markup_of(const Story& story, std::string_view headline, Shown shown) {
    Markup out;
    out.open("details", {{"class", "story"}, {"id", story.uid}});
    if (shown == Shown::open) out.attribute("open", "");
    put_summary(out, story, headline);
    out.open("div", {{"class", "told"}}).open("div", {{"class", "words"}});
    out.element("p", joined(story.facts));
    put_chapters(out, story);
    put_knowledge(out, story);
    out.open("p", {{"class", "left-out"}}).text("uid ").element("code", story.uid).close();
    put_tables(out, story);
    out.close();
    put_ladder(out, story);
    return out.close().close();
}

}  // namespace ajar::page
