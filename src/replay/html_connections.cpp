// The connections that a report shows, under the Reason that each is there for.
#include <fmt/format.h>

#include <algorithm>
#include <map>

#include "export/human.hpp"
#include "page/connection.hpp"
#include "replay/html_parts.hpp"

namespace ajar::replay {
namespace {

void put_case(page::Markup& out, const Case& c, page::Shown shown) {
    page::Telling telling;
    telling.events = c.events;
    telling.left_out = c.left_out;
    telling.all_are_in = "the event file (--events)";
    telling.above = headline_of(c).reason;
    telling.shown = shown;
    out.add(page::markup_of(telling));
}

using Group = std::vector<const Case*>;

/// Verdicts first, then what happened most.
std::vector<std::pair<Reason, Group>> grouped(const Cases& cases) {
    std::map<Reason, Group> by_reason;
    for (const Case& c : cases.taken()) by_reason[headline_of(c).reason].push_back(&c);
    std::vector<std::pair<Reason, Group>> out(by_reason.begin(), by_reason.end());
    const auto told = [&](Reason r) { return cases.told()[static_cast<std::size_t>(r)]; };
    std::stable_sort(out.begin(), out.end(), [&](const auto& a, const auto& b) {
        const bool a_sign = fate(a.first) == Fate::sign, b_sign = fate(b.first) == Fate::sign;
        return a_sign != b_sign ? a_sign : told(a.first) > told(b.first);
    });
    return out;
}

void put_group(page::Markup& out, Reason reason, const Group& group, std::uint64_t told) {
    const auto id = fmt::format("because-{}", name(reason));
    out.open("div", {{"class", "group"}, {"id", id}});
    out.open("h4").element("code", name(reason)).text(fmt::format(": {}", sentence(reason))).close();
    out.element("p", {{"class", "soft"}},
                fmt::format("Told {}; {} shown.",
                            told == 1 ? "once" : fmt::format("{} times", exporting::human_count(told)),
                            group.size() == told
                                ? (told == 1 ? "it is" : "all are")
                                : exporting::counted(group.size(), "connection is", "connections are")));
    for (const Case* const c : group)
        put_case(out, *c, c == group.front() ? page::Shown::open : page::Shown::closed);
    out.close();
}

}  // namespace

page::Markup connections_html(const Details& details) {
    page::Markup out;
    const auto groups = grouped(details.cases);
    if (groups.empty())
        return out.element("p", "No connection was flagged, evicted, refused or found half open.");
    out.element(
        "p", {{"class", "soft"}},
        fmt::format(
            "Of each Reason the first {} connections are shown, and {} more of whatever came. Each opens: "
            "why in sentences, and its packets as a ladder. Of any other `ajar explain` tells the same.",
            Cases::kOfEach, Cases::kShared));
    out.open("div", {{"class", "controls"}}).close();
    for (const auto& [reason, group] : groups)
        put_group(out, reason, group, details.cases.told()[static_cast<std::size_t>(reason)]);
    return out;
}

}  // namespace ajar::replay
