// Is the text of a port understood: PCI or vdev, which captures, with or without an end?
#include "config/device.hpp"

#include <gtest/gtest.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>

namespace ajar::config {
namespace {

TEST(Device, APciAddressIsOneWithOrWithoutItsDomain) {
    EXPECT_TRUE(is_pci("3b:00.0"));
    EXPECT_TRUE(is_pci("0000:3b:00.0,rxq=4"));
    EXPECT_FALSE(is_pci("net_pcap0,rx_pcap=a:b"));
    EXPECT_FALSE(is_pci(""));
    EXPECT_EQ(device_name("3B:00.0,rxq=4"), "0000:3b:00.0");
    EXPECT_EQ(device_name("0000:3b:00.0"), "0000:3b:00.0");
    EXPECT_EQ(device_name("net_tap0,iface=T0"), "net_tap0");
}

TEST(Device, AnInterfaceOfTheKernelIsNone) {
    for (const char* name : {"eth0", "enp3s0f0np0", "br-lan", "veth_a"}) EXPECT_FALSE(is_device_name(name));
    for (const char* name : {"0000:3b:00.0", "net_af_packet0", "net_ring_a", "virtio_user0"})
        EXPECT_TRUE(is_device_name(name));
}

TEST(Device, WhatStaysOfTheKernelBelowAPort) {
    EXPECT_EQ(interface_under("net_af_packet0,iface=eth1,qdisc_bypass=1"), "eth1");
    EXPECT_EQ(interface_under("net_af_xdp1,iface=boxs,force_copy=1"), "boxs");
    EXPECT_EQ(interface_under("net_pcap0,iface=eth2"), "eth2");
    EXPECT_EQ(interface_under("net_pcap0,rx_pcap=a.pcap"), "");
    EXPECT_EQ(interface_under("net_tap0,iface=tap0"), "") << "it is gone with the process";
    EXPECT_EQ(interface_under("0000:3b:00.0"), "");
    EXPECT_TRUE(is_bifurcated("mlx5_core"));
    EXPECT_FALSE(is_bifurcated("ixgbe"));
}

TEST(Device, CapturesAreThoseOfItsTextInOrder) {
    EXPECT_EQ(capture_files("net_pcap0,rx_pcap=a.pcap,tx_pcap=b.pcap,rx_pcap=/c/d.pcap"),
              (std::vector<std::string>{"a.pcap", "/c/d.pcap"}));
    EXPECT_TRUE(capture_files("net_null0").empty());
    EXPECT_TRUE(capture_files("net_pcap0,tx_pcap=b.pcap").empty());
    EXPECT_TRUE(repeats_capture("net_pcap0,rx_pcap=a,infinite_rx=1"));
    EXPECT_FALSE(repeats_capture("net_pcap0,rx_pcap=a,infinite_rx=0"));
    EXPECT_FALSE(repeats_capture("net_pcap0,rx_pcap=a"));
}

TEST(Device, OnlyCapturesComeToAnEnd) {
    EXPECT_TRUE(comes_to_an_end("net_pcap0,rx_pcap=a,tx_iface=eth0"));
    EXPECT_TRUE(comes_to_an_end("net_pcap0,tx_pcap=b")) << "receives nothing";
    for (const char* port : {"net_pcap0,rx_pcap=a,infinite_rx=1", "net_pcap0,iface=eth0",
                             "net_pcap0,rx_iface=eth0", "net_pcap0,rx_iface_in=eth0", "net_ring0", "3b:00.0"})
        EXPECT_FALSE(comes_to_an_end(port)) << port;
}

TEST(Device, KeepsAllPacketsOfACaptureThatItRepeats) {
    const auto path = std::filesystem::temp_directory_path() / ("ajar-kept-" + std::to_string(getpid()));
    std::ofstream(path) << std::string(5800, 'x');
    const auto port = "net_pcap0,rx_pcap=" + path.string();
    EXPECT_EQ(packets_kept(port + ",infinite_rx=1"), 100U) << "ARP frames, 58 bytes each in the file";
    EXPECT_EQ(packets_kept(port), 0U);
    std::filesystem::remove(path);
}

}  // namespace
}  // namespace ajar::config
