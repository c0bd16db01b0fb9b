// What is decided before a device is touched: queues, link following, MTUs.
#include <gtest/gtest.h>

#include "dataplane/capture_stamps.hpp"
#include "dataplane/link_watch.hpp"
#include "dataplane/port.hpp"
#include "dataplane/rss.hpp"

namespace ajar::dataplane {
namespace {

PortFacts nic(std::uint16_t rx, std::uint16_t tx) {
    PortFacts facts;
    facts.driver = "net_nic";
    facts.max_rx_queues = rx;
    facts.max_tx_queues = tx;
    return facts;
}

TEST(PlanQueues, OneForEachWorkerWhereTheDeviceHasAsMany) {
    EXPECT_EQ(plan_queues(nic(16, 16), 4, false).rx, 4);
    EXPECT_EQ(plan_queues(nic(2, 16), 4, false).rx, 2);
    EXPECT_EQ(plan_queues(nic(16, 1), 4, false).tx, 1);
    EXPECT_EQ(plan_queues(nic(16, 16), 5, true).rx, 1);
}

TEST(PlanQueues, EveryCaptureOfADeviceIsRead) {
    PortFacts facts = nic(3, 1);
    facts.driver = "net_pcap";
    EXPECT_EQ(plan_queues(facts, 1, false).rx, 3);
    EXPECT_EQ(plan_queues(facts, 2, true).rx, 3);
}

TEST(LinkFollow, ALossTakesTheTwinDownAndItsReturnBringsItBack) {
    using Order = LinkFollow::Order;
    EXPECT_EQ(LinkFollow::for_twin(true, false, false), Order::none);
    EXPECT_EQ(LinkFollow::for_twin(false, false, false), Order::down);
    EXPECT_EQ(LinkFollow::for_twin(false, false, true), Order::none) << "it is down already";
    EXPECT_EQ(LinkFollow::for_twin(true, false, true), Order::up);
}

TEST(LinkFollow, APortThatWasTakenDownNeverTakesItsTwinDown) {
    EXPECT_EQ(LinkFollow::for_twin(false, true, false), LinkFollow::Order::none);
    EXPECT_EQ(LinkFollow::for_twin(false, true, true), LinkFollow::Order::none);
}

TEST(PairMtu, MustBeTheSame) {
    EXPECT_TRUE(check_pair_mtu("a", 1500, "b", 1500).ok());
    const auto refused = check_pair_mtu("a", 1500, "b", 9000);
    ASSERT_FALSE(refused.ok());
    EXPECT_NE(refused.error().find("a has 1500, b has 9000"), std::string::npos);
}

TEST(CaptureStamps, SayWhyAFileCannotBeRead) {
    const auto missing = CaptureStamps::open("/nowhere/at/all.pcap");
    ASSERT_FALSE(missing.ok());
    EXPECT_NE(missing.error().find("/nowhere/at/all.pcap"), std::string::npos);
}

TEST(Rss, DpdksHashAndOurPartitionsAgreeUnderKeysOfAnyWord) {
    for (const int word : {0x6d5a, 0x0001, 0x8000, 0xfffe}) {
        EXPECT_TRUE(rss_agrees_with_software(static_cast<std::uint16_t>(word))) << std::hex << word;
    }
}

TEST(Rss, NeedsBothFamiliesATableAndAKey) {
    PortFacts facts = nic(8, 8);
    facts.rss_types = kRssTypes;
    facts.reta_size = 128;
    facts.hash_key_size = 40;
    EXPECT_TRUE(rss_capable(facts));
    facts.hash_key_size = 52;
    EXPECT_TRUE(rss_capable(facts));
    facts.hash_key_size = 64;
    EXPECT_FALSE(rss_capable(facts)) << "longer than the key that we have";
    facts.hash_key_size = 40;
    facts.reta_size = 0;
    EXPECT_FALSE(rss_capable(facts));
}

TEST(Owners, AreSpreadOverAllWorkers) {
    for (const std::uint32_t workers : {1U, 2U, 3U, 8U}) {
        std::vector<int> partitions(workers);
        for (unsigned p = 0; p < kPartitions; ++p)
            ++partitions[owner_of(static_cast<std::uint8_t>(p), workers)];
        for (const int n : partitions) EXPECT_NEAR(n, 128.0 / workers, 1.0);
    }
}

}  // namespace
}  // namespace ajar::dataplane
