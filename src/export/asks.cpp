// How names are written, and how much of a ranking is worth it.
#include "export/asks.hpp"

#include <algorithm>

#include "export/human.hpp"
#include "export/json.hpp"

namespace ajar::exporting {
namespace {

constexpr std::array<std::string_view, kRanked.size()> kKinds = {"services", "sources", "networks", "hosts"};
constexpr std::size_t kShown = 3, kListed = 10;
constexpr std::uint64_t kPartThatStandsOut = 50;

/// A count whose half could be chance says nothing.
bool stands_out(const Talker& talker, const Asks& asked) {
    return talker.count * kPartThatStandsOut >= asked.count &&
           bounds_of(talker.count, asked.weight).least * 2 >= talker.count;
}

std::string certainty(const Talker& talker, const Asks& asked) {
    if (asked.weight <= 1) return {};
    const auto most = bounds_of(talker.count, asked.weight).most;
    return fmt::format(" +-{}%", (100 * (most - talker.count) + talker.count - 1) / talker.count);
}

std::string json_of(const Talker& talker, const Asks& asked) {
    const auto [least, most] = bounds_of(talker.count, asked.weight);
    return Json()
        .member("name", Json::quoted(name_text(talker.key)))
        .member("count", talker.count)
        .member("least", least)
        .member("most", most)
        .text();
}

}  // namespace

void put_name(Text& out, const CountKey& key) {
    const bool v6 = key.family == Family::ipv6, service = key.kind == CountKind::service;
    if (v6 && service) out.push_back('[');
    put_address(out, key.family, key.address);
    if (v6 && service) out.push_back(']');
    if (service) {
        out.push_back(':');
        put_number(out, key.port.value());
        return;
    }
    const auto bytes = prefix_bytes(key.kind, key.family);
    if (bytes == (v6 ? 16U : 4U)) return;
    out.push_back('/');
    put_number(out, 8 * bytes);
}

std::string name_text(const CountKey& key) {
    Text out;
    put_name(out, key);
    return fmt::to_string(out);
}

std::string outstanding(const Asks& asked, std::size_t r, std::string (*count)(std::uint64_t)) {
    const auto& ranked = asked.ranked[r];
    std::size_t n = 0;
    while (n < ranked.size() && stands_out(ranked[n], asked)) ++n;
    if (n == 0) {
        const auto most = ranked.empty() ? 0 : bounds_of(ranked.front().count, asked.weight).most;
        return fmt::format("none above {}", count(most));
    }
    std::string out;
    for (std::size_t i = 0; i < std::min(kShown, n); ++i)
        out += fmt::format("{}{} ({}{})", out.empty() ? "" : ", ", name_text(ranked[i].key),
                           count(ranked[i].count), certainty(ranked[i], asked));
    return n <= kShown ? out : fmt::format("{} and {} more", out, n - kShown);
}

std::string busiest_text(const Asks& asked) {
    if (asked.count < kWorthTelling) return {};
    std::string out =
        fmt::format("\nBusiest second: {} asked for, from {} on\n\n",
                    counted(asked.count, "connection", "connections"), utc_text(begin_of(asked.second)));
    for (std::size_t r = 0; r < kKinds.size(); ++r)
        out += fmt::format("  {:<9} {}\n", kKinds[r], outstanding(asked, r, human_count));
    return out;
}

std::string asks_json(const Asks& asked) {
    Json all;
    if (asked.count != 0) all.member("second", asked.second);
    all.member("asked", asked.count);
    for (std::size_t r = 0; r < kKinds.size(); ++r) {
        Json array('[');
        const auto& ranked = asked.ranked[r];
        for (std::size_t i = 0; i < std::min(kListed, ranked.size()); ++i) {
            if (bounds_of(ranked[i].count, asked.weight).least == 0) break;
            array.item(json_of(ranked[i], asked));
        }
        all.member(kKinds[r], array.text());
    }
    return all.text();
}

}  // namespace ajar::exporting
