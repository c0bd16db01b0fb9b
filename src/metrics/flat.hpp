// Families as plain names and numbers, for whoever has no labels: DPDK's telemetry.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "metrics/families.hpp"

namespace ajar::metrics {

struct Number {
    std::string name;  ///< letters, digits and _
    double value = 0;
};

/// The samples of one family, each called by its label values; "value" where it has no label. Empty: there is
/// no such family.
std::vector<Number> flat(const Families& families, std::string_view family);
/// All samples of which `label` has that value, called by their families and other label values.
std::vector<Number> flat(const Families& families, std::string_view label, std::string_view value);

}  // namespace ajar::metrics
