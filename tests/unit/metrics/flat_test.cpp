// Do samples keep their numbers, and get names that telemetry takes?
#include "metrics/flat.hpp"

#include <gtest/gtest.h>

#include <map>

#include "unit/metrics/example.hpp"

namespace ajar::metrics {
namespace {

std::map<std::string, double> by_names(const std::vector<Number>& numbers) {
    std::map<std::string, double> out;
    for (const auto& [name, value] : numbers) {
        EXPECT_EQ(name.find_first_not_of("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_"),
                  std::string::npos)
            << name;
        EXPECT_LT(name.size(), 128U) << name;
        EXPECT_TRUE(out.emplace(name, value).second) << name << " is there twice";
    }
    EXPECT_LE(out.size(), 256U);
    return out;
}

TEST(Flat, AFamilyByItsLabels) {
    const auto families = families_of(test::example_view());
    EXPECT_EQ(by_names(flat(families, "ajar_table_used")).at("1_embryonic_ipv4"), 11);
    EXPECT_EQ(by_names(flat(families, "ajar_cookies_sent_total")).at("value"), 500);
    EXPECT_EQ(by_names(flat(families, "ajar_rx_burst_packets")).at("net_pcap0_3_1_count"), 28);
    EXPECT_EQ(by_names(flat(families, "ajar_port_up")).at("0000_3b_00_1"), 0);
    EXPECT_TRUE(flat(families, "ajar_nothing").empty());
    for (const auto& family : families)
        EXPECT_FALSE(by_names(flat(families, family.name)).empty()) << family.name;
}

TEST(Flat, AllThatIsOfAWorkerOrAPort) {
    const auto families = families_of(test::example_view());
    const auto worker = by_names(flat(families, "worker", "1"));
    EXPECT_EQ(worker.at("worker_packets"), 101);
    EXPECT_EQ(worker.at("worker_cycles_busy"), 30);
    EXPECT_EQ(worker.at("table_capacity_confirmed_ipv6"), 200);
    EXPECT_EQ(by_names(flat(families, "port", "net_pcap0")).at("port_received_frames"), 11);
    EXPECT_TRUE(flat(families, "worker", "9").empty());
}

}  // namespace
}  // namespace ajar::metrics
