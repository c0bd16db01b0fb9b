// Cards, drivers, IOMMU, interfaces of the kernel's.
#include "fake_machine.hpp"

namespace ajar::doctor {
namespace {

TEST(DoctorPorts, ACardOfTheKernelIsTroubleAndTheLineBindsIt) {
    FakeMachine machine;
    machine.cpus(4).nic("0000:3b:00.0", "ixgbe").nic("0000:3b:00.1", "vfio-pci");
    machine.file("/sys/bus/pci/devices/0000:3b:00.0/net/eth7/flags", "0x1003");
    const auto found = look_at_ports(machine.admit(kCards));
    ASSERT_EQ(found.size(), 2U);
    EXPECT_EQ(found[0].grade, Grade::trouble);
    EXPECT_NE(found[0].seen.find("the kernel has it (ixgbe, eth7)"), std::string::npos) << found[0].seen;
    EXPECT_NE(found[0].fix.find("ip link set eth7 down && dpdk-devbind.py --bind=vfio-pci 0000:3b:00.0"),
              std::string::npos)
        << found[0].fix;
    EXPECT_EQ(found[1].grade, Grade::ok);
}

TEST(DoctorPorts, DriversByWhatTheyAreWorth) {
    FakeMachine machine;
    machine.cpus(4).nic("0000:3b:00.0", "mlx5_core", "0x15b3").nic("0000:3b:00.1", "uio_pci_generic");
    const auto found = look_at_ports(machine.admit(kCards));
    EXPECT_EQ(found[0].grade, Grade::ok) << words(found);
    EXPECT_EQ(found[1].grade, Grade::advice) << words(found);
    FakeMachine bare;
    bare.cpus(4).nic("0000:3b:00.0", "");
    const auto without = look_at_ports(bare.admit(kCards));
    EXPECT_EQ(without[0].grade, Grade::trouble) << words(without);  // no driver
    EXPECT_EQ(without[1].grade, Grade::trouble) << words(without);  // no card
    EXPECT_NE(without[1].seen.find("no network card has this PCI address"), std::string::npos);
}

TEST(DoctorPorts, InterfacesHaveToBeThereAndUp) {
    FakeMachine machine;
    machine.cpus(4).file("/sys/class/net/left/flags", "0x1002");
    auto found = look_at_ports(machine.admit(kInterfaces));
    EXPECT_EQ(found[0].fix, "ip link set left up");
    EXPECT_EQ(found[1].grade, Grade::trouble);
    machine.file("/sys/class/net/left/flags", "0x1003").file("/sys/class/net/left/carrier", "0");
    machine.file("/sys/class/net/right/flags", "0x1003").file("/sys/class/net/right/carrier", "1");
    found = look_at_ports(machine.admit(kInterfaces));
    EXPECT_EQ(found[0].grade, Grade::advice) << words(found);
    EXPECT_EQ(found[1].grade, Grade::ok) << words(found);
}

TEST(DoctorPorts, CardsThatAreNobodysAreListed) {
    FakeMachine machine;
    machine.cpus(4)
        .nic("0000:3b:00.0", "vfio-pci")
        .nic("0000:3b:00.1", "vfio-pci")
        .nic("0000:01:00.0", "tg3");
    const auto found = look_at_other_nics(machine.admit(kCards));
    ASSERT_EQ(found.size(), 1U) << words(found);
    EXPECT_NE(found[0].seen.find("0000:01:00.0"), std::string::npos);
    EXPECT_EQ(look_at_other_nics(machine.alone()).size(), 3U);
}

TEST(DoctorIommu, VfioOpensNothingWithoutOne) {
    FakeMachine machine;
    machine.cpus(4)
        .nic("0000:3b:00.0", "vfio-pci", "0x8086", 0, "")
        .nic("0000:3b:00.1", "vfio-pci", "0x8086", 0, "");
    EXPECT_EQ(worst(look_at_iommu(machine.admit(kCards))), Grade::trouble);
    machine.file("/sys/module/vfio/parameters/enable_unsafe_noiommu_mode", "Y");
    EXPECT_EQ(worst(look_at_iommu(machine.admit(kCards))), Grade::advice);
    EXPECT_EQ(worst(look_at_iommu(machine.admit(kInterfaces))), Grade::ok);
    machine.file("/proc/cpuinfo", "vendor_id : AuthenticAMD");
    EXPECT_EQ(words(look_at_iommu(machine.admit(kCards))).find("intel_iommu"), std::string::npos);
}

TEST(DoctorIommu, AGroupIsLentAsAWhole) {
    FakeMachine machine;
    machine.cpus(4).nic("0000:3b:00.0", "vfio-pci").nic("0000:3b:00.1", "vfio-pci");
    EXPECT_EQ(worst(look_at_iommu(machine.admit(kCards))), Grade::ok);
    machine.nic("0000:3b:00.2", "ixgbe");
    const auto found = look_at_iommu(machine.admit(kCards));
    EXPECT_EQ(worst(found), Grade::trouble);
    EXPECT_NE(words(found).find("0000:3b:00.2 is in its IOMMU group 7 and still has ixgbe"),
              std::string::npos)
        << words(found);
}

TEST(DoctorKernel, ABridgeOfSomebodyElseDoublesFrames) {
    FakeMachine machine;
    machine.cpus(4)
        .link("/sys/class/net/left/master", "../br0")
        .link("/sys/class/net/right/master", "../ajarby7");
    const auto found = look_at_kernel_forwarding(machine.admit(kInterfaces));
    EXPECT_EQ(worst(found), Grade::trouble);
    EXPECT_NE(words(found).find("ip link set left nomaster"), std::string::npos) << words(found);
    EXPECT_NE(words(found).find("ok: right is bridged by `ajar bypass`"), std::string::npos) << words(found);
}

TEST(DoctorKernel, ABridgeOfACardThatTheKernelSharesIsSeenAndABondIsNone) {
    FakeMachine machine;
    machine.cpus(4).nic("0000:3b:00.0", "mlx5_core", "0x15b3").nic("0000:3b:00.1", "vfio-pci");
    machine.file("/sys/bus/pci/devices/0000:3b:00.0/net/ens1/mtu", "1500");
    EXPECT_EQ(worst(look_at_kernel_forwarding(machine.admit(kCards))), Grade::ok);
    machine.link("/sys/class/net/ens1/master", "../br0");
    const auto found = look_at_kernel_forwarding(machine.admit(kCards));
    EXPECT_NE(words(found).find("trouble: ens1 is a part of br0"), std::string::npos) << words(found);
    machine.file("/sys/class/net/br0/bonding/mode", "802.3ad 4");
    EXPECT_EQ(worst(look_at_kernel_forwarding(machine.admit(kCards))), Grade::ok);
}

TEST(DoctorKernel, RoutingBetweenThePortsIsTrouble) {
    const std::string head = "Iface\tDestination\tGateway\n";
    FakeMachine machine;
    machine.cpus(4).file("/proc/net/route",
                         head + "left\t0000000A\t0\nright\t0000000B\t0\neth0\t00000000\t1");
    EXPECT_EQ(worst(look_at_kernel_forwarding(machine.admit(kInterfaces))), Grade::advice);  // addresses
    machine.file("/proc/sys/net/ipv4/ip_forward", "1");
    EXPECT_EQ(worst(look_at_kernel_forwarding(machine.admit(kInterfaces))), Grade::trouble);
    machine.file("/proc/net/route", head + "eth0\t00000000\t1");
    EXPECT_EQ(worst(look_at_kernel_forwarding(machine.admit(kInterfaces))), Grade::ok);
    machine.file("/proc/net/if_inet6", "fe800000000000000000000000000001 07 40 20 80    left");
    const auto found = look_at_kernel_forwarding(machine.admit(kInterfaces));
    EXPECT_NE(words(found).find("sysctl -w net.ipv6.conf.left.disable_ipv6=1"), std::string::npos)
        << words(found);
}

TEST(DoctorKernel, ConntrackSeesWhatIsAddressedToTheMachineOrBridged) {
    FakeMachine machine;
    machine.cpus(4).file("/proc/sys/net/netfilter/nf_conntrack_max", "262144");
    EXPECT_EQ(worst(look_at_kernel_conntrack(machine.admit(kInterfaces))), Grade::ok);
    machine.file("/proc/net/route", "Iface\tDestination\nleft\t0000000A");
    EXPECT_EQ(worst(look_at_kernel_conntrack(machine.admit(kInterfaces))), Grade::advice);
    machine.file("/proc/net/route", "").file("/proc/sys/net/bridge/bridge-nf-call-iptables", "1");
    EXPECT_EQ(worst(look_at_kernel_conntrack(machine.admit(kInterfaces))), Grade::ok);
    const auto open = kInterfaces + "[appliance]\nwhen_down = \"open\"\n";
    EXPECT_EQ(worst(look_at_kernel_conntrack(machine.admit(open))), Grade::advice);
}

TEST(DoctorKernel, OffloadsAreNamedWithTheirLine) {
    FakeMachine machine;
    machine.cpus(4);
    auto patient = machine.admit(kInterfaces);
    patient.offloads = {{"left", {"gro", "tso"}}, {"right", {}}};
    const auto found = look_at_offloads(patient);
    ASSERT_EQ(found.size(), 1U);
    EXPECT_EQ(found[0].fix, "ethtool -K left gro off tso off");
}

}  // namespace
}  // namespace ajar::doctor
