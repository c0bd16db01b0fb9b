// The configuration in the words of DPDK's EAL.
#include "config/eal_args.hpp"

#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>

#include "config/cpus.hpp"
#include "config/device.hpp"
#include "config/units.hpp"

namespace ajar::config {
namespace {

/// Of a memory without hugepages, beside the buffers: queues, devices, DPDK's own.
constexpr std::uint64_t kHeapSlackMi = 64;

/// "0@2,1@3,2@4": lcore@cpu.
std::string lcores(const CpuPlan& plan) {
    std::string out = fmt::format("0@{}", plan.control);
    for (std::size_t lane = 0; lane < plan.lanes.size(); ++lane)
        out += fmt::format(",{}@{}", lane + 1, plan.lanes[lane]);
    return out;
}

void add_memory(const Config& config, const Machine& machine, std::vector<std::string>& out) {
    const auto needs = needs_of(config);
    if (takes_hugepages(config, needs, machine)) {
        if (config.dumpcap.empty()) out.emplace_back("--in-memory");
        return;
    }
    // The tables take ordinary pages of their own; only DPDK's heap needs its size said.
    out.emplace_back("--no-huge");
    out.emplace_back("--no-shconf");  // else each run leaves 2 MB of files that nobody will attach to
    out.push_back(fmt::format("-m{}", (needs.buffer_page_bytes + kMi - 1) / kMi + kHeapSlackMi));
}

void add_devices(const Config& config, std::vector<std::string>& out) {
    std::vector<std::string> devices;
    for (const auto& pair : config.ports)
        for (const auto* port : {&pair.a, &pair.b})
            devices.push_back(is_pci(*port) ? "-a" + *port : "--vdev=" + *port);
    const bool pci =
        std::any_of(devices.begin(), devices.end(), [](const auto& d) { return d.starts_with("-a"); });
    if (!pci) out.emplace_back("--no-pci");
    out.insert(out.end(), devices.begin(), devices.end());
}

}  // namespace

CpuPlan plan_cpus(const Config& config, const Machine& machine) {
    const auto named = parse_cpus(config.cpus);
    const auto& cpus = named ? *named : machine.cpus;
    const auto lanes = lanes_of(config);
    const bool enough = cpus.size() > lanes;
    CpuPlan out;
    out.control = enough ? cpus[0] : cpus[lanes % cpus.size()];
    for (std::uint32_t lane = 0; lane < lanes; ++lane)
        out.lanes.push_back(cpus[enough ? lane + 1 : lane % cpus.size()]);
    return out;
}

std::vector<std::string> eal_arguments(const Config& config, const Machine& machine) {
    std::vector<std::string> out = {"--lcores=" + lcores(plan_cpus(config, machine))};
    add_memory(config, machine, out);
    out.push_back("--file-prefix=" +
                  (config.dumpcap.empty() ? fmt::format("ajar{}", getpid()) : config.dumpcap));
    add_devices(config, out);
    out.insert(out.end(), config.eal_args.begin(), config.eal_args.end());
    return out;
}

}  // namespace ajar::config
