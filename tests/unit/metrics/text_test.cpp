// Is the text what the formats say?
#include "metrics/text.hpp"

#include <gtest/gtest.h>

#include <sstream>

#include "unit/metrics/example.hpp"

namespace ajar::metrics {
namespace {

using prometheus::MetricType;

Families two_families() {
    prometheus::ClientMetric lost;
    lost.label = {{"worker", "0"}, {"path", "a\"b\\c\nd"}};
    lost.counter.value = 9007199254740991;  // 2^53 - 1
    prometheus::ClientMetric info;
    info.label = {{"version", "1"}};
    info.gauge.value = 1;
    prometheus::ClientMetric bursts;
    bursts.histogram.bucket = {{2, 1}, {5, 64}};
    bursts.histogram.sample_count = 5;
    bursts.histogram.sample_sum = 70.5;
    return {{"ajar_lost_total", "What was lost.", MetricType::Counter, {lost}},
            {"ajar_build_info", "Which one.", MetricType::Gauge, {info}},
            {"ajar_bursts", "How large.", MetricType::Histogram, {bursts}}};
}

TEST(OpenMetrics, IsWrittenAsItsSpecificationSays) {
    EXPECT_EQ(open_text(two_families()),
              "# TYPE ajar_lost counter\n# HELP ajar_lost What was lost.\n"
              "ajar_lost_total{worker=\"0\",path=\"a\\\"b\\\\c\\nd\"} 9007199254740991\n"
              "# TYPE ajar_build info\n# HELP ajar_build Which one.\n"
              "ajar_build_info{version=\"1\"} 1\n"
              "# TYPE ajar_bursts histogram\n# HELP ajar_bursts How large.\n"
              "ajar_bursts_bucket{le=\"1.0\"} 2\najar_bursts_bucket{le=\"64.0\"} 5\n"
              "ajar_bursts_bucket{le=\"+Inf\"} 5\najar_bursts_sum 70.5\najar_bursts_count 5\n"
              "# EOF\n");
}

TEST(PlainText, NamesACounterWithItsTotal) {
    const auto text = plain_text(two_families());
    EXPECT_NE(text.find("# TYPE ajar_lost_total counter\n"), std::string::npos) << text;
    EXPECT_NE(text.find("ajar_bursts_bucket{le=\"+Inf\"} 5\n"), std::string::npos) << text;
    EXPECT_EQ(text.find("# EOF"), std::string::npos);
}

// Both say the same of the same, but for the +Inf bucket, which both add.
TEST(BothFormats, HaveTheSameSamples) {
    const auto families = families_of(test::example_view());
    const auto samples = [](const std::string& text) {
        std::size_t n = 0;
        std::istringstream lines(text);
        for (std::string line; std::getline(lines, line);) n += !line.starts_with('#');
        return n;
    };
    EXPECT_EQ(samples(open_text(families)), samples(plain_text(families)));
}

TEST(Accept, PrometheusTakesOpenMetricsAndABrowserDoesNot) {
    EXPECT_TRUE(
        takes_open("application/openmetrics-text;version=1.0.0,text/plain;version=0.0.4;q=0.5,*/*;q=0.1"));
    EXPECT_FALSE(takes_open("text/html,application/xhtml+xml,*/*;q=0.8"));
    EXPECT_FALSE(takes_open(""));
}

}  // namespace
}  // namespace ajar::metrics
