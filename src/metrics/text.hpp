// Families as text, in either of the formats that Prometheus reads.
#pragma once

#include <string>
#include <string_view>

#include "metrics/families.hpp"

namespace ajar::metrics {

inline constexpr std::string_view kPlainType = "text/plain; version=0.0.4; charset=utf-8";
inline constexpr std::string_view kOpenType = "application/openmetrics-text; version=1.0.0; charset=utf-8";

/// Does the client take OpenMetrics, by its Accept header? Prometheus does, a browser does not.
bool takes_open(std::string_view accept);

/// Prometheus's own format, by its library.
std::string plain_text(const Families& families);
/// OpenMetrics 1.0 (which the library does not write): a counter's family has no _total, `_info` is a type,
/// the end is marked.
std::string open_text(const Families& families);

}  // namespace ajar::metrics
