// The comparison with Zeek, connection by connection.
#include "zeek_comparison.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <fstream>
#include <map>
#include <optional>

namespace ajar::corpus {
namespace {

constexpr double kSameStart =
    0.01;  // seconds: a record of the same tuple that starts further away is another one

using ByTuple = std::map<std::string, std::vector<Connection>>;

ByTuple by_tuple(const std::vector<Connection>& all) {
    ByTuple out;
    for (const auto& c : all) out[c.tuple()].push_back(c);
    return out;
}

/// Takes out of `candidates` the connection that started with `wanted`.
std::optional<Connection> take_partner(std::vector<Connection>& candidates, const Connection& wanted) {
    const auto distance = [&](const Connection& c) { return std::abs(c.start - wanted.start); };
    const auto nearest =
        std::min_element(candidates.begin(), candidates.end(),
                         [&](const auto& a, const auto& b) { return distance(a) < distance(b); });
    if (nearest == candidates.end() || distance(*nearest) > kSameStart) return std::nullopt;
    const Connection partner = *nearest;
    candidates.erase(nearest);
    return partner;
}

std::string line_of(const Connection& named, const std::string& ours, const std::string& zeeks) {
    return fmt::format("{} @{:.6f} {} {}", named.tuple(), named.start, ours, zeeks);
}

void count(Tally& tally, bool agrees) {
    ++tally.counted;
    if (agrees) ++tally.agreeing;
}

void score(const Connection& zeeks, const std::optional<Connection>& ours, Scores& scores) {
    const bool paired = ours && ours->originator == zeeks.originator;
    count(scores.states[zeeks.state], paired && ours->state == zeeks.state);
    count(scores.history, paired && ours->history == zeeks.history);
    if (!paired) return;
    count(scores.packets, ours->sent == zeeks.sent && ours->received == zeeks.received);
    count(scores.durations, std::abs(ours->duration - zeeks.duration) < 1e-5);
}

}  // namespace

std::vector<std::string> compare(const std::vector<Connection>& zeeks, const std::vector<Connection>& ours,
                                 Scores& scores) {
    auto candidates = by_tuple(ours);
    std::map<std::string, unsigned> counted;
    std::vector<std::string> lines;
    bool states_agree = true;
    for (const Connection& wanted : zeeks) {
        const auto partner = take_partner(candidates[wanted.tuple()], wanted);
        if (++counted[wanted.state] <= kCountedEach) score(wanted, partner, scores);
        if (!partner || partner->state != wanted.state || partner->originator != wanted.originator)
            states_agree = false;
        if (!partner || partner->says() != wanted.says())
            lines.push_back(line_of(wanted, partner ? partner->says() : "-", wanted.says()));
    }
    for (const auto& [tuple, left] : candidates) {
        for (const Connection& extra : left) {
            states_agree = false;
            lines.push_back(line_of(extra, extra.says(), "-"));
        }
    }
    if (!zeeks.empty()) count(scores.captures, states_agree);
    return lines;
}

std::set<std::string> read_expected_lines(const std::string& path) {
    std::set<std::string> out;
    std::ifstream in(path);
    for (std::string line; std::getline(in, line);)
        if (!line.empty() && line.front() != '#' && line.front() != '[') out.insert(line);
    return out;
}

}  // namespace ajar::corpus
