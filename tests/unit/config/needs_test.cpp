// Do needs follow from the configuration, and does DPDK get the arguments that fit the machine?
#include <gtest/gtest.h>

#include <algorithm>

#include "config/clash.hpp"
#include "config/device.hpp"
#include "config/eal_args.hpp"
#include "config/load.hpp"
#include "config/needs.hpp"
#include "share/wire.hpp"

namespace ajar::config {
namespace {

Config with_ports(std::string a, std::string b) {
    auto config = default_config();
    config.ports = {{std::move(a), std::move(b)}};
    return config;
}
Machine machine(std::vector<unsigned> cpus, std::uint64_t free_hugepages = 0) {
    return {std::move(cpus), free_hugepages};
}
bool has(const std::vector<std::string>& args, std::string_view wanted) {
    return std::find(args.begin(), args.end(), wanted) != args.end();
}
bool has_prefix(const std::vector<std::string>& args, std::string_view wanted) {
    return std::any_of(args.begin(), args.end(), [&](const auto& a) { return a.starts_with(wanted); });
}
std::string lcores_of(std::uint32_t workers, ClockSource clock, std::vector<unsigned> cpus) {
    auto config = with_ports("net_ring0", "net_ring1");
    config.workers = workers;
    config.clock = clock;
    return eal_arguments(config, machine(std::move(cpus))).front();
}

TEST(EalArguments, WhatIsSharedHasANameAndIsNotThisProcesssAlone) {
    auto config = with_ports("net_ring0", "net_ring1");
    config.hugepages = Hugepages::on;
    config.dumpcap = "edge-1";
    const auto args = eal_arguments(config, machine({0}));
    EXPECT_TRUE(has(args, "--file-prefix=edge-1"));
    EXPECT_FALSE(has(args, "--in-memory"));
    EXPECT_FALSE(has(args, "--no-huge"));
    EXPECT_TRUE(clashes(config).empty());
    config.hugepages = Hugepages::automatic;
    ASSERT_EQ(clashes(config).size(), 1U);
    EXPECT_EQ(clashes(config)[0].path, "appliance.dumpcap");
}

TEST(EalArguments, EveryThreadHasACpuWhereThereAreEnough) {
    EXPECT_EQ(lcores_of(1, ClockSource::tsc, {4, 5}), "--lcores=0@4,1@5");
    EXPECT_EQ(lcores_of(2, ClockSource::tsc, {0, 2, 4, 6}), "--lcores=0@0,1@2,2@4");
    EXPECT_EQ(lcores_of(1, ClockSource::packet, {0, 1, 2}), "--lcores=0@0,1@1,2@2");
}

TEST(EalArguments, TooFewCpusAreShared) {
    EXPECT_EQ(lcores_of(1, ClockSource::tsc, {0}), "--lcores=0@0,1@0");
    EXPECT_EQ(lcores_of(2, ClockSource::tsc, {0, 1}), "--lcores=0@0,1@0,2@1");
    EXPECT_EQ(lcores_of(3, ClockSource::tsc, {0, 1}), "--lcores=0@1,1@0,2@1,3@0");
}

TEST(EalArguments, CpusOfTheFilePrevail) {
    auto config = with_ports("net_ring0", "net_ring1");
    config.cpus = "9,7";
    EXPECT_EQ(eal_arguments(config, machine({0, 1})).front(), "--lcores=0@9,1@7");
}

TEST(EalArguments, HugepagesOnlyWhereTheyHoldIt) {
    auto config = with_ports("net_ring0", "net_ring1");
    const auto enough = needs_of(config).hugepage_bytes();
    const auto with = eal_arguments(config, machine({0}, enough));
    EXPECT_TRUE(has(with, "--in-memory"));
    EXPECT_FALSE(has(with, "--no-huge"));  // DPDK refuses both together
    const auto without = eal_arguments(config, machine({0}, enough - 1));
    EXPECT_TRUE(has(without, "--no-huge"));
    EXPECT_TRUE(has_prefix(without, "-m"));
    EXPECT_TRUE(has(without, "--no-shconf"));
    EXPECT_FALSE(has(without, "--in-memory"));
    config.hugepages = Hugepages::on;
    EXPECT_TRUE(has(eal_arguments(config, machine({0}, 0)), "--in-memory"));
    config.hugepages = Hugepages::off;
    EXPECT_TRUE(has(eal_arguments(config, machine({0}, enough)), "--no-huge"));
}

TEST(EalArguments, PciAndVirtualDevices) {
    const auto mixed = eal_arguments(with_ports("0000:3b:00.0", "net_tap0,iface=t0"), machine({0}));
    EXPECT_TRUE(has(mixed, "-a0000:3b:00.0"));
    EXPECT_TRUE(has(mixed, "--vdev=net_tap0,iface=t0"));
    EXPECT_FALSE(has(mixed, "--no-pci"));
    EXPECT_TRUE(has(eal_arguments(with_ports("net_ring0", "net_ring1"), machine({0})), "--no-pci"));
}

TEST(EalArguments, TheUsersOwnComeLast) {
    auto config = with_ports("net_ring0", "net_ring1");
    config.eal_args = {"--log-level=lib.eal:debug"};
    EXPECT_EQ(eal_arguments(config, machine({0})).back(), "--log-level=lib.eal:debug");
}

TEST(Needs, ThreadsAndQueues) {
    auto config = with_ports("net_ring0", "net_ring1");
    config.workers = 3;
    EXPECT_EQ(needs_of(config).lcores, 4U);
    EXPECT_EQ(needs_of(config).queues, 3U);
    config.clock = ClockSource::packet;
    EXPECT_EQ(needs_of(config).lcores, 5U);
    EXPECT_EQ(needs_of(config).queues, 1U);
}

TEST(Needs, GrowWithWhatTheyAreFor) {
    const auto base = needs_of(with_ports("net_ring0", "net_ring1"));
    const auto grown = [](auto change) {
        auto config = with_ports("net_ring0", "net_ring1");
        change(config);
        return needs_of(config);
    };
    EXPECT_GT(grown([](Config& c) { c.sizes.confirmed *= 2; }).table_bytes, base.table_bytes);
    EXPECT_GT(grown([](Config& c) { c.rx_descriptors *= 2; }).buffers, base.buffers);
    EXPECT_GT(grown([](Config& c) { c.mtu = 9000; }).buffer_bytes, base.buffer_bytes);
    EXPECT_GT(grown([](Config& c) { c.event_ring *= 2; }).ring_bytes, base.ring_bytes);
    EXPECT_GT(grown([](Config& c) { c.workers = 4; }).ring_bytes, base.ring_bytes);
    EXPECT_GT(grown([](Config& c) { c.share_server = "unix:/s"; }).ring_bytes,
              base.ring_bytes + 2 * (share::Replies::kMostBytes + share::Wire::kMostBytes));
    EXPECT_EQ(grown([](Config& c) { c.mbufs = 5000; }).buffers, 5000U);
    EXPECT_GT(grown([](Config& c) { c.fragments.datagrams *= 4; }).fragment_bytes, base.fragment_bytes);
    EXPECT_EQ(base.total(true), base.buffer_bytes + base.table_bytes + base.ring_bytes + base.fragment_bytes);
    EXPECT_EQ(base.total(false) - base.total(true), base.buffer_page_bytes - base.buffer_bytes);
}

/// What the driver keeps for itself is not there for packets.
TEST(Needs, AfXdpKeepsMoreThanItsDescriptors) {
    const auto least = [](const char* a, const char* b) {
        auto config = with_ports(a, b);
        config.rx_descriptors = config.tx_descriptors = 256;
        return needs_of(config).least_buffers;
    };
    const auto rings = least("net_ring0", "net_ring1");
    const auto sockets = least("net_af_xdp0,iface=a", "net_af_xdp1,iface=b");
    EXPECT_GE(sockets, rings + 2 * 2 * (kAfXdpRing - 256)) << "two fill rings, two completion rings";
}

TEST(Needs, HeldFragmentsLeaveTheOthersTheirBuffers) {
    auto config = with_ports("net_ring0", "net_ring1");
    const auto free = needs_of(config);
    EXPECT_EQ(free.held_buffers, 4 * config.fragments.datagrams);
    EXPECT_GE(free.buffers, free.least_buffers);
    config.mbufs = static_cast<std::uint32_t>(free.least_buffers + 100);
    const auto tight = needs_of(config);
    EXPECT_EQ(tight.least_buffers, free.least_buffers);
    EXPECT_LT(tight.held_buffers, 400U);
    EXPECT_GT(tight.held_buffers, 100U);
}

TEST(Needs, TooFewBuffersAreRefused) {
    auto config = with_ports("net_ring0", "net_ring1");
    const auto least = static_cast<std::uint32_t>(needs_of(config).least_buffers);
    config.mbufs = least;
    EXPECT_TRUE(clashes(config).empty());
    config.mbufs = least - 1;
    const auto found = clashes(config);
    ASSERT_EQ(found.size(), 1U);
    EXPECT_EQ(found[0].path, "appliance.mbufs");
    EXPECT_NE(found[0].text.find(std::to_string(least)), std::string::npos) << found[0].text;
}

TEST(Compare, SaysWhatIsMissingAndHowToGetIt) {
    auto config = with_ports("net_ring0", "net_ring1");
    config.hugepages = Hugepages::on;
    const auto needs = needs_of(config);
    const auto poor = compare(config, needs, machine({0}));
    EXPECT_FALSE(poor.enough);
    EXPECT_NE(poor.text.find("cores      2 (control, 1 worker); 1 given"), std::string::npos) << poor.text;
    EXPECT_NE(poor.text.find("threads will share CPUs"), std::string::npos) << poor.text;
    EXPECT_NE(poor.text.find("/proc/sys/vm/nr_hugepages"), std::string::npos) << poor.text;
    const auto rich = compare(config, needs, machine({0, 1}, needs.hugepage_bytes()));
    EXPECT_TRUE(rich.enough);
    EXPECT_NE(rich.text.find("; taken"), std::string::npos) << rich.text;
    EXPECT_EQ(rich.text.find("nr_hugepages"), std::string::npos) << rich.text;
}

TEST(Machine, HasAtLeastACpu) { EXPECT_FALSE(this_machine().cpus.empty()); }

}  // namespace
}  // namespace ajar::config
