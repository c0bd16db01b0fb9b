// Rates and levels of this moment, as large figures.
#include "live/parts.hpp"

namespace ajar::live {
namespace {

using control::Facts;
using control::PortFacts;

void put_figure(page::Markup& out, const char* what, const std::string& number) {
    out.open("div").element("dt", what).element("dd", number).close();
}

std::string level_text(std::uint64_t level) {
    constexpr std::uint64_t kShort = 1000;
    return level < kShort ? std::to_string(level) : rate_text(static_cast<double>(level));
}

std::string bits_text(double bytes) { return bytes < 0 ? rate_text(bytes) : rate_text(8 * bytes); }

}  // namespace

page::Markup figures_markup(const Scene& s) {
    const auto &now = s.now.facts.tracker, &before = s.before.facts.tracker;
    page::Markup out;
    out.open("dl", {{"class", "figures"}});
    put_figure(out, "packets/s in", rate_text(rate_over(s, &Facts::ports, &PortFacts::received)));
    put_figure(out, "bit/s in", bits_text(rate_over(s, &Facts::ports, &PortFacts::received_bytes)));
    put_figure(out, "packets/s out", rate_text(rate_over(s, &Facts::ports, &PortFacts::transmitted)));
    put_figure(out, "half open", level_text(now.half_open));
    put_figure(out, "connections", level_text(sum_of(now.flows)));
    put_figure(out, "new/s", rate_text(rate_of(s, now.created, before.created)));
    put_figure(out, "established/s", rate_text(rate_of(s, now.promoted, before.promoted)));
    put_figure(out, "ended/s", rate_text(rate_of(s, now.ended, before.ended)));
    put_figure(out, s.now.facts.mode == Mode::observe ? "would be evicted/s" : "evicted/s",
               rate_text(rate_of(s, sum_of(now.evicted), sum_of(before.evicted))));
    put_figure(out, "flagged/s", rate_text(rate_of(s, sum_of(now.flagged), sum_of(before.flagged))));
    put_figure(out, "resets/s", rate_text(rate_of(s, now.resets_sent, before.resets_sent)));
    put_figure(out, "cookies, challenges/s",
               rate_text(rate_of(s, now.cookies_sent + now.challenges_sent,
                                 before.cookies_sent + before.challenges_sent)));
    return out.close();
}

}  // namespace ajar::live
