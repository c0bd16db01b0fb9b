// The frame of a page.
#include "page/document.hpp"

#include "page/assets.hpp"

namespace ajar::page {
namespace {

void put_head(Markup& out, const Document& d) {
    out.open("head");
    out.leaf("meta", {{"charset", "utf-8"}});
    out.leaf("meta", {{"http-equiv", "Content-Security-Policy"}, {"content", Assets::policy()}});
    out.leaf("meta", {{"name", "viewport"}, {"content", "width=device-width, initial-scale=1"}});
    out.leaf("meta", {{"name", "color-scheme"}, {"content", "light dark"}});
    out.leaf("meta", {{"name", "referrer"}, {"content", "no-referrer"}});
    out.element("title", d.title).add(Assets::style()).close();
}

void put_contents(Markup& out, const Document& d) {
    out.open("nav", {{"aria-label", "Contents"}});
    for (const Section& s : d.sections) out.element("a", {{"href", "#" + s.id}}, s.title).text(" ");
    out.close();
}

}  // namespace

std::string html_of(const Document& d) {
    Markup out;
    out.open("html", {{"lang", "en"}});
    put_head(out, d);
    out.open("body").open("header").element("h1", d.heading).add(d.head);
    put_contents(out, d);
    out.close().open("main");
    for (const Section& s : d.sections)
        out.open("section", {{"id", s.id}}).element("h2", s.title).add(s.body).close();
    out.close().open("footer").add(d.foot).close().add(Assets::script()).close().close();
    return "<!DOCTYPE html>\n" + out.markup();
}

}  // namespace ajar::page
