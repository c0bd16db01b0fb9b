// Listing blocked sources.
#include "export/block_list.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "export/asks.hpp"
#include "export/human.hpp"
#include "export/json.hpp"

namespace ajar::exporting {
namespace {

Duration left(const Blocked& source, Time now) { return std::max(Duration{}, source.until - now); }

/// In whole seconds, begun ones too.
std::string left_text(const Blocked& source, Time now) {
    if (source.until == Time::max()) return "goes on";
    const auto seconds = std::chrono::ceil<std::chrono::seconds>(left(source, now));
    return seconds.count() == 0 ? "0 s left" : human_duration(seconds) + " left";
}

std::string seconds_text(Duration d) {
    Text out;
    put_seconds(out, d);
    return fmt::to_string(out);
}

}  // namespace

std::vector<Blocked> block_list(const Situation& situation) {
    std::vector<Blocked> out;
    for (const Change& c : situation.now())
        if (info(c.kind).measure == Measure::block)
            out.push_back({c.name, c.since, c.until == Time{} ? Time::max() : c.until});
    std::sort(out.begin(), out.end(), [](const Blocked& a, const Blocked& b) {
        return a.until != b.until ? a.until > b.until : a.name < b.name;
    });
    return out;
}

std::string block_text(const Situation& situation, Time now, std::size_t most) {
    const auto list = block_list(situation);
    std::string out;
    for (std::size_t i = 0; i < std::min(most, list.size()); ++i)
        out += fmt::format("{}{} ({})", out.empty() ? "" : ", ", name_text(list[i].name),
                           left_text(list[i], now));
    return list.size() <= most ? out : fmt::format("{} and {} more", out, list.size() - most);
}

std::string block_json(const Situation& situation, Time now) {
    Json all('[');
    for (const Blocked& source : block_list(situation)) {
        Json one;
        one.member("name", Json::quoted(name_text(source.name))).member("since", epoch_seconds(source.since));
        if (source.until != Time::max())
            one.member("until", epoch_seconds(source.until)).member("left", seconds_text(left(source, now)));
        all.item(one.text());
    }
    return all.text();
}

}  // namespace ajar::exporting
