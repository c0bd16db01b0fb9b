// Which parts there are, and the first lines of the page.
#include "live/parts.hpp"

#include <fmt/format.h>

#include "export/human.hpp"

namespace ajar::live {

Duration whole_seconds(Duration d) { return std::chrono::floor<std::chrono::seconds>(d); }

std::string rate_text(double rate) {
    if (rate < 0) return "–";
    if (rate > 0 && rate < 9.95) return fmt::format("{:.1f}", rate);
    return exporting::human_short(rate);
}

page::Markup status_markup(const Scene& scene) {
    const auto& f = scene.now.facts;
    page::Markup out;
    out.open("p", {{"class", "meta"}});
    out.text(fmt::format("{}. Up {}, configuration {}, mode ", exporting::utc_seconds(f.now),
                         exporting::human_duration(whole_seconds(f.uptime)), f.generation));
    out.element("strong", name(f.mode));
    out.text(f.mode == Mode::observe ? ": nothing is changed, evictions and answers are what would be done."
                                     : ": evictions and answers are carried out.");
    out.close();
    return out.add(health_markup(scene));
}

std::vector<Part> parts_of(const Scene& s) {
    return {{kStatus, "", status_markup(s)},
            {"now", "Now", figures_markup(s)},
            {"time", "Over time", timelines_markup(s)},
            {"connections", "Connections", connections_markup(s)},
            {"defence", "Pressure and defence", defence_markup(s)},
            {"flagged", "Flagged lately", flagged_markup(s)},
            {"talkers", "Who asks for connections", talkers_markup(s)},
            {"reasons", "Reasons", reasons_markup(s)},
            {"machine", "Workers, ports, tables", machine_markup(s)}};
}

}  // namespace ajar::live
