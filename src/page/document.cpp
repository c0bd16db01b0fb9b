// The frame of a page.
#include "page/document.hpp"

#include <fmt/format.h>

#include "page/assets.hpp"

namespace ajar::page {
namespace {

/// Browsers ask for an icon by themselves; this one needs no asking.
void put_live(Markup& out, const LivePage& live) {
    out.leaf("link", {{"rel", "icon"}, {"href", "data:,"}});
    out.open("noscript")
        .leaf("meta", {{"http-equiv", "refresh"}, {"content", fmt::format("{}", live.renewed_every)}})
        .close();
}

void put_head(Markup& out, const Document& d) {
    out.open("head");
    out.leaf("meta", {{"charset", "utf-8"}});
    out.leaf("meta", {{"http-equiv", "Content-Security-Policy"},
                      {"content", d.live ? Assets::live_policy() : Assets::policy()}});
    out.leaf("meta", {{"name", "viewport"}, {"content", "width=device-width, initial-scale=1"}});
    out.leaf("meta", {{"name", "color-scheme"}, {"content", "light dark"}});
    out.leaf("meta", {{"name", "referrer"}, {"content", "no-referrer"}});
    if (d.live) put_live(out, *d.live);
    out.element("title", d.title).add(Assets::style()).close();
}

void put_contents(Markup& out, const Document& d) {
    out.open("nav", {{"aria-label", "Contents"}});
    for (const Section& s : d.sections) out.element("a", {{"href", "#" + s.id}}, s.title).text(" ");
    out.close();
}

/// Says whether news come; its text is the script's.
void put_link(Markup& out, const LivePage& live) {
    out.open("p", {{"id", "link"}, {"class", "warning"}, {"role", "status"}, {"hidden", ""}}).close();
    out.open("noscript")
        .element(
            "p", {{"class", "soft"}},
            fmt::format("Without its script this page is fetched anew every {} seconds.", live.renewed_every))
        .close();
}

}  // namespace

Markup live_part(std::string_view name, const Markup& now) {
    Markup out;
    return out.open("div", {{"data-live", name}}).add(now).close();
}

std::string html_of(const Document& d) {
    Markup out;
    out.open("html", {{"lang", "en"}});
    put_head(out, d);
    out.open("body");
    if (d.live) out.attribute("data-events", d.live->events).attribute("data-version", d.live->version);
    out.open("header").element("h1", d.heading).add(d.head);
    if (d.live) put_link(out, *d.live);
    put_contents(out, d);
    out.close().open("main");
    for (const Section& s : d.sections)
        out.open("section", {{"id", s.id}}).element("h2", s.title).add(s.body).close();
    out.close()
        .open("footer")
        .add(d.foot)
        .close()
        .add(d.live ? Assets::live_script() : Assets::script())
        .close()
        .close();
    return "<!DOCTYPE html>\n" + out.markup();
}

}  // namespace ajar::page
