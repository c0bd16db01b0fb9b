// Are measurements added up and written as they are?
#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

#include "dataplane/bench/json.hpp"
#include "dataplane/bench/plot.hpp"
#include "dataplane/bench/report.hpp"
#include "dataplane/bench/text.hpp"

namespace ajar::dataplane {
namespace {

Row row(std::string run, std::uint64_t flows, std::uint32_t workers, std::vector<double> rates) {
    return {.run = std::move(run),
            .flows = flows,
            .workers = workers,
            .rates = rates,
            .wall_rates = rates,
            .packets = 100,
            .transmitted = 99,
            .dropped = 1,
            .switches = 2};
}

Report report() {
    Report r{.scenario = "established", .facts = {{"cpu", "a \"fast\" one"}}};
    r.rows = {row("macswap", 65536, 1, {10e6, 30e6, 20e6}),
              row("ajar", 65536, 1, {5e6, 6e6, 4e6}),
              row("macswap", 1 << 20, 1, {20e6}),
              row("ajar", 1 << 20, 1, {2.5e6}),
              row("macswap", 65536, 2, {36e6}),
              row("ajar", 65536, 2, {9e6})};
    r.rows[1].ratio = ratio_of(r.rows[1].rates, r.rows[0].rates);
    r.rows[1].beside = "macswap";
    r.rows[1].figures = {{"connections a second", 1.25e6}};
    r.checks = {{"time of the mix", 65536, 1, 1.3, 1.25, true}};
    return r;
}

TEST(BenchReport, TheMedianIsInTheMiddle) {
    EXPECT_EQ(spread_of({3, 1, 2}).median, 2);
    EXPECT_EQ(spread_of({4, 1, 2, 3}).median, 2.5);
    EXPECT_EQ(spread_of({4, 1, 2, 3}).least, 1);
    EXPECT_EQ(spread_of({4, 1, 2, 3}).most, 4);
    EXPECT_EQ(spread_of({}).median, 0);
}

TEST(BenchReport, RatiosAreOfMediansAndTheirSpreadOfPairs) {
    const auto r = ratio_of({5, 6, 4}, {10, 30, 20});
    EXPECT_DOUBLE_EQ(r.median, 5.0 / 20);
    EXPECT_DOUBLE_EQ(r.least, 6.0 / 30);
    EXPECT_DOUBLE_EQ(r.most, 5.0 / 10);
}

TEST(BenchReport, JsonHoldsEveryNumber) {
    const auto j = nlohmann::json::parse(to_json(report()));
    EXPECT_EQ(j["schema"], 1);
    EXPECT_EQ(j["scenario"], "established");
    EXPECT_EQ(j["facts"]["cpu"], "a \"fast\" one");
    ASSERT_EQ(j["rows"].size(), 6U);
    const auto& ajar = j["rows"][1];
    EXPECT_EQ(ajar["run"], "ajar");
    EXPECT_EQ(ajar["rate"]["median"], 5e6);
    EXPECT_EQ(ajar["rate"]["rounds"], (std::vector<double>{5e6, 6e6, 4e6}));
    EXPECT_EQ(ajar["ns_per_packet"], 200.0);
    EXPECT_EQ(ajar["ratio"]["beside"], "macswap");
    EXPECT_EQ(ajar["ratio"]["median"], 0.25);
    EXPECT_EQ(ajar["figures"]["connections a second"], 1.25e6);
    EXPECT_EQ(ajar["dropped"], 1);
    EXPECT_TRUE(j["rows"][0]["ratio"].is_null());
    EXPECT_EQ(j["checks"][0]["met"], false);
    EXPECT_TRUE(j["faults"].empty());
}

TEST(BenchReport, ThePlotHasACurveForEveryRun) {
    auto r = report();
    r.scenario = "a<b";
    const auto svg = to_svg(r);
    for (const char* text : {"ajar, 1 worker<", "ajar, 2 workers<", "macswap, 64Ki flows<", ">flows<",
                             ">1Mi<", ">ns a packet, on the worker<", ">million packets a second<", "a&lt;b"})
        EXPECT_NE(svg.find(text), std::string::npos) << text;
    EXPECT_EQ(svg.find("nan"), std::string::npos);
    EXPECT_EQ(svg.find("inf"), std::string::npos);
}

TEST(BenchReport, ConclusionsCompareFlowsAndWorkers) {
    auto r = report();
    r.faults = {"sums do not hold"};
    const auto text = conclusions(r);
    EXPECT_NE(text.find("growth   ajar, 1 worker: 64Ki -> 1Mi flows, cost a packet x 2.00"),
              std::string::npos)
        << text;
    EXPECT_NE(text.find("gain     ajar, 64Ki flows: 1 -> 2 workers x 1.800, macswap x 1.800: 1.000 of it"),
              std::string::npos)
        << text;
    EXPECT_NE(text.find("NOT MET  time of the mix, 64Ki flows, 1 worker: 1.3, at most 1.25 wanted"),
              std::string::npos)
        << text;
    EXPECT_NE(text.find("FAULT    sums do not hold"), std::string::npos);
}

TEST(BenchReport, ATableLineSaysRateSpreadCostAndLoss) {
    const auto r = report();
    const auto line = table_lines({&r.rows[1], 1});
    EXPECT_NE(line.find("64Ki       1  ajar                        5.000      4.000..6.000     200.0         "
                        "1         2"),
              std::string::npos)
        << line;
    EXPECT_NE(line.find("0.250 x macswap (0.200..0.500)"), std::string::npos) << line;
}

}  // namespace
}  // namespace ajar::dataplane
