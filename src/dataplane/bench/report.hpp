// What did a run of `ajar bench` measure? Plain numbers; text, JSON and plots are made from them.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace ajar::dataplane {

/// Of the same thing, measured several times.
struct Spread {
    double median = 0, least = 0, most = 0;
};
Spread spread_of(std::vector<double> values);
/// Of pairs that were measured one after the other: the ratio of the medians, the least and the greatest
/// ratio of a pair.
Spread ratio_of(const std::vector<double>& values, const std::vector<double>& baseline);

/// One kind of run with one number of flows and workers.
struct Row {
    std::string run;  ///< "ajar", "macswap", or what the scenario calls its parts
    std::uint64_t flows = 0;
    std::uint32_t workers = 1;
    std::vector<double> rates{};       ///< packets a second on the CPU, by round
    std::vector<double> wall_rates{};  ///< likewise, on the wall
    std::optional<Spread> ratio{};     ///< to the rate of `beside`
    std::string beside{};
    std::uint64_t packets = 0, transmitted = 0, dropped = 0;  ///< of all rounds and their warm-up
    std::uint64_t switches = 0;                               ///< involuntary
    std::vector<std::pair<std::string, double>> figures{};    ///< what else the scenario measures

    /// Of a packet, on the worker that handles it.
    [[nodiscard]] double nanoseconds() const { return 1e9 * workers / spread_of(rates).median; }
};

/// A bar that the scenario sets itself.
struct Check {
    std::string name;
    std::uint64_t flows = 0;
    std::uint32_t workers = 1;
    double value = 0, bar = 0;
    bool at_most = false;  ///< else at least
    [[nodiscard]] bool met() const { return at_most ? value <= bar : value >= bar; }
};

struct Report {
    std::string scenario;
    std::vector<std::pair<std::string, std::string>> facts;  ///< of machine and method, in order
    std::vector<Row> rows{};
    std::vector<Check> checks{};
    std::vector<std::string> faults{};  ///< sums that do not hold: then the figures mean nothing
};

}  // namespace ajar::dataplane
