// The table of `ajar bench`.
#include "dataplane/bench/text.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "config/units.hpp"

namespace ajar::dataplane {
namespace {

const Row* find(const Report& report, const std::string& run, std::uint64_t flows, std::uint32_t workers) {
    for (const Row& r : report.rows)
        if (r.run == run && r.flows == flows && r.workers == workers) return &r;
    return nullptr;
}

double median(const Row& row) { return spread_of(row.rates).median; }

std::string line_of(const Row& r) {
    const auto rate = spread_of(r.rates);
    auto line = fmt::format("{:>7} {:>7}  {:<24} {:>8.3f} {:>17} {:>9.1f} {:>9} {:>9}",
                            config::format_count(r.flows), r.workers, r.run, rate.median / 1e6,
                            fmt::format("{:.3f}..{:.3f}", rate.least / 1e6, rate.most / 1e6), r.nanoseconds(),
                            r.dropped, r.switches);
    if (r.ratio)
        line += fmt::format("   {:.3f} x {} ({:.3f}..{:.3f})", r.ratio->median, r.beside, r.ratio->least,
                            r.ratio->most);
    line += '\n';
    for (const auto& [name, value] : r.figures) line += fmt::format("{:>17} {}: {:.6g}\n", "", name, value);
    return line;
}

/// Cost at the most flows beside that at the fewest.
std::string growth_lines(const Report& report) {
    std::string out;
    for (const Row& most : report.rows) {
        const Row* least = &most;
        bool last = true;
        for (const Row& r : report.rows) {
            if (r.run != most.run || r.workers != most.workers) continue;
            if (r.flows < least->flows) least = &r;
            last = last && r.flows <= most.flows;
        }
        if (!last || least == &most) continue;
        out += fmt::format("growth   {}, {} worker{}: {} -> {} flows, cost a packet x {:.2f}\n", most.run,
                           most.workers, most.workers == 1 ? "" : "s", config::format_count(least->flows),
                           config::format_count(most.flows), most.nanoseconds() / least->nanoseconds());
    }
    return out;
}

/// What more workers gain, beside what the plain forwarders gain.
std::string gain_lines(const Report& report) {
    std::string out;
    for (const Row& r : report.rows) {
        const Row* one = find(report, r.run, r.flows, 1);
        const Row* plain = find(report, "macswap", r.flows, r.workers);
        const Row* plain_one = find(report, "macswap", r.flows, 1);
        if (r.workers == 1 || r.run == "macswap" || !one || !plain || !plain_one) continue;
        const double gain = median(r) / median(*one), plain_gain = median(*plain) / median(*plain_one);
        out +=
            fmt::format("gain     {}, {} flows: 1 -> {} workers x {:.3f}, macswap x {:.3f}: {:.3f} of it\n",
                        r.run, config::format_count(r.flows), r.workers, gain, plain_gain, gain / plain_gain);
    }
    return out;
}

}  // namespace

std::string heading(const Report& report) {
    auto out = fmt::format("ajar bench {}\n", report.scenario);
    std::size_t width = 0;
    for (const auto& fact : report.facts) width = std::max(width, fact.first.size());
    for (const auto& [name, value] : report.facts) out += fmt::format("  {:<{}}  {}\n", name, width, value);
    return out + fmt::format("\n{:>7} {:>7}  {:<24} {:>8} {:>17} {:>9} {:>9} {:>9}\n", "flows", "workers",
                             "run", "M/s", "least..most", "ns/packet", "dropped", "switches");
}

std::string table_lines(std::span<const Row> rows) {
    std::string out;
    for (const Row& r : rows) out += line_of(r);
    return out;
}

std::string conclusions(const Report& report) {
    auto out = growth_lines(report) + gain_lines(report);
    for (const Check& c : report.checks) {
        out += fmt::format("{}  {}, {} flows, {} worker{}: {:.4g}, {} {:.4g} wanted\n",
                           c.met() ? "met    " : "NOT MET", c.name, config::format_count(c.flows), c.workers,
                           c.workers == 1 ? "" : "s", c.value, c.at_most ? "at most" : "at least", c.bar);
    }
    for (const auto& fault : report.faults) out += fmt::format("FAULT    {}\n", fault);
    return out;
}

}  // namespace ajar::dataplane
