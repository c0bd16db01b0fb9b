// Medians.
#include "dataplane/bench/report.hpp"

#include <algorithm>

namespace ajar::dataplane {

Spread spread_of(std::vector<double> values) {
    if (values.empty()) return {};
    std::sort(values.begin(), values.end());
    const auto n = values.size();
    return {(values[(n - 1) / 2] + values[n / 2]) / 2, values.front(), values.back()};
}

Spread ratio_of(const std::vector<double>& values, const std::vector<double>& baseline) {
    std::vector<double> ratios;
    for (std::size_t i = 0; i < std::min(values.size(), baseline.size()); ++i)
        ratios.push_back(values[i] / baseline[i]);
    auto out = spread_of(ratios);
    out.median = spread_of(values).median / spread_of(baseline).median;
    return out;
}

}  // namespace ajar::dataplane
