// The machine, looked at once.
#include "doctor/patient.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "config/cpus.hpp"
#include "config/device.hpp"

namespace ajar::doctor {
namespace {

const std::string kPciFolder = "/sys/bus/pci/devices/";
const std::string kNodeFolder = "/sys/devices/system/node/";
const std::string kCpuFolder = "/sys/devices/system/cpu/";

Nic read_nic(const Sight& sight, const std::string& address) {
    const auto at = kPciFolder + address;
    const auto interfaces = sight.names(at + "/net");
    return {.address = address,
            .vendor = sight.text(at + "/vendor").value_or(""),
            .device = sight.text(at + "/device").value_or(""),
            .driver = sight.target(at + "/driver"),
            .interface = interfaces.empty() ? "" : interfaces.front(),
            .iommu_group = sight.target(at + "/iommu_group"),
            .node = static_cast<int>(sight.number(at + "/numa_node").value_or(-1))};
}

std::vector<Nic> read_nics(const Sight& sight) {
    constexpr std::string_view kNetworkClass = "0x02";
    std::vector<Nic> out;
    for (const auto& address : sight.names(kPciFolder))
        if (sight.text(kPciFolder + address + "/class").value_or("").starts_with(kNetworkClass))
            out.push_back(read_nic(sight, address));
    return out;
}

/// A virtio card's interface hangs on a device of its own below the card's.
std::string interface_of(const Sight& sight, const Nic& nic) {
    if (!nic.interface.empty()) return nic.interface;
    for (const auto& below : sight.names(kPciFolder + nic.address))
        if (below.starts_with("virtio"))
            for (const auto& name : sight.names(kPciFolder + nic.address + "/" + below + "/net")) return name;
    return {};
}

Device read_device(const Patient& patient, const std::string& text) {
    Device out{.text = text, .name = config::device_name(text), .pci = config::is_pci(text)};
    if (!out.pci) {
        out.interface = config::interface_under(text);
        return out;
    }
    for (const auto& nic : patient.nics)
        if (nic.address == out.name) out.nic = &nic;
    if (out.nic != nullptr) out.interface = out.nic->interface;
    return out;
}

config::Machine read_machine(const Sight& sight) {
    config::Machine out;
    const auto allowed = config::parse_cpus(sight.field("/proc/self/status", "Cpus_allowed_list"));
    out.cpus = allowed ? *allowed : std::vector<unsigned>{0};
    for (const auto& size : {"2048", "1048576"}) {
        const auto folder = fmt::format("/sys/kernel/mm/hugepages/hugepages-{}kB", size);
        const auto pages = sight.number(folder + "/free_hugepages").value_or(0);
        out.free_hugepage_bytes += static_cast<std::uint64_t>(pages) * std::stoull(size) * 1024;
    }
    return out;
}

/// The first hardware thread of each core, isolated ones first.
std::vector<unsigned> cores_of(const Patient& patient, int node) {
    const auto isolated = patient.isolated();
    std::vector<unsigned> first, then;
    std::set<unsigned> seen;
    for (const unsigned cpu : patient.cpus_of_node(node)) {
        if (seen.contains(cpu)) continue;
        for (const unsigned sibling : patient.siblings(cpu)) seen.insert(sibling);
        const bool apart = std::find(isolated.begin(), isolated.end(), cpu) != isolated.end();
        (apart ? first : then).push_back(cpu);
    }
    if (first.empty()) std::rotate(then.begin(), then.begin() + (then.empty() ? 0 : 1), then.end());
    first.insert(first.end(), then.begin(), then.end());
    return first;
}

}  // namespace

bool Patient::has_pci() const {
    return std::any_of(devices.begin(), devices.end(), [](const Device& d) { return d.pci; });
}

std::set<unsigned> Patient::lane_cpus() const { return {plan.lanes.begin(), plan.lanes.end()}; }

std::vector<unsigned> Patient::cpus_of_node(int node) const {
    if (node >= 0)
        if (auto own = sight.cpus(fmt::format("{}node{}/cpulist", kNodeFolder, node)); !own.empty())
            return own;
    auto online = sight.cpus(kCpuFolder + "online");
    return online.empty() ? machine.cpus : online;
}

int Patient::node_of_cpu(unsigned cpu) const {
    for (const auto& name : sight.names(fmt::format("{}cpu{}", kCpuFolder, cpu)))
        if (name.size() > 4 && name.starts_with("node") && name[4] >= '0' && name[4] <= '9')
            return std::stoi(name.substr(4));
    return 0;
}

std::vector<unsigned> Patient::siblings(unsigned cpu) const {
    auto out = sight.cpus(fmt::format("{}cpu{}/topology/thread_siblings_list", kCpuFolder, cpu));
    return out.empty() ? std::vector<unsigned>{cpu} : out;
}

std::vector<unsigned> Patient::isolated() const {
    auto out = sight.cpus(kCpuFolder + "isolated");
    for (const unsigned cpu : sight.cpus("/sys/fs/cgroup/cpuset.cpus.isolated"))
        if (std::find(out.begin(), out.end(), cpu) == out.end()) out.push_back(cpu);
    return out;
}

bool Patient::is_root() const {
    const auto ids = words_of(sight.field("/proc/self/status", "Uid"));
    return ids.size() > 1 && ids[1] == "0";
}

Patient admit(Sight sight, std::string file, std::optional<Config> config, std::vector<std::string> faults) {
    Patient out{.sight = std::move(sight), .file = std::move(file), .config = std::move(config)};
    out.faults = std::move(faults);
    out.nics = read_nics(out.sight);
    for (auto& nic : out.nics) nic.interface = interface_of(out.sight, nic);
    out.machine = read_machine(out.sight);
    if (!out.config) return out;
    for (const auto& pair : out.config->ports)
        for (const auto& port : {pair.a, pair.b}) out.devices.push_back(read_device(out, port));
    out.plan = config::plan_cpus(*out.config, out.machine);
    out.needs = config::needs_of(*out.config);
    return out;
}

std::string cpu_list(const std::set<unsigned>& cpus) {
    std::string out;
    for (auto it = cpus.begin(); it != cpus.end();) {
        const unsigned first = *it;
        unsigned last = first;
        while (++it != cpus.end() && *it == last + 1) ++last;
        out += fmt::format("{}{}", out.empty() ? "" : ",", first);
        if (last != first) out += fmt::format("-{}", last);
    }
    return out;
}

std::string suggested_cpus(const Patient& patient, int node) {
    const auto lanes = patient.plan.lanes.size();
    const auto cores = cores_of(patient, node);
    if (cores.size() < lanes || lanes == 0) return {};
    const std::set<unsigned> taken(cores.begin(), cores.begin() + static_cast<std::ptrdiff_t>(lanes));
    // Control may be anywhere, also on a lane's other hardware thread.
    std::string out;
    for (const unsigned cpu : patient.cpus_of_node(-1))
        if (!taken.contains(cpu)) {
            out = fmt::format("cpus = \"{}", cpu);
            break;
        }
    if (out.empty()) return {};
    for (std::size_t i = 0; i < lanes; ++i) out += fmt::format(",{}", cores[i]);
    return out + "\"   # [appliance]";
}

}  // namespace ajar::doctor
