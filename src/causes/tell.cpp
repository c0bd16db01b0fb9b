// How causes and scanners are told.
#include "causes/tell.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "export/human.hpp"
#include "export/json.hpp"

namespace ajar::causes {
namespace {

using exporting::counted;
using exporting::human_count;
using exporting::Json;

std::string shares(const std::vector<HeavyHitters::Row>& rows) {
    std::string out;
    for (const auto& [endpoint, n] : rows)
        out += fmt::format("{}{} ({})", out.empty() ? "" : ", ", text_of(endpoint), human_count(n));
    return out;
}

template <typename List>
std::string joined(const List& list, std::size_t most, auto&& text) {
    std::string out;
    for (const auto* at = list.begin(); at != list.end() && most > 0; ++at, --most)
        out += (out.empty() ? "" : ", ") + text(*at);
    return out;
}

/// "3 ports (21, 22, 80)", or "about 512 ports (first 1, 2, 3)" where the list is not whole.
template <typename List>
std::string touched(std::uint64_t number, std::string_view one, std::string_view many, const List& first,
                    std::size_t most, auto&& text) {
    const bool whole = number <= std::min(most, first.size());
    return fmt::format("{}{} ({}{})", whole ? "" : "about ", counted(number, one, many),
                       whole ? "" : "first ", joined(first, most, text));
}

std::string attempts_text(const Suspect& s) {
    std::string out;
    for (std::size_t a = 0; a < kAttemptCount; ++a)
        if (s.attempts[a] != 0)
            out +=
                fmt::format("{}{} {}", out.empty() ? "" : ", ", human_count(s.attempts[a]), kAttemptNames[a]);
    return out;
}

std::string suspect_text(const Suspect& s) {
    constexpr std::size_t kHosts = 4, kPorts = 10;
    const auto hosts = touched(s.hosts.estimate(), "host", "hosts", s.first_hosts, kHosts,
                               [](const Endpoint& host) { return text_of(host); });
    const auto ports = touched(s.ports.estimate(), "port", "ports", s.first_ports, kPorts,
                               [](std::uint16_t port) { return std::to_string(port); });
    return fmt::format("  {}: {} in {}{}\n             {}\n             {}\n             {}\n",
                       source_text(s.source), counted(s.total(), "attempt", "attempts"),
                       exporting::human_duration(s.last - s.first),
                       s.alive ? "" : "; it never showed a sign of life: the address may be forged",
                       attempts_text(s), hosts, ports);
}

std::string attempts_json(const Suspect& s) {
    Json all;
    for (std::size_t a = 0; a < kAttemptCount; ++a)
        if (s.attempts[a] != 0) all.member(kAttemptNames[a], s.attempts[a]);
    return all.text();
}

std::string suspect_json(const Suspect& s) {
    Json hosts('['), ports('[');
    for (const Endpoint& host : s.first_hosts) hosts.item(Json::quoted(text_of(host)));
    for (const auto port : s.first_ports) ports.item(std::to_string(port));
    return Json()
        .member("source", Json::quoted(source_text(s.source)))
        .member("first", exporting::epoch_seconds(s.first))
        .member("flagged", exporting::epoch_seconds(s.flagged_at))
        .member("last", exporting::epoch_seconds(s.last))
        .member("alive", s.alive ? "true" : "false")
        .member("attempts", attempts_json(s))
        .member("hosts", s.hosts.estimate())
        .member("ports", s.ports.estimate())
        .member("first_hosts", hosts.text())
        .member("first_ports", ports.text())
        .text();
}

}  // namespace

std::string source_text(const CountKey& source) {
    const auto text = text_of({source.address, 0, source.family});
    return source.family == Family::ipv6 ? text + "/64" : text;
}

std::string who(const HeavyHitters& hitters, std::uint64_t count) {
    constexpr std::size_t kShown = 3;
    const auto top = hitters.top(kShown);
    const auto most = top.front().second;
    const auto distinct = hitters.distinct();
    if (distinct <= kShown) return shares(top);
    if (distinct <= 20 || most * 20 >= count)
        return fmt::format("{} and {} more", shares(top), human_count(distinct - kShown));
    const auto often = most == 1 ? "each of them once" : fmt::format("none of them more than {} times", most);
    return fmt::format("{}{} addresses, {}", hitters.exact() ? "" : "about ", human_count(distinct), often);
}

std::string endpoints_json(const HeavyHitters& hitters) {
    constexpr std::size_t kShown = 10;
    Json array('[');
    for (const auto& [endpoint, n] : hitters.top(kShown))
        array.item(Json().member("endpoint", Json::quoted(text_of(endpoint))).member("count", n).text());
    return array.text();
}

std::string labels_text(const Causes& causes) {
    const auto failed = causes.failed();
    if (failed == 0) return {};
    auto out = fmt::format("\nWhy {} came to nothing\n\n", counted(failed, "attempt", "attempts"));
    for (std::size_t l = 0; l < kLabelCount; ++l) {
        const LabelTally& t = causes.of(static_cast<Label>(l));
        if (t.count == 0) continue;
        const auto& text = kLabelTexts[l];
        out += fmt::format("  {:>9}  {} ({})\n             to    {}\n             from  {}\n",
                           human_count(t.count), t.count == 1 ? text.one : text.many, text.name,
                           who(t.servers, t.count), who(t.clients, t.count));
    }
    return out;
}

std::string labels_json(const Causes& causes) {
    Json all;
    for (std::size_t l = 0; l < kLabelCount; ++l) {
        const LabelTally& t = causes.of(static_cast<Label>(l));
        if (t.count == 0) continue;
        all.member(kLabelTexts[l].name, Json()
                                            .member("count", t.count)
                                            .member("servers", endpoints_json(t.servers))
                                            .member("clients", endpoints_json(t.clients))
                                            .text());
    }
    return all.text();
}

std::string scanners_text(const Causes& causes) {
    constexpr std::size_t kShown = 10;
    const auto flagged = causes.suspects().flagged();
    if (flagged.empty()) return {};
    auto out = fmt::format("\n{}: more than half of the targets that they met led nowhere\n\n",
                           counted(flagged.size(), "scanner", "scanners"));
    for (std::size_t i = 0; i < std::min(kShown, flagged.size()); ++i) out += suspect_text(*flagged[i]);
    if (flagged.size() > kShown) out += fmt::format("  and {} more\n", human_count(flagged.size() - kShown));
    if (const auto forgotten = causes.suspects().forgotten(); forgotten != 0)
        out += fmt::format("  and {} whose places were needed\n", human_count(forgotten));
    return out;
}

std::string scanners_json(const Causes& causes) {
    constexpr std::size_t kMost = 100;
    const auto flagged = causes.suspects().flagged();
    Json array('[');
    for (std::size_t i = 0; i < std::min(kMost, flagged.size()); ++i) array.item(suspect_json(*flagged[i]));
    return array.text();
}

}  // namespace ajar::causes
