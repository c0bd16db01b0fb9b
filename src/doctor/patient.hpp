// What is examined: the machine as it is seen, and the configuration that is to run on it.
#pragma once

#include <map>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "ajar/config.hpp"
#include "config/eal_args.hpp"
#include "config/needs.hpp"
#include "doctor/sight.hpp"

namespace ajar::doctor {

/// A network card on the PCI bus.
struct Nic {
    std::string address, vendor, device;  ///< "0000:3b:00.0", "0x8086", "0x1572"
    std::string driver;                   ///< the kernel's that has it; empty: none
    std::string interface;                ///< the kernel's; empty: it has none
    std::string iommu_group;              ///< its number; empty: none
    int node = -1;                        ///< -1: no NUMA node is known
};

/// A port of the configuration.
struct Device {
    std::string text, name;  ///< as configured; "0000:3b:00.0", "net_af_packet0"
    bool pci = false;
    const Nic* nic = nullptr;  ///< of a PCI address that is there
    std::string interface {};  ///< of the kernel: what a vdev sits on, or what a PCI device keeps beside DPDK
};

/// Offloads of an interface that are on and hand user space what was never on the wire.
using Offloads = std::map<std::string, std::vector<std::string>>;

/// What a check may look at. Moves, as `devices` point into `nics`.
struct Patient {
    Sight sight;
    std::string file;                   ///< of the configuration; empty: none was named
    std::optional<Config> config;       ///< absent: none was named, or it is wrong
    std::vector<std::string> faults{};  ///< of the configuration, a line or several each
    Offloads offloads{};

    std::vector<Nic> nics{};
    std::vector<Device> devices{};
    config::Machine machine{};
    config::CpuPlan plan{};  ///< of `config`
    config::Needs needs{};   ///< of `config`

    [[nodiscard]] bool has_pci() const;
    /// CPUs of lanes, each once.
    [[nodiscard]] std::set<unsigned> lane_cpus() const;
    /// A NUMA node's CPUs; of -1 all that are online.
    [[nodiscard]] std::vector<unsigned> cpus_of_node(int node) const;
    /// The node of a CPU; 0 on a machine without nodes.
    [[nodiscard]] int node_of_cpu(unsigned cpu) const;
    /// The other hardware threads of its core, and itself.
    [[nodiscard]] std::vector<unsigned> siblings(unsigned cpu) const;
    /// Those that the scheduler leaves alone.
    [[nodiscard]] std::vector<unsigned> isolated() const;
    [[nodiscard]] bool is_root() const;
};

/// Fills in what the machine says. Reads only.
Patient admit(Sight sight, std::string file, std::optional<Config> config, std::vector<std::string> faults);

/// "2-3,7"
std::string cpu_list(const std::set<unsigned>& cpus);

/// `cpus = "..."` with a CPU for control and one for each lane, no two lanes on one core, isolated ones
/// first, of this node (-1: any). Empty where there are too few.
std::string suggested_cpus(const Patient& patient, int node);

}  // namespace ajar::doctor
