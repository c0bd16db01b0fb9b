// Joining names.
#include "metrics/flat.hpp"

#include <algorithm>

namespace ajar::metrics {
namespace {

using prometheus::ClientMetric;
using prometheus::MetricFamily;
using prometheus::MetricType;

bool is_plain(char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_';
}

void append(std::string& name, std::string_view part) {
    if (!name.empty()) name += '_';
    for (const char c : part) name += is_plain(c) ? c : '_';
}

void append_labels(std::string& name, const ClientMetric& sample, std::string_view but = {}) {
    for (const auto& label : sample.label)
        if (label.name != but) append(name, label.value);
}

/// "worker_packets" of "ajar_worker_packets_total".
std::string_view short_name(std::string_view family) {
    constexpr std::string_view kPrefix = "ajar_", kEnd = "_total";
    if (family.starts_with(kPrefix)) family.remove_prefix(kPrefix.size());
    if (family.ends_with(kEnd)) family.remove_suffix(kEnd.size());
    return family;
}

void add_number(std::vector<Number>& out, const MetricFamily& family, const ClientMetric& sample,
                std::string name) {
    if (family.type == MetricType::Histogram) {
        out.push_back({name + "_count", static_cast<double>(sample.histogram.sample_count)});
        out.push_back({name + "_sum", sample.histogram.sample_sum});
        return;
    }
    const bool counts = family.type == MetricType::Counter;
    out.push_back({std::move(name), counts ? sample.counter.value : sample.gauge.value});
}

}  // namespace

std::vector<Number> flat(const Families& families, std::string_view family) {
    std::vector<Number> out;
    for (const auto& one : families) {
        if (one.name != family) continue;
        for (const auto& sample : one.metric) {
            std::string name;
            append_labels(name, sample);
            add_number(out, one, sample, name.empty() ? "value" : std::move(name));
        }
    }
    return out;
}

std::vector<Number> flat(const Families& families, std::string_view label, std::string_view value) {
    std::vector<Number> out;
    for (const auto& family : families)
        for (const auto& sample : family.metric) {
            const bool meant = std::any_of(sample.label.begin(), sample.label.end(), [&](const auto& l) {
                return l.name == label && l.value == value;
            });
            if (!meant) continue;
            std::string name;
            append(name, short_name(family.name));
            append_labels(name, sample, label);
            add_number(out, family, sample, std::move(name));
        }
    return out;
}

}  // namespace ajar::metrics
