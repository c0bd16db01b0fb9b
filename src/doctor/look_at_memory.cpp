// Hugepages, on each node, and how much may be pinned.
#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <map>

#include "config/units.hpp"
#include "doctor/checks.hpp"

namespace ajar::doctor {
namespace {

constexpr std::uint64_t kPage = 2 * config::kMi;

std::uint64_t pages_for(std::uint64_t bytes) { return (bytes + kPage - 1) / kPage; }
double in_mi(std::uint64_t bytes) { return static_cast<double>(bytes) / static_cast<double>(config::kMi); }

std::string reserve_line(std::uint64_t bytes) {
    return fmt::format("echo 'vm.nr_hugepages = {}' > /etc/sysctl.d/90-ajar.conf && sysctl --system",
                       pages_for(bytes));
}

/// What lanes on each node take: tables and buffers by their number.
std::map<int, std::uint64_t> shares(const Patient& patient) {
    std::map<int, std::uint64_t> out;
    for (const unsigned cpu : patient.plan.lanes)
        out[patient.node_of_cpu(cpu)] += patient.needs.hugepage_bytes() / patient.plan.lanes.size();
    return out;
}

std::uint64_t free_on(const Sight& sight, int node) {
    std::uint64_t bytes = 0;
    for (const std::uint64_t kib : {2048U, 1'048'576U})
        bytes +=
            kib * 1024 *
            static_cast<std::uint64_t>(
                sight
                    .number(fmt::format(
                        "/sys/devices/system/node/node{}/hugepages/hugepages-{}kB/free_hugepages", node, kib))
                    .value_or(0));
    return bytes;
}

/// Enough in all can be too few where the lanes are.
Findings by_node(const Patient& patient) {
    Findings out;
    for (const auto& [node, wanted] : shares(patient)) {
        const auto there = free_on(patient.sight, node);
        if (!patient.sight.exists(fmt::format("/sys/devices/system/node/node{}", node)) || there >= wanted)
            continue;
        out.push_back(
            {Grade::advice,
             fmt::format(
                 "node {}: {:.0f} MiB free, its lanes take {:.0f} MiB: the rest would lie on another node",
                 node, in_mi(there), in_mi(wanted)),
             fmt::format("echo {} > /sys/devices/system/node/node{}/hugepages/hugepages-2048kB/nr_hugepages",
                         pages_for(wanted), node)});
    }
    return out;
}

/// "unlimited" is the most.
std::uint64_t lock_limit(const Sight& sight) {
    constexpr std::string_view kRow = "Max locked memory";
    for (const auto& line : sight.lines("/proc/self/limits")) {
        if (!line.starts_with(kRow)) continue;
        const auto words = words_of(std::string_view(line).substr(kRow.size()));
        std::uint64_t soft = 0;
        if (words.empty() || words[0] == "unlimited") break;
        std::from_chars(words[0].data(), words[0].data() + words[0].size(), soft);
        return soft;
    }
    return UINT64_MAX;
}

bool may_lock_all(const Sight& sight) {
    constexpr unsigned kIpcLock = 14;  // CAP_IPC_LOCK
    std::uint64_t bits = 0;
    const auto text = sight.field("/proc/self/status", "CapEff");
    std::from_chars(text.data(), text.data() + text.size(), bits, 16);
    return (bits >> kIpcLock & 1U) != 0;
}

bool pins(const Device& device) { return device.pci || device.name.starts_with("net_af_xdp"); }

}  // namespace

Findings look_at_hugepages(const Patient& patient) {
    const auto free = patient.machine.free_hugepage_bytes;
    const auto seen = fmt::format("{:.0f} MiB free", in_mi(free));
    if (!patient.config) return {{Grade::ok, seen}};
    const auto wanted = patient.needs.hugepage_bytes();
    const auto both = fmt::format("{}, {:.0f} MiB are needed", seen, in_mi(wanted));
    const auto choice = patient.config->hugepages;
    if (choice == Hugepages::off)
        return {{patient.has_pci() ? Grade::advice : Grade::ok,
                 "off: ordinary pages serve, with more TLB misses",
                 patient.has_pci() ? "hugepages = \"auto\"   # [appliance]" : ""}};
    if (free >= wanted) {
        Findings out = {{Grade::ok, both}};
        for (auto& finding : by_node(patient)) out.push_back(std::move(finding));
        return out;
    }
    if (choice == Hugepages::on) return {{Grade::trouble, both, reserve_line(wanted)}};
    return {{Grade::advice, both + ": ordinary pages will serve", reserve_line(wanted)}};
}

Findings look_at_memory_lock(const Patient& patient) {
    const auto limit = lock_limit(patient.sight);
    if (limit == UINT64_MAX) return {{Grade::ok, "unlimited"}};
    const auto seen = fmt::format("{:.1f} MiB may be locked", in_mi(limit));
    if (may_lock_all(patient.sight))
        return {{Grade::ok, seen + ", but this user is above that (CAP_IPC_LOCK)"}};
    const bool wanted = std::any_of(patient.devices.begin(), patient.devices.end(), pins);
    if (!wanted || limit >= patient.needs.hugepage_bytes()) return {{Grade::ok, seen}};
    return {{Grade::trouble,
             fmt::format("{}, devices pin {:.0f} MiB", seen, in_mi(patient.needs.hugepage_bytes())),
             "LimitMEMLOCK=infinity   # of the service; in a shell: ulimit -l unlimited"}};
}

}  // namespace ajar::doctor
