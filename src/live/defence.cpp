// The stages of the pressure ladder, what else stands, and what has changed lately.
#include <fmt/format.h>

#include <algorithm>

#include "export/changes.hpp"
#include "export/human.hpp"
#include "live/parts.hpp"
#include "page/table.hpp"
#include "page/who.hpp"

namespace ajar::live {
namespace {

using control::DefenceFacts;
using page::Table;

std::string with_blanks(std::string_view id) {
    std::string out(id);
    std::replace(out.begin(), out.end(), '_', ' ');
    return out;
}

bool is_stage(const Change& c) { return info(c.kind).measure == Measure::rung; }

const Change* stage_of(const DefenceFacts& defence, std::size_t rung) {
    for (const Change& c : defence.told)
        if (is_stage(c) && static_cast<std::size_t>(c.rung) == rung) return &c;
    return nullptr;
}

/// "2026-11-23 04:31:02 UTC, for 2 min".
std::string since_text(const Change& c, Time now) {
    return fmt::format("{}, for {}", exporting::utc_seconds(c.since),
                       exporting::human_duration(whole_seconds(std::max(Duration{}, now - c.since))));
}

Table stages_table(const DefenceFacts& defence, Time now) {
    Table out;
    out.stacks = true;
    out.caption = "Stages of the pressure ladder, by how full the tables are.";
    out.columns = {{"stage"}, {"stands"}, {"what it does"}, {"since"}, {"why"}};
    for (std::size_t r = 0; r < kRungCount; ++r) {
        const Change* const c = stage_of(defence, r);
        out.rows.push_back({with_blanks(kRungNames[r]), c != nullptr ? "yes" : "no",
                            std::string(kRungSentences[r]), c != nullptr ? since_text(*c, now) : "",
                            c != nullptr ? exporting::gauge_of(*c) : ""});
    }
    return out;
}

Table standing_table(const DefenceFacts& defence, Time now) {
    Table out;
    out.stacks = true;
    out.caption = "What is done about floods.";
    out.columns = {{"about"}, {"what it is"}, {"what is done"}, {"since"}, {"why"}};
    for (const Change& c : defence.told)
        if (!is_stage(c))
            out.rows.push_back({exporting::subject_of(c), with_blanks(info(c.kind).name),
                                std::string(sentence_of(c)), since_text(c, now), exporting::gauge_of(c)});
    const auto all = sum_of(defence.standing);
    out.left_out = all - std::min<std::uint64_t>(all, defence.told.size());
    out.left_out_are = "more: `ajar posture` has all";
    return out;
}

std::string verdict_of(const DefenceFacts& defence) {
    const auto rungs =
        static_cast<std::uint64_t>(std::count(defence.rungs.begin(), defence.rungs.end(), true));
    const auto all = sum_of(defence.standing);
    if (all == 0) return "Calm: no stage of the pressure ladder stands, no flood is answered.";
    std::string out = rungs == 0 ? "no stage of the pressure ladder stands"
                                 : exporting::counted(rungs, "stage of the pressure ladder stands",
                                                      "stages of the pressure ladder stand");
    if (all != rungs)
        out += ", " + exporting::counted(all - rungs, "measure", "measures") + " against floods";
    return fmt::format("Under pressure: {}.", out);
}

Table changes_lately(const std::vector<Change>& changes) {
    Table out = page::changes_table(changes, changes.size());
    out.caption = "The latest changes.";
    return out;
}

}  // namespace

page::Markup defence_markup(const Scene& scene) {
    const auto& f = scene.now.facts;
    page::Markup out;
    out.element("p", {{"class", "verdict"}}, verdict_of(f.defence));
    if (f.mode == Mode::observe && sum_of(f.defence.standing) != 0)
        out.element("p", "Mode observe: this is what would be done, nothing of it is.");
    out.add(markup_of(stages_table(f.defence, f.now)));
    if (const auto standing = standing_table(f.defence, f.now); !standing.rows.empty())
        out.add(markup_of(standing));
    if (!scene.notes.changes.empty()) out.add(markup_of(changes_lately(scene.notes.changes)));
    return out;
}

}  // namespace ajar::live
