// A machine of files: what /proc, /sys and /etc of one that is not here would say.
#pragma once

#include <gtest/gtest.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <string>

#include "config/load.hpp"
#include "doctor/checks.hpp"
#include "doctor/report.hpp"

namespace ajar::doctor {

class FakeMachine {
public:
    FakeMachine() {
        std::string name = (std::filesystem::temp_directory_path() / "ajar-doctor.XXXXXX").string();
        root_ = mkdtemp(name.data());
    }
    ~FakeMachine() { std::filesystem::remove_all(root_); }
    FakeMachine(const FakeMachine&) = delete;
    FakeMachine& operator=(const FakeMachine&) = delete;

    FakeMachine& file(const std::string& path, const std::string& text) {
        std::filesystem::create_directories(std::filesystem::path(root_ + path).parent_path());
        std::ofstream(root_ + path) << text << '\n';
        return *this;
    }
    FakeMachine& link(const std::string& path, const std::string& target) {
        std::filesystem::create_directories(std::filesystem::path(root_ + path).parent_path());
        std::filesystem::remove(root_ + path);
        std::filesystem::create_symlink(target, root_ + path);
        return *this;
    }

    /// So many CPUs, two hardware threads to a core if wanted (0 and n/2, ...), on nodes in turn by halves.
    FakeMachine& cpus(unsigned n, bool hyperthreads = false, unsigned nodes = 1);
    FakeMachine& nic(const std::string& address, const std::string& driver,
                     const std::string& vendor = "0x8086", int node = 0, const std::string& group = "7");
    FakeMachine& root_user() {
        return file("/proc/self/status", status("0", "000001ffffffffff"))
            .file("/etc/passwd", "root:x:0:0::/root:/bin/sh");
    }
    FakeMachine& plain_user() { return file("/proc/self/status", status("1000", "0000000000000000")); }

    [[nodiscard]] Patient admit(const std::string& toml) const {
        auto config = config::load_text(toml, "test.toml");
        EXPECT_TRUE(config.ok()) << (config.ok() ? "" : config.error());
        return doctor::admit(Sight(root_), "test.toml", std::move(*config), {});
    }
    [[nodiscard]] Patient alone() const { return doctor::admit(Sight(root_), {}, std::nullopt, {}); }

private:
    [[nodiscard]] std::string status(const std::string& uid, const std::string& capabilities) const {
        return "Name:\tajar\nUid:\t" + uid + "\t" + uid + "\t" + uid + "\t" + uid + "\nCapEff:\t" +
               capabilities + "\nCpus_allowed_list:\t" + allowed_;
    }
    std::string root_;
    std::string allowed_ = "0-3";
};

inline FakeMachine& FakeMachine::cpus(unsigned n, bool hyperthreads, unsigned nodes) {
    const std::string all = "0-" + std::to_string(n - 1);
    allowed_ = all;
    file("/sys/devices/system/cpu/online", all);
    root_user();
    for (unsigned cpu = 0; cpu < n; ++cpu) {
        const auto at = "/sys/devices/system/cpu/cpu" + std::to_string(cpu);
        const unsigned core = hyperthreads ? cpu % (n / 2) : cpu;
        file(at + "/topology/thread_siblings_list",
             hyperthreads ? std::to_string(core) + "," + std::to_string(core + n / 2) : std::to_string(cpu));
        const unsigned node = cpu / (n / nodes);
        link(at + "/node" + std::to_string(node), "../../node/node" + std::to_string(node));
    }
    for (unsigned node = 0; node < nodes; ++node)
        file("/sys/devices/system/node/node" + std::to_string(node) + "/cpulist",
             std::to_string(node * (n / nodes)) + "-" + std::to_string((node + 1) * (n / nodes) - 1));
    return *this;
}

inline FakeMachine& FakeMachine::nic(const std::string& address, const std::string& driver,
                                     const std::string& vendor, int node, const std::string& group) {
    const auto at = "/sys/bus/pci/devices/" + address;
    file(at + "/class", "0x020000").file(at + "/vendor", vendor).file(at + "/device", "0x1572");
    file(at + "/numa_node", std::to_string(node));
    if (!driver.empty()) link(at + "/driver", "../../../bus/pci/drivers/" + driver);
    if (!group.empty()) {
        link(at + "/iommu_group", "../../../kernel/iommu_groups/" + group);
        file("/sys/kernel/iommu_groups/" + group + "/devices/" + address, "");
    }
    return *this;
}

/// The worst of what a check found.
inline Grade worst(const Findings& findings) {
    Grade out = Grade::ok;
    for (const auto& finding : findings) out = std::max(out, finding.grade);
    return out;
}
/// All that it saw and proposed, for what a test looks for in it.
inline std::string words(const Findings& findings) {
    std::string out;
    for (const auto& finding : findings)
        out += std::string(name(finding.grade)) + ": " + finding.seen + " | " + finding.fix + "\n";
    return out;
}

inline const std::string kCards = "[[ports]]\na = \"0000:3b:00.0\"\nb = \"0000:3b:00.1\"\n";
inline const std::string kInterfaces =
    "[[ports]]\na = \"net_af_packet0,iface=left\"\nb = \"net_af_packet1,iface=right\"\n";
inline const std::string kCaptures = "[[ports]]\na = \"net_null0\"\nb = \"net_null1\"\n";

}  // namespace ajar::doctor
