// Do the dashboard and the alert rules ask for metrics, labels and values that there are?
#include <gtest/gtest.h>

#include <fstream>
#include <iterator>
#include <map>
#include <regex>
#include <set>

#include "metrics/families.hpp"
#include "unit/metrics/example.hpp"

namespace ajar::metrics {
namespace {

using Values = std::map<std::string, std::set<std::string>>;  // of each label

std::map<std::string, Values> known_metrics() {
    std::map<std::string, Values> out;
    for (const auto& family : families_of(test::example_view())) {
        Values values;
        for (const auto& sample : family.metric)
            for (const auto& label : sample.label) values[label.name].insert(label.value);
        out[family.name] = values;
        if (family.type == prometheus::MetricType::Histogram)
            for (const char* end : {"_bucket", "_sum", "_count"}) out[family.name + end] = values;
    }
    return out;
}

std::string text_of(const std::string& path) {
    std::ifstream file(std::string(AJAR_SOURCE_ROOT) + "/" + path);
    EXPECT_TRUE(file) << path;
    std::string text{std::istreambuf_iterator<char>(file), {}};
    return std::regex_replace(text, std::regex(R"(\\")"), "\"");  // JSON's
}

/// Values that depend on the machine, and what Prometheus and Grafana add.
bool is_open(const std::string& label) {
    return std::set<std::string>{"instance", "job", "worker", "port", "queue", "pair", "le"}.contains(label);
}

void check_matchers(const std::string& metric, const std::string& matchers, const Values& values) {
    static const std::regex kMatcher(R"re((\w+)\s*(=~|!~|!=|=)\s*"([^"]*)")re");
    for (std::sregex_iterator at(matchers.begin(), matchers.end(), kMatcher), end; at != end; ++at) {
        const std::string label = (*at)[1], value = (*at)[3];
        if (is_open(label)) continue;
        ASSERT_TRUE(values.contains(label)) << metric << " has no label " << label;
        const auto& there = values.at(label);
        std::istringstream alternatives(value);
        for (std::string one; std::getline(alternatives, one, '|');)
            EXPECT_TRUE(one.starts_with("$") || there.contains(one))
                << metric << " has no " << label << " " << one;
    }
}

std::size_t check(const std::string& path) {
    static const std::regex kMetric(R"((ajar_\w+)(\{[^}]*\})?)");
    const auto known = known_metrics();
    const auto text = text_of(path);
    std::size_t seen = 0;
    for (std::sregex_iterator at(text.begin(), text.end(), kMetric), end; at != end; ++at, ++seen) {
        const std::string metric = (*at)[1];
        if (!known.contains(metric)) {
            ADD_FAILURE() << path << " asks for " << metric << ", which there is not";
            continue;
        }
        check_matchers(metric, (*at)[2], known.at(metric));
    }
    return seen;
}

TEST(Conf, TheDashboardAsksForWhatThereIs) { EXPECT_GT(check("conf/grafana.json"), 40U); }
TEST(Conf, TheAlertsAskForWhatThereIs) { EXPECT_GT(check("conf/alerts.yml"), 15U); }

}  // namespace
}  // namespace ajar::metrics
