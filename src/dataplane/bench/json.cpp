// A report as JSON.
#include "dataplane/bench/json.hpp"

#include <fmt/format.h>

#include <cmath>

#include "export/text.hpp"

namespace ajar::dataplane {
namespace {

std::string number(double v) { return std::isfinite(v) ? fmt::format("{}", v) : "null"; }

std::string quoted(const std::string& text) {
    exporting::Text out;
    exporting::put_quoted(out, text);
    return fmt::to_string(out);
}

template <typename List, typename One>
std::string joined(const List& list, One one) {
    std::string out;
    for (const auto& item : list) {
        if (!out.empty()) out += ", ";
        out += one(item);
    }
    return out;
}

std::string spread(const Spread& s) {
    return fmt::format(R"("median": {}, "least": {}, "most": {})", number(s.median), number(s.least),
                       number(s.most));
}

std::string rates(const std::vector<double>& values) {
    return fmt::format(R"({{{}, "rounds": [{}]}})", spread(spread_of(values)), joined(values, number));
}

std::string row(const Row& r) {
    const auto ratio =
        r.ratio ? fmt::format(R"({{"beside": {}, {}}})", quoted(r.beside), spread(*r.ratio)) : "null";
    const auto figures = joined(
        r.figures, [](const auto& f) { return fmt::format("{}: {}", quoted(f.first), number(f.second)); });
    return fmt::format(R"(
  {{"run": {}, "flows": {}, "workers": {},
   "rate": {},
   "wall_rate": {},
   "ns_per_packet": {}, "ratio": {},
   "packets": {}, "transmitted": {}, "dropped": {}, "switches": {},
   "figures": {{{}}}}})",
                       quoted(r.run), r.flows, r.workers, rates(r.rates), rates(r.wall_rates),
                       number(r.nanoseconds()), ratio, r.packets, r.transmitted, r.dropped, r.switches,
                       figures);
}

std::string check(const Check& c) {
    return fmt::format(
        R"(
  {{"name": {}, "flows": {}, "workers": {}, "value": {}, "bar": {}, "at_most": {}, "met": {}}})",
        quoted(c.name), c.flows, c.workers, number(c.value), number(c.bar), c.at_most, c.met());
}

}  // namespace

std::string to_json(const Report& report) {
    const auto facts = joined(report.facts, [](const auto& f) {
        return fmt::format("\n  {}: {}", quoted(f.first), quoted(f.second));
    });
    return fmt::format(R"({{"schema": 1, "scenario": {},
 "facts": {{{}}},
 "rows": [{}],
 "checks": [{}],
 "faults": [{}]}}
)",
                       quoted(report.scenario), facts, joined(report.rows, row), joined(report.checks, check),
                       joined(report.faults, quoted));
}

}  // namespace ajar::dataplane
