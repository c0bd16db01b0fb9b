// How families are written down.
#pragma once

#include <fmt/format.h>

#include <initializer_list>
#include <string>
#include <string_view>

#include "metrics/families.hpp"

namespace ajar::metrics {

using Label = prometheus::ClientMetric::Label;
using Labels = std::vector<Label>;

enum class Kind : std::uint8_t { counter, gauge };

/// One number of a T, which has labels of its own: "packets" of a worker is ajar_worker_packets_total.
template <typename T>
struct Row {
    std::string_view name;
    Kind kind;
    std::uint64_t T::*value;
    std::string_view help;
};

class Book {
public:
    /// What follows belongs to it. `name` without ajar_ and _total.
    Book& family(std::string_view name, Kind kind, std::string_view help) {
        close();
        prometheus::MetricFamily next;
        next.name = fmt::format("ajar_{}{}", name, kind == Kind::counter ? "_total" : "");
        next.help = help;
        next.type = kind == Kind::counter ? prometheus::MetricType::Counter : prometheus::MetricType::Gauge;
        families_.push_back(std::move(next));
        return *this;
    }
    Book& add(double value, Labels labels = {}) {
        auto& to = families_.back();
        prometheus::ClientMetric sample;
        sample.label = std::move(labels);
        (to.type == prometheus::MetricType::Counter ? sample.counter.value : sample.gauge.value) = value;
        to.metric.push_back(std::move(sample));
        return *this;
    }
    Book& add(std::uint64_t value, Labels labels = {}) {
        return add(static_cast<double>(value), std::move(labels));
    }
    /// A family of one.
    template <typename Number>
    Book& one(std::string_view name, Kind kind, std::string_view help, Number value) {
        return family(name, kind, help).add(value);
    }
    void add(prometheus::MetricFamily family) {
        close();
        families_.push_back(std::move(family));
    }
    /// A family for each row, under `prefix`, with a sample for each of `all`.
    template <typename Rows, typename List, typename LabelsOf>
    void rows(std::string_view prefix, const Rows& rows, const List& all, LabelsOf&& labels_of) {
        for (const auto& row : rows) {
            family(fmt::format("{}{}", prefix, row.name), row.kind, row.help);
            for (std::size_t i = 0; i < all.size(); ++i) add(all[i].*row.value, labels_of(i));
        }
    }
    Families take() {
        close();
        return std::move(families_);
    }

private:
    void close() {
        if (!families_.empty() && families_.back().metric.empty()) families_.pop_back();
    }
    Families families_;
};

/// A port's label: its device, without the device's arguments.
std::string port_name(const control::Facts& facts, std::size_t port);

// Of each group of families (families.cpp calls them in turn).
void put_box(Book& book, const View& view);
void put_flows(Book& book, const control::TrackerFacts& t, const View& view);
void put_reasons(Book& book, const control::Facts& facts);
void put_defence(Book& book, const control::Facts& facts);
void put_share(Book& book, const control::ShareFacts& s);
void put_workers(Book& book, const control::Facts& facts);
void put_tables(Book& book, const control::Facts& facts);
void put_ports(Book& book, const control::Facts& facts);

}  // namespace ajar::metrics
