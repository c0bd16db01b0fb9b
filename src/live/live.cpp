// Looks, and what is made of them.
#include "live/live.hpp"

#include <fmt/format.h>

#include <thread>
#include <utility>

#include "control/talkers.hpp"
#include "page/connection.hpp"
#include "page/document.hpp"

namespace ajar::live {
namespace {

constexpr const char* kEvents = "/events";

page::Document document_of(const std::vector<Part>& parts, const std::string& host,
                           const std::string& version) {
    page::Document d;
    d.heading = host;
    d.title = host + " – Ajar";
    d.live = page::LivePage{kEvents, version};
    for (const Part& part : parts) {
        auto body = page::live_part(part.name, part.body);
        if (part.name == kStatus)
            d.head = std::move(body);
        else
            d.sections.push_back({std::string(part.name), std::string(part.title), std::move(body)});
    }
    d.foot.element(
        "p", fmt::format("Ajar {}. The same numbers: /metrics, `ajar top`, `ajar stats`. Rates are of the "
                         "last second; what is drawn over time is of the last quarter of an hour.",
                         version));
    return d;
}

}  // namespace

std::string event_text(std::string_view name, std::string_view data) {
    std::string out = fmt::format("event: {}\n", name);
    for (std::size_t from = 0; from <= data.size();) {
        const auto end = std::min(data.find('\n', from), data.size());
        out += "data: ";
        out += data.substr(from, end - from);
        out += '\n';
        from = end + 1;
    }
    return out + "\n";
}

/// The latest; null where main does not answer. Rates are against one of about a second ago; who comes first
/// waits for another look.
Live::Look Live::look() {
    if (!seen_.empty() && Clock::now() - seen_.back().at > kForgotten) seen_.clear();
    auto view = sampler_.look();
    if (!view) return nullptr;
    if (seen_.empty()) {
        seen_.push_back({view, Clock::now()});
        std::this_thread::sleep_for(kFirst);
        view = sampler_.look();
        if (!view) return nullptr;
    }
    if (view != seen_.back().view) {
        seen_.push_back({view, Clock::now()});
        parts_.reset();
    }
    while (seen_.size() > 2 && seen_.back().at - seen_[1].at >= kSpan) seen_.pop_front();
    return view;
}

std::vector<page::Markup> Live::tell(const std::vector<Flagged>& flagged) {
    std::map<std::uint64_t, Story> known = std::exchange(stories_, {});
    std::vector<page::Markup> out;
    for (const Flagged& one : flagged) {
        Story& story = stories_[one.number];
        const std::size_t events = one.events.size() + one.left_out;
        if (const auto at = known.find(one.number); at != known.end() && at->second.events == events)
            story = std::move(at->second);
        else
            story = {events, page::markup_of(page::Telling{one.events, one.left_out, "the event file"})};
        out.push_back(story.markup);
    }
    return out;
}

Scene Live::scene() {
    Scene out;
    const auto &now = *seen_.back().view, &before = *seen_.front().view;
    out.now = now;
    out.before = before;
    if (&now != &before)
        out.seconds = std::chrono::duration<double>(now.facts.uptime - before.facts.uptime).count();
    out.asked = control::asked_lately(box_);
    out.notes = notes_.read();
    out.told = tell(out.notes.flagged);
    return out;
}

Live::Parts Live::parts() {
    const std::lock_guard held(lock_);
    if (!look()) return nullptr;
    if (!parts_) parts_ = std::make_shared<const std::vector<Part>>(parts_of(scene()));
    return parts_;
}

http::Reply Live::page() {
    const auto now = parts();
    if (!now) return {503, "text/plain; charset=utf-8", "The appliance is busy; try again.\n"};
    return {200, "text/html; charset=utf-8", html_of(document_of(*now, host_, sampler_.build().version))};
}

http::News Live::news() {
    const auto now = parts();
    if (!now) return {};
    http::News out;
    out.whole = event_text("version", sampler_.build().version);
    for (const Part& part : *now) {
        auto text = event_text(part.name, part.body.markup());
        out.whole += text;
        auto& told = told_[part.name];
        if (told != text) out.changes += text;
        told = std::move(text);
    }
    out.whole += event_text("beat", {});
    out.changes += event_text("beat", {});  // where the tables are so large that a look is seldom
    return out;
}

void serve(http::Http& http, Live& live) {
    http.get("/", [&live](const http::Request&) { return live.page(); });
    http.stream(kEvents, [&live] { return live.news(); });
}

}  // namespace ajar::live
