// Are a card, the lanes that serve it and their memory on one node?
#include <fmt/format.h>

#include "doctor/checks.hpp"

namespace ajar::doctor {
namespace {

std::size_t nodes_of(const Sight& sight) {
    std::size_t n = 0;
    for (const auto& name : sight.names("/sys/devices/system/node"))
        if (name.size() > 4 && name.starts_with("node") && name[4] >= '0' && name[4] <= '9') ++n;
    return n;
}

int node_of(const Patient& patient, const Device& device) {
    if (device.nic != nullptr) return device.nic->node;
    if (device.interface.empty()) return -1;
    return static_cast<int>(
        patient.sight.number(fmt::format("/sys/class/net/{}/device/numa_node", device.interface))
            .value_or(-1));
}

}  // namespace

Findings look_at_numa(const Patient& patient) {
    const auto nodes = nodes_of(patient.sight);
    if (nodes < 2) return {{Grade::ok, "one node"}};
    Findings out;
    for (const auto& device : patient.devices) {
        const int node = node_of(patient, device);
        std::set<unsigned> far;
        for (const unsigned cpu : patient.lane_cpus())
            if (node >= 0 && patient.node_of_cpu(cpu) != node) far.insert(cpu);
        if (far.empty()) continue;
        auto fix = suggested_cpus(patient, node);
        if (fix.empty())
            fix = fmt::format("workers = {}   # [appliance]; node {} has no more cores", 1, node);
        out.push_back(
            {Grade::advice,
             fmt::format("{} is on node {}, lanes run on another (CPU {}): each packet crosses over",
                         device.name, node, cpu_list(far)),
             fix});
    }
    if (out.empty())
        out.push_back({Grade::ok, patient.config
                                      ? fmt::format("{} nodes; lanes are where their cards are", nodes)
                                      : fmt::format("{} nodes", nodes)});
    return out;
}

}  // namespace ajar::doctor
