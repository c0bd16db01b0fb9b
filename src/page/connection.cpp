// From events to incidents, from incidents to a story.
#include "page/connection.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "explain/read_incident.hpp"
#include "explain/timeline.hpp"
#include "export/event_json.hpp"
#include "export/human.hpp"

namespace ajar::page {
namespace {

using Incidents = std::vector<explain::Incident>;

/// By its line: what cannot be read from an event file is not told here either.
Incidents incidents_of(std::span<const Event> events) {
    Incidents out;
    for (const Event& event : events) {
        exporting::Text line;
        exporting::append_event(line, event);
        auto incident = explain::read_incident({line.data(), line.size() - 1});
        if (incident && *incident) out.push_back(std::move(**incident));
    }
    return out;
}

/// All that was told, in short, without the Reason that stands above: "half open, confidence high; flagged:
/// idle".
std::string in_short(const Incidents& incidents, Reason above) {
    std::string out, latest;
    for (const auto& i : incidents) {
        if (i.kind == EventKind::flow_end) continue;
        auto title = title_of(i);
        const auto known = fmt::format(": {}", name(above));
        if (const auto at = title.find(known); at != std::string::npos) title.erase(at, known.size());
        if (title == latest) continue;
        out += (out.empty() ? "" : "; ") + title;
        latest = title;
    }
    return out;
}

std::string line_of(const Telling& t, const Incidents& incidents) {
    auto line = in_short(incidents, t.above);
    if (t.above == Reason::none) line += fmt::format(" – {}", sentence(headline_of(t.events).reason));
    return line;
}

}  // namespace

const Event& headline_of(std::span<const Event> events) {
    const auto found = [&](auto&& wanted) { return std::find_if(events.begin(), events.end(), wanted); };
    auto at = found([](const Event& e) { return e.kind == EventKind::half_open; });
    if (at == events.end()) at = found([](const Event& e) { return is_trouble(e.kind); });
    return at == events.end() ? events.front() : *at;
}

Markup markup_of(const Telling& t) {
    const auto incidents = incidents_of(t.events);
    if (incidents.empty()) return {};
    auto story = explain::tell(incidents);
    if (t.left_out != 0)
        story.facts.push_back(fmt::format("{} about it found no room here; {} has all.",
                                          exporting::counted(t.left_out, "event", "events"), t.all_are_in));
    return markup_of(story, line_of(t, incidents), t.shown);
}

}  // namespace ajar::page
