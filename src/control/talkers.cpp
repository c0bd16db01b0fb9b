// The sums of the workers' samples, as JSON.
#include "control/talkers.hpp"

#include "export/asks.hpp"
#include "export/json.hpp"

namespace ajar::control {
namespace {

using exporting::Json;

constexpr std::size_t kShown = 10;
constexpr std::array<std::string_view, kRanked.size()> kNames = {"services", "sources", "networks",
                                                                 "destinations"};

std::string list_of(const Asks& asked, std::size_t kind) {
    Json list('[');
    const auto& all = asked.ranked[kind];
    for (std::size_t i = 0; i < std::min(kShown, all.size()); ++i) {
        const auto bounds = bounds_of(all[i].count, asked.weight);
        list.item(Json()
                      .member("name", Json::quoted(exporting::name_text(all[i].key)))
                      .member("count", all[i].count)
                      .member("least", bounds.least)
                      .member("most", bounds.most)
                      .text());
    }
    return list.text();
}

}  // namespace

Asks asked_lately(const Box& box) {
    const Second last = second_of(box.now()) - 1;
    std::vector<AskPart> parts;
    for (const Tracker* tracker : box.trackers()) tracker->asked(last, parts);
    return sum_up(last, parts);
}

std::string talkers_text(const Box& box) {
    const Asks asked = asked_lately(box);
    Json out;
    out.member("asked", asked.count);
    for (std::size_t kind = 0; kind < kNames.size(); ++kind) out.member(kNames[kind], list_of(asked, kind));
    return ",\"talkers\":" + out.text();
}

}  // namespace ajar::control
