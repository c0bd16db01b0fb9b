// The connections that a report shows, under the Reason that each is there for.
#include <fmt/format.h>

#include <algorithm>
#include <map>

#include "explain/read_incident.hpp"
#include "explain/timeline.hpp"
#include "export/event_json.hpp"
#include "export/human.hpp"
#include "page/story.hpp"
#include "replay/html_parts.hpp"

namespace ajar::replay {
namespace {

/// An event is told as `ajar explain` would tell it from an event file: by its line.
std::vector<explain::Incident> incidents_of(const Case& c) {
    std::vector<explain::Incident> out;
    for (const Event& event : c.events) {
        exporting::Text line;
        exporting::append_event(line, event);
        auto incident = explain::read_incident({line.data(), line.size() - 1});
        if (incident && *incident) out.push_back(std::move(**incident));
    }
    return out;
}

/// All that was told, in short, without the Reason that stands over the group: "half open, confidence high;
/// flagged: idle".
std::string headline_text(const std::vector<explain::Incident>& incidents, Reason group) {
    std::string out, latest;
    for (const auto& i : incidents) {
        if (i.kind == EventKind::flow_end) continue;
        auto title = title_of(i);
        const auto known = fmt::format(": {}", name(group));
        if (const auto at = title.find(known); at != std::string::npos) title.erase(at, known.size());
        if (title == latest) continue;
        out += (out.empty() ? "" : "; ") + title;
        latest = title;
    }
    return out;
}

void put_case(page::Markup& out, const Case& c, page::Shown shown) {
    const auto incidents = incidents_of(c);
    if (incidents.empty()) return;
    auto story = explain::tell(incidents);
    if (c.left_out != 0)
        story.facts.push_back(
            fmt::format("{} about it found no room here; the event file (--events) has all.",
                        exporting::counted(c.left_out, "event", "events")));
    out.add(page::markup_of(story, headline_text(incidents, headline_of(c).reason), shown));
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
