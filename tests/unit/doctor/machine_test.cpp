// Memory, CPUs, nodes, the hash of the cards, the service.
#include <nlohmann/json.hpp>

#include "fake_machine.hpp"

namespace ajar::doctor {
namespace {

std::string appliance(const std::string& lines) { return kCards + "[appliance]\n" + lines + "\n"; }

FakeMachine& two_cards(FakeMachine& machine, int node = 0) {
    return machine.nic("0000:3b:00.0", "vfio-pci", "0x8086", node)
        .nic("0000:3b:00.1", "vfio-pci", "0x8086", node);
}
FakeMachine& hugepages(FakeMachine& machine, const std::string& free) {
    return machine.file("/sys/kernel/mm/hugepages/hugepages-2048kB/free_hugepages", free);
}

TEST(DoctorMemory, HugepagesByWhatIsAskedFor) {
    FakeMachine machine;
    hugepages(two_cards(machine.cpus(4)), "10");
    EXPECT_EQ(worst(look_at_hugepages(machine.admit(appliance("hugepages = \"on\"")))), Grade::trouble);
    EXPECT_EQ(worst(look_at_hugepages(machine.admit(appliance("hugepages = \"auto\"")))), Grade::advice);
    EXPECT_EQ(worst(look_at_hugepages(machine.admit(appliance("hugepages = \"off\"")))), Grade::advice);
    EXPECT_EQ(worst(look_at_hugepages(machine.admit(kCaptures + "[appliance]\nhugepages = \"off\"\n"))),
              Grade::ok);
    const auto patient = machine.admit(appliance("hugepages = \"on\""));
    const auto pages = (patient.needs.hugepage_bytes() + (2U << 20U) - 1) / (2U << 20U);
    EXPECT_NE(words(look_at_hugepages(patient)).find("vm.nr_hugepages = " + std::to_string(pages) + "'"),
              std::string::npos);
    hugepages(machine, std::to_string(pages));
    EXPECT_EQ(worst(look_at_hugepages(machine.admit(appliance("hugepages = \"on\"")))),
              Grade::advice);  // of no node
    machine.file("/sys/devices/system/node/node0/hugepages/hugepages-2048kB/free_hugepages",
                 std::to_string(pages));
    EXPECT_EQ(worst(look_at_hugepages(machine.admit(appliance("hugepages = \"on\"")))), Grade::ok);
}

TEST(DoctorMemory, PinningNeedsALimitOrACapability) {
    const std::string limits = "Limit                     Soft Limit           Hard Limit           Units\n";
    FakeMachine machine;
    two_cards(machine.cpus(4))
        .file("/proc/self/limits",
              limits + "Max locked memory         8388608              8388608              bytes");
    EXPECT_EQ(worst(look_at_memory_lock(machine.admit(kCards))), Grade::ok);  // root
    machine.plain_user();
    EXPECT_EQ(worst(look_at_memory_lock(machine.admit(kCards))), Grade::trouble);
    EXPECT_EQ(worst(look_at_memory_lock(machine.admit(kInterfaces))), Grade::ok);
    machine.file("/proc/self/limits",
                 limits + "Max locked memory         unlimited            unlimited            bytes");
    EXPECT_EQ(worst(look_at_memory_lock(machine.admit(kCards))), Grade::ok);
}

TEST(DoctorCpus, SharedGoneAndAlone) {
    FakeMachine machine;
    machine.cpus(4);
    EXPECT_EQ(worst(look_at_cpus(machine.admit(appliance("workers = 3")))), Grade::ok);
    EXPECT_EQ(worst(look_at_cpus(machine.admit(appliance("workers = 4")))), Grade::advice);
    const auto gone = look_at_cpus(machine.admit(appliance("workers = 2\ncpus = \"1,2,9\"")));
    EXPECT_EQ(worst(gone), Grade::trouble);
    EXPECT_NE(words(gone).find("CPU 9 is not online | cpus = \""), std::string::npos) << words(gone);
}

TEST(DoctorCpus, IsolatedOnesAreProposedBeforeTheBootLine) {
    FakeMachine machine;
    machine.cpus(8);
    const auto config = appliance("workers = 2\ncpus = \"1,2,3\"");
    auto found = look_at_isolation(machine.admit(config));
    EXPECT_EQ(worst(found), Grade::advice);
    EXPECT_NE(words(found).find("isolcpus=managed_irq,domain,2-3 nohz_full=2-3"), std::string::npos)
        << words(found);
    machine.file("/sys/devices/system/cpu/isolated", "6-7");
    found = look_at_isolation(machine.admit(config));
    EXPECT_NE(words(found).find("cpus = \"0,6,7\""), std::string::npos) << words(found);
    machine.file("/sys/devices/system/cpu/isolated", "2-3");
    EXPECT_NE(words(look_at_isolation(machine.admit(config))).find("with a timer tick"), std::string::npos);
    machine.file("/sys/devices/system/cpu/nohz_full", "2-3");
    EXPECT_EQ(worst(look_at_isolation(machine.admit(config))), Grade::ok);
}

TEST(DoctorCpus, TwoLanesOnOneCore) {
    FakeMachine machine;
    machine.cpus(8, true);  // 0 and 4, 1 and 5, 2 and 6, 3 and 7
    const auto found = look_at_hyperthreads(machine.admit(appliance("workers = 2\ncpus = \"0,1,5\"")));
    EXPECT_EQ(worst(found), Grade::advice);
    EXPECT_NE(words(found).find("lanes on CPUs 1,5 share one core | cpus = \"0,1,2\""), std::string::npos)
        << words(found);
    EXPECT_EQ(worst(look_at_hyperthreads(machine.admit(appliance("workers = 2\ncpus = \"0,1,2\"")))),
              Grade::ok);
}

TEST(DoctorCpus, Governors) {
    FakeMachine machine;
    machine.cpus(4);
    const auto config = appliance("workers = 2\ncpus = \"0,1,2\"");
    EXPECT_EQ(worst(look_at_clock_rate(machine.admit(config))), Grade::ok);
    for (const auto* cpu : {"0", "1", "2"})
        machine.file(std::string("/sys/devices/system/cpu/cpu") + cpu + "/cpufreq/scaling_governor",
                     "powersave");
    EXPECT_NE(
        words(look_at_clock_rate(machine.admit(config))).find("cpupower -c 1-2 frequency-set -g performance"),
        std::string::npos);
}

TEST(DoctorNuma, LanesFarFromTheirCard) {
    FakeMachine machine;
    two_cards(machine.cpus(8, false, 2), 1);
    const auto found = look_at_numa(machine.admit(appliance("workers = 2\ncpus = \"0,1,2\"")));
    EXPECT_EQ(worst(found), Grade::advice);
    EXPECT_NE(words(found).find("cpus = \"0,5,6\""), std::string::npos) << words(found);
    EXPECT_EQ(worst(look_at_numa(machine.admit(appliance("workers = 2\ncpus = \"0,5,6\"")))), Grade::ok);
}

TEST(DoctorRss, WhoHashesAndWhoDoesNot) {
    FakeMachine machine;
    two_cards(machine.cpus(8));
    EXPECT_EQ(worst(look_at_rss(machine.admit(appliance("workers = 2")))), Grade::ok);
    const auto veths = look_at_rss(machine.admit(kInterfaces + "[appliance]\nworkers = 2\n"));
    EXPECT_EQ(worst(veths), Grade::advice);
    EXPECT_EQ(worst(look_at_rss(machine.admit(kInterfaces))), Grade::ok);
    machine.nic("0000:3b:00.0", "vfio-pci", "0x1af4");
    EXPECT_NE(words(look_at_rss(machine.admit(appliance("workers = 2")))).find("handed_over"),
              std::string::npos);
}

TEST(DoctorService, UsersAndGroupsHaveToExist) {
    FakeMachine machine;
    machine.cpus(4);
    const auto user = kInterfaces + "[appliance]\nuser = \"ajar\"\n[control]\ngroup = \"ajar\"\n";
    EXPECT_EQ(worst(look_at_privileges(machine.admit(kInterfaces))), Grade::advice);  // root stays root
    EXPECT_EQ(worst(look_at_privileges(machine.admit(user))), Grade::trouble);
    EXPECT_EQ(worst(look_at_control(machine.admit(user))), Grade::trouble);
    machine.file("/etc/passwd", "root:x:0:0::/root:/bin/sh\najar:x:101:101::/:/bin/false");
    machine.file("/etc/group", "root:x:0:\najar:x:101:alice,bob");
    EXPECT_EQ(worst(look_at_privileges(machine.admit(user))), Grade::ok);
    EXPECT_NE(words(look_at_control(machine.admit(user))).find("members: alice,bob"), std::string::npos);
    machine.plain_user();
    EXPECT_EQ(worst(look_at_privileges(machine.admit(user))), Grade::trouble);  // not root cannot become
    EXPECT_EQ(worst(look_at_privileges(machine.admit(kInterfaces))), Grade::ok);
}

TEST(DoctorService, OpenNeedsInterfacesOfTheKernel) {
    FakeMachine machine;
    two_cards(machine.cpus(4));
    const std::string open = "[appliance]\nwhen_down = \"open\"\n";
    EXPECT_EQ(worst(look_at_when_down(machine.admit(kInterfaces + open))), Grade::ok);
    EXPECT_EQ(worst(look_at_when_down(machine.admit(kCards + open))), Grade::trouble);
    EXPECT_EQ(worst(look_at_when_down(machine.admit(kCards))), Grade::ok);
    machine.nic("0000:3b:00.0", "mlx5_core").nic("0000:3b:00.1", "mlx5_core");
    for (const auto* end : {"0", "1"})
        machine.file(std::string("/sys/bus/pci/devices/0000:3b:00.") + end + "/net/p" + end + "/flags",
                     "0x1003");
    EXPECT_EQ(worst(look_at_when_down(machine.admit(kCards + open))), Grade::ok);
}

TEST(DoctorService, SeccompIsThereOrOff) {
    FakeMachine machine;
    machine.cpus(4);
    EXPECT_EQ(worst(look_at_seccomp(machine.admit(kInterfaces))), Grade::trouble);
    machine.file("/proc/sys/kernel/seccomp/actions_avail",
                 "kill_process kill_thread trap errno trace log allow");
    EXPECT_EQ(worst(look_at_seccomp(machine.admit(kInterfaces))), Grade::ok);
    EXPECT_EQ(worst(look_at_seccomp(machine.admit(kInterfaces + "[appliance]\nseccomp = false\n"))),
              Grade::advice);
}

/// Whatever the machine: who is told of something gets the line that mends it.
TEST(DoctorReport, EveryFaultHasItsLine) {
    FakeMachine bare, poor;
    hugepages(poor.cpus(2, true, 2), "1").nic("0000:3b:00.0", "ixgbe", "0x8086", 1, "").plain_user();
    poor.file("/proc/self/limits", "Max locked memory         1              1              bytes");
    for (const auto* machine : {&bare, &poor})
        for (const auto& ports : {kCards, kInterfaces, kCaptures})
            for (const std::string more :
                 {"", "workers = 4", "hugepages = \"on\"\nworkers = 2\nwhen_down = \"open\"",
                  "user = \"ajar\"\nseccomp = false\ncpus = \"0,1,5\"\nworkers = 2"})
                for (const auto& [check, finding] :
                     examine(machine->admit(ports + "[appliance]\n" + more + "\n"))) {
                    EXPECT_FALSE(finding.seen.empty()) << check;
                    EXPECT_EQ(finding.fix.empty(), finding.grade == Grade::ok)
                        << check << ": " << finding.seen;
                    EXPECT_EQ(finding.fix.find('\n'), std::string::npos) << check << ": " << finding.fix;
                }
}

TEST(DoctorReport, JsonAndTableAgree) {
    FakeMachine machine;
    machine.cpus(4);
    const auto all = examine(machine.admit(kCards));
    const auto json = nlohmann::json::parse(as_json(all, "test.toml"));
    EXPECT_EQ(json["findings"].size(), all.size());
    EXPECT_EQ(json["troubles"], count(all, Grade::trouble));
    EXPECT_GT(count(all, Grade::trouble), 0U);  // two cards are missing
    for (const auto& finding : json["findings"])
        EXPECT_NE(as_text(all).find(finding["seen"].get<std::string>()), std::string::npos);
}

TEST(DoctorReport, AWrongConfigurationIsTroubleAndTheMachineIsLookedAtAllTheSame) {
    FakeMachine machine;
    machine.cpus(4);
    const auto all =
        examine(doctor::admit(Sight("/nonexistent"), "bad.toml", std::nullopt, {"bad.toml:1:1: no"}));
    EXPECT_EQ(all.front().finding.grade, Grade::trouble);
    EXPECT_EQ(all.front().finding.fix, "ajar run -c bad.toml --check");
    EXPECT_GT(all.size(), 4U);
}

}  // namespace
}  // namespace ajar::doctor
