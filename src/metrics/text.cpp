// Writing families. Integers up to 2^53 are written whole.
#include "metrics/text.hpp"

#include <fmt/format.h>
#include <prometheus/text_serializer.h>

#include <cmath>
#include <iterator>

namespace ajar::metrics {
namespace {

using prometheus::ClientMetric;
using prometheus::MetricFamily;
using prometheus::MetricType;
using Out = fmt::memory_buffer;

constexpr std::string_view kTotal = "_total", kInfo = "_info";

std::string escaped(std::string_view text) {
    std::string out;
    for (const char c : text) {
        if (c == '\\' || c == '"') out += '\\';
        if (c == '\n') {
            out += "\\n";
        } else {
            out += c;
        }
    }
    return out;
}

std::string number(double value) {
    if (std::isinf(value)) return value > 0 ? "+Inf" : "-Inf";
    if (value == std::floor(value) && std::abs(value) < 0x1p53) return fmt::format("{:.0f}", value);
    return fmt::format("{}", value);
}

/// What the samples of a family are called by: its name less what its type adds.
struct Naming {
    std::string_view family, type;
};
Naming naming_of(const MetricFamily& family) {
    std::string_view name = family.name;
    if (family.type == MetricType::Counter && name.ends_with(kTotal))
        return {name.substr(0, name.size() - kTotal.size()), "counter"};
    if (family.type == MetricType::Gauge && name.ends_with(kInfo))
        return {name.substr(0, name.size() - kInfo.size()), "info"};
    return {name, family.type == MetricType::Histogram ? "histogram" : "gauge"};
}

void put_sample(Out& out, std::string_view name, const ClientMetric& metric, double value,
                std::string_view le = {}) {
    auto to = std::back_inserter(out);
    fmt::format_to(to, "{}", name);
    char before = '{';
    for (const auto& label : metric.label)
        fmt::format_to(to, "{}{}=\"{}\"", std::exchange(before, ','), label.name, escaped(label.value));
    if (!le.empty()) fmt::format_to(to, "{}le=\"{}\"", std::exchange(before, ','), le);
    fmt::format_to(to, "{} {}\n", before == ',' ? "}" : "", number(value));
}

void put_histogram(Out& out, const MetricFamily& family, const ClientMetric& metric) {
    const auto& h = metric.histogram;
    for (const auto& bucket : h.bucket)
        put_sample(out, family.name + "_bucket", metric, static_cast<double>(bucket.cumulative_count),
                   fmt::format("{:.1f}", bucket.upper_bound));
    const auto all = static_cast<double>(h.sample_count);
    put_sample(out, family.name + "_bucket", metric, all, "+Inf");
    put_sample(out, family.name + "_sum", metric, h.sample_sum);
    put_sample(out, family.name + "_count", metric, all);
}

}  // namespace

bool takes_open(std::string_view accept) {
    return accept.find("application/openmetrics-text") != std::string_view::npos;
}

std::string plain_text(const Families& families) { return prometheus::TextSerializer().Serialize(families); }

std::string open_text(const Families& families) {
    Out out;
    for (const auto& family : families) {
        const auto [name, type] = naming_of(family);
        fmt::format_to(std::back_inserter(out), "# TYPE {} {}\n# HELP {} {}\n", name, type, name,
                       escaped(family.help));
        for (const auto& metric : family.metric) {
            if (family.type == MetricType::Histogram) {
                put_histogram(out, family, metric);
            } else {
                const bool counts = family.type == MetricType::Counter;
                put_sample(out, family.name, metric, counts ? metric.counter.value : metric.gauge.value);
            }
        }
    }
    fmt::format_to(std::back_inserter(out), "# EOF\n");
    return fmt::to_string(out);
}

}  // namespace ajar::metrics
