// Drawing a ladder.
#include <fmt/format.h>

#include <algorithm>

#include "explain/words.hpp"
#include "export/human.hpp"
#include "page/ladder.hpp"
#include "page/svg.hpp"
#include "page/utf8.hpp"

namespace ajar::page {
namespace {

using explain::kClient;
using explain::kServer;
using explain::Role;

constexpr double kLadderWidth = 560, kMiddle = 330;
constexpr std::array<double, 2> kLifeline = {110, 550};
constexpr double kHead = 52, kFoot = 10;
constexpr double kPacket = 54, kLetter = 36, kPause = 30, kLine = 20, kActMargin = 22;
constexpr double kTip = 10;
constexpr std::size_t kActWidth = 34;  // characters in a line of a box
constexpr Duration kWorthSaying = std::chrono::seconds(1);

/// Words in lines, of which none is longer unless a word is.
std::vector<std::string> lines_of(std::string_view text) {
    std::vector<std::string> out;
    while (!text.empty()) {
        const auto end = std::min(text.find(' '), text.size());
        const auto word = text.substr(0, end);
        text.remove_prefix(std::min(end + 1, text.size()));
        if (out.empty() || characters_in(out.back()) + 1 + characters_in(word) > kActWidth)
            out.emplace_back(word);
        else
            out.back() += fmt::format(" {}", word);
    }
    return out;
}

double height_of(const Rung& r) {
    if (r.kind == Rung::Kind::packet) return kPacket;
    if (r.kind == Rung::Kind::letter) return kLetter;
    return kLine * static_cast<double>(lines_of(r.title).size()) + kActMargin;
}

Duration pause_before(const Ladder& l, std::size_t i) {
    if (i == 0 || !l.rungs[i].time || !l.rungs[i - 1].time) return {};
    return *l.rungs[i].time - *l.rungs[i - 1].time;
}

double height_of(const Ladder& l) {
    double sum = kHead + kFoot;
    for (std::size_t i = 0; i < l.rungs.size(); ++i)
        sum += height_of(l.rungs[i]) + (pause_before(l, i) >= kWorthSaying ? kPause : 0);
    return l.left_out == 0 ? sum : sum + kPause;
}

void put_arrow(Markup& out, double from, double to, double y, std::string_view css_class) {
    const double back = from < to ? -kTip : kTip;
    const auto n = [](double v) { return svg::number(v); };
    svg::line(out, from, y, to + back, y, fmt::format("wire {}", css_class));
    svg::path(out,
              fmt::format("M{} {}L{} {}L{} {}Z", n(to), n(y), n(to + back), n(y - 5), n(to + back), n(y + 5)),
              fmt::format("tip {}", css_class));
}

std::string_view colour_of(const Rung& r) {
    if (r.reset) return "rst";
    return r.from == kClient ? "k0" : "k2";
}

void put_time(Markup& out, const Rung& r, double y) {
    constexpr std::size_t kToMilliseconds = 12;
    if (r.time)
        svg::text(out, 0, y, explain::clock_text(*r.time).substr(0, kToMilliseconds), svg::Anchor::start,
                  "when");
}

void put_packet(Markup& out, const Rung& r, double y) {
    const bool known = r.kind == Rung::Kind::packet;
    const double wire = y + (known ? 28 : 24);
    put_time(out, r, wire + 4);
    put_arrow(out, kLifeline[r.from], kLifeline[explain::peer(r.from)], wire,
              fmt::format("{}{}", colour_of(r), known ? "" : " vague"));
    svg::text(out, kMiddle, wire - 7, r.title, svg::Anchor::middle, "says");
    svg::text(out, kMiddle, wire + 18, r.detail, svg::Anchor::middle, "small");
}

void put_act(Markup& out, const Rung& r, double y) {
    constexpr double kBox = 170;  // half of its width
    const auto lines = lines_of(r.title);
    const double height = kLine * static_cast<double>(lines.size()) + 10, middle = y + 6 + height / 2;
    put_time(out, r, middle + 4);
    if (r.to)
        put_arrow(out, *r.to == kClient ? kMiddle - kBox : kMiddle + kBox, kLifeline[*r.to], middle, "rst");
    svg::rect(out, kMiddle - kBox, y + 6, 2 * kBox, height, "act");
    for (std::size_t i = 0; i < lines.size(); ++i)
        svg::text(out, kMiddle, y + 6 + kLine * static_cast<double>(i + 1) - 1, lines[i], svg::Anchor::middle,
                  "does");
}

/// Nothing for a while: the lifelines show it, for the ladder knows order, not distance.
void put_pause(Markup& out, const std::string& words, double y) {
    for (const double x : kLifeline) svg::line(out, x, y, x, y + kPause, "gap");
    svg::text(out, kMiddle, y + 20, words, svg::Anchor::middle, "pause");
}

void put_lifelines(Markup& out, const Ladder& l, double height) {
    svg::text(out, 0, 16, "client " + l.ends[kClient], svg::Anchor::start, "end");
    svg::text(out, kLadderWidth, 36, "server " + l.ends[kServer], svg::Anchor::end, "end");
    svg::line(out, kLifeline[kClient], 24, kLifeline[kClient], height, "life");
    svg::line(out, kLifeline[kServer], 44, kLifeline[kServer], height, "life");
}

std::string in_words(const Ladder& l) {
    std::size_t packets = 0, acts = 0;
    for (const Rung& r : l.rungs) ++(r.kind == Rung::Kind::act ? acts : packets);
    return fmt::format("Packets between {} and {}: {}, and {} of Ajar; told in words beside this picture.",
                       l.ends[kClient], l.ends[kServer], exporting::counted(packets, "packet", "packets"),
                       exporting::counted(acts, "act", "acts"));
}

}  // namespace

Markup picture_of(const Ladder& l) {
    Markup out;
    const double height = height_of(l);
    svg::open(out, kLadderWidth, height, in_words(l));
    put_lifelines(out, l, height);
    double y = kHead;
    for (std::size_t i = 0; i < l.rungs.size(); ++i) {
        if (const auto pause = pause_before(l, i); pause >= kWorthSaying) {
            put_pause(out, exporting::human_duration(pause) + " later", y);
            y += kPause;
        }
        l.rungs[i].kind == Rung::Kind::act ? put_act(out, l.rungs[i], y) : put_packet(out, l.rungs[i], y);
        y += height_of(l.rungs[i]);
    }
    if (l.left_out != 0) put_pause(out, exporting::counted(l.left_out, "more step", "more steps"), y);
    return out.close();
}

}  // namespace ajar::page
