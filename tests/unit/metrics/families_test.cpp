// Do names, labels and numbers keep to what Prometheus expects, and are they those of the facts?
#include "metrics/families.hpp"

#include <gtest/gtest.h>

#include <map>
#include <regex>
#include <set>

#include "unit/metrics/example.hpp"

namespace ajar::metrics {
namespace {

using prometheus::MetricType;
using LabelMap = std::map<std::string, std::string>;

double value_of(const prometheus::MetricFamily& family, const prometheus::ClientMetric& sample) {
    return family.type == MetricType::Counter ? sample.counter.value : sample.gauge.value;
}

/// The one sample of that name with these labels, among others.
double value(const Families& families, const std::string& name, const LabelMap& labels = {}) {
    for (const auto& family : families) {
        if (family.name != name) continue;
        for (const auto& sample : family.metric) {
            std::size_t met = 0;
            for (const auto& label : sample.label)
                if (const auto at = labels.find(label.name); at != labels.end())
                    met += at->second == label.value;
            if (met == labels.size()) return value_of(family, sample);
        }
    }
    ADD_FAILURE() << "no " << name;
    return -1;
}

TEST(Families, NamesKeepToTheConventions) {
    static const std::regex kName("ajar_[a-z][a-z0-9_]*[a-z0-9]"), kLabel("[a-z][a-z_]*");
    std::set<std::string> seen;
    for (const auto& family : families_of(test::example_view())) {
        EXPECT_TRUE(std::regex_match(family.name, kName)) << family.name;
        EXPECT_TRUE(seen.insert(family.name).second) << family.name;
        EXPECT_EQ(family.type == MetricType::Counter, family.name.ends_with("_total")) << family.name;
        EXPECT_TRUE(family.help.ends_with('.')) << family.name << ": " << family.help;
        EXPECT_FALSE(family.metric.empty()) << family.name;
        for (const auto& sample : family.metric)
            for (const auto& label : sample.label)
                EXPECT_TRUE(std::regex_match(label.name, kLabel)) << label.name;
    }
    EXPECT_GT(seen.size(), 80U);
}

TEST(Families, NoSampleIsThereTwice) {
    for (const auto& family : families_of(test::example_view())) {
        std::set<std::vector<prometheus::ClientMetric::Label>> seen;
        for (const auto& sample : family.metric) EXPECT_TRUE(seen.insert(sample.label).second) << family.name;
    }
}

// Whoever attacks, and whatever crosses: the number of series is known from the configuration.
TEST(Families, TheNumberOfSeriesDoesNotDependOnTraffic) {
    const auto series = [](const View& view) {
        std::size_t n = 0;
        for (const auto& family : families_of(view)) n += family.metric.size();
        return n;
    };
    View quiet = test::example_view();
    quiet.facts.tracker = {};
    quiet.facts.defence = {};
    EXPECT_EQ(series(quiet), series(test::example_view()));
    EXPECT_LT(series(quiet), 600U);
}

TEST(Families, NumbersAreTheFacts) {
    const auto view = test::example_view();
    const auto f = families_of(view);
    const auto& t = view.facts.tracker;
    EXPECT_EQ(value(f, "ajar_worker_packets_total", {{"worker", "1"}}), 101);
    EXPECT_EQ(value(f, "ajar_worker_cycles_total", {{"worker", "0"}, {"round", "busy"}}), 30);
    EXPECT_EQ(value(f, "ajar_worker_expiry_latest_seconds", {{"worker", "0"}}), 0.0025);
    EXPECT_EQ(value(f, "ajar_worker_stalled", {{"worker", "0"}}), 0);
    EXPECT_EQ(value(f, "ajar_worker_stalled", {{"worker", "1"}}), 1);
    EXPECT_EQ(value(f, "ajar_flows", {{"state", "syn_recv"}}),
              static_cast<double>(t.flows[static_cast<std::size_t>(TcpState::syn_recv)]));
    EXPECT_EQ(value(f, "ajar_embryonic_flows", {{"age", "under_1s"}}), 5);
    EXPECT_EQ(value(f, "ajar_embryonic_flows", {{"age", "over_30s"}}), 1);
    EXPECT_EQ(value(f, "ajar_flow_ends_total", {{"reason", "stale_syn_recv"}}),
              static_cast<double>(t.reasons[static_cast<std::size_t>(Reason::stale_syn_recv)]));
    EXPECT_EQ(value(f, "ajar_packet_reasons_total", {{"fate", "invalid"}, {"reason", "invalid_rst"}}),
              static_cast<double>(t.reasons[static_cast<std::size_t>(Reason::invalid_rst)]));
    EXPECT_EQ(value(f, "ajar_flows_evicted_total", {{"cause", "embryonic_stale"}}),
              static_cast<double>(t.evicted[0]));
    EXPECT_EQ(value(f, "ajar_pressure_stage", {{"stage", "cookies"}}), 1);
    EXPECT_EQ(value(f, "ajar_pressure_stage", {{"stage", "refuse_new"}}), 0);
    EXPECT_EQ(value(f, "ajar_cookies_sent_total"), 500);
    EXPECT_EQ(value(f, "ajar_table_used", {{"worker", "1"}, {"table", "embryonic"}, {"family", "ipv4"}}), 11);
    EXPECT_EQ(value(f, "ajar_table_capacity", {{"worker", "0"}, {"table", "confirmed"}, {"family", "ipv6"}}),
              200);
    EXPECT_EQ(value(f, "ajar_port_received_frames_total", {{"port", "net_pcap0"}}), 11);
    EXPECT_EQ(value(f, "ajar_port_up", {{"port", "0000:3b:00.1"}}), 0);
    EXPECT_EQ(value(f, "ajar_packet_buffers_in_use", {{"pair", "0"}}), 100);
    EXPECT_EQ(value(f, "ajar_mode", {{"mode", "enforce"}}), 1);
    EXPECT_EQ(value(f, "ajar_mode", {{"mode", "observe"}}), 0);
    EXPECT_EQ(value(f, "ajar_config_generation"), 7);
    EXPECT_EQ(value(f, "ajar_config_reloads_total", {{"outcome", "refused"}}), 4);
    EXPECT_EQ(value(f, "ajar_export_lines_lost_total"), 6);
    EXPECT_EQ(value(f, "ajar_export_flows_lost_total"), 8);
    EXPECT_EQ(value(f, "ajar_http_faults_total"), 6);
    EXPECT_EQ(value(f, "ajar_share_up"), 1);
    EXPECT_EQ(value(f, "ajar_share_names"), 30);
    EXPECT_EQ(value(f, "ajar_share_entries_told_total", {{"stream", "events"}}), 51);
    EXPECT_EQ(value(f, "ajar_share_entries_lost_total", {{"stream", "blocks"}}), 63);
    EXPECT_EQ(value(f, "ajar_share_entries_refused_total"), 8);
    EXPECT_EQ(value(f, "ajar_share_breaks_total"), 9);
    EXPECT_EQ(value(f, "ajar_uptime_seconds"), 1.5);
    EXPECT_EQ(value(f, "ajar_build_info", {{"version", "1.2"}, {"dpdk", "DPDK 22"}}), 1);
}

TEST(Families, BurstsAreAHistogram) {
    for (const auto& family : families_of(test::example_view())) {
        if (family.name != "ajar_rx_burst_packets") continue;
        const auto& h = family.metric.at(0).histogram;
        EXPECT_EQ(h.sample_count, 28U);
        EXPECT_EQ(h.sample_sum, 200);
        EXPECT_EQ(h.bucket.at(1).cumulative_count, 3U);
        EXPECT_EQ(h.bucket.at(1).upper_bound, 3);
        EXPECT_EQ(h.bucket.back().cumulative_count, h.sample_count);
        return;
    }
    ADD_FAILURE();
}

TEST(Families, WhatThereIsNotHasNoFamily) {
    View view = test::example_view();
    view.http.reset();
    view.facts.share = {};
    for (auto& worker : view.facts.workers) worker.timed = false;  // the packet clock's count no cycles
    for (const auto& family : families_of(view)) {
        EXPECT_FALSE(family.name.starts_with("ajar_http_")) << family.name;
        EXPECT_FALSE(family.name.starts_with("ajar_share_")) << family.name;
        EXPECT_NE(family.name, "ajar_worker_cycles_total");
    }
}

}  // namespace
}  // namespace ajar::metrics
