// The CPUs of the lanes: how many, whose else, how fast.
#include <fmt/format.h>

#include <algorithm>
#include <map>

#include "doctor/checks.hpp"

namespace ajar::doctor {
namespace {

const std::string kCpus = "/sys/devices/system/cpu/";

std::string cpus_named(const std::set<unsigned>& cpus) {
    return fmt::format("CPU{} {}", cpus.size() == 1 ? "" : "s", cpu_list(cpus));
}

std::set<unsigned> missing_from(const std::set<unsigned>& wanted, const std::vector<unsigned>& there) {
    std::set<unsigned> out = wanted;
    for (const unsigned cpu : there) out.erase(cpu);
    return out;
}

std::string isolate_line(const std::set<unsigned>& cpus) {
    const auto list = cpu_list(cpus);
    return fmt::format(
        "GRUB_CMDLINE_LINUX=\"isolcpus=managed_irq,domain,{0} nohz_full={0} rcu_nocbs={0}\"   # "
        "/etc/default/grub; "
        "update-grub; reboot",
        list);
}

/// Where the machine has isolated CPUs already, they only have to be named.
std::string isolation_line(const Patient& patient, const std::set<unsigned>& lanes) {
    const auto isolated = patient.isolated();
    const bool enough = isolated.size() >= patient.plan.lanes.size();
    auto named = enough ? suggested_cpus(patient, -1) : std::string();
    return named.empty() ? isolate_line(lanes) : named;
}

/// A better choice of CPUs, or no more workers than the machine has cores for.
std::string choice_line(const Patient& patient) {
    auto named = suggested_cpus(patient, -1);
    if (!named.empty()) return named;
    const auto online = patient.cpus_of_node(-1).size();
    return fmt::format("workers = {}   # [appliance], with cpus = \"\"; or a machine with more cores",
                       std::max<std::size_t>(online, 2) - 1);
}

/// With the packet clock nothing is in line, and lanes wait for packets.
bool polls(const Patient& patient) { return patient.config && patient.config->clock == ClockSource::tsc; }

}  // namespace

Findings look_at_cpus(const Patient& patient) {
    const auto online = patient.cpus_of_node(-1);
    if (!patient.config) return {{Grade::ok, fmt::format("{} online", online.size())}};
    const auto lanes = patient.lane_cpus();
    auto all = lanes;
    all.insert(patient.plan.control);
    if (const auto gone = missing_from(all, online); !gone.empty())
        return {{Grade::trouble, cpus_named(gone) + (gone.size() == 1 ? " is" : " are") + " not online",
                 choice_line(patient)}};
    const auto threads = patient.plan.lanes.size() + 1;
    const auto seen = fmt::format("control on {}, {} lane{} on {}", patient.plan.control, threads - 1,
                                  threads == 2 ? "" : "s", cpu_list(lanes));
    if (all.size() == threads) return {{Grade::ok, seen}};
    return {{Grade::advice, seen + ": threads share CPUs, right for a trial, not for line rate",
             choice_line(patient)}};
}

Findings look_at_isolation(const Patient& patient) {
    const auto isolated = patient.isolated();
    const auto ticks = patient.sight.cpus(kCpus + "nohz_full");
    const std::set<unsigned> all(isolated.begin(), isolated.end());
    if (!polls(patient))
        return {{Grade::ok, all.empty() ? "no CPU is isolated" : cpus_named(all) + " isolated"}};
    const auto lanes = patient.lane_cpus();
    if (const auto open = missing_from(lanes, isolated); !open.empty())
        return {{Grade::advice,
                 fmt::format("{} not isolated: whatever else runs there delays packets", cpus_named(open)),
                 isolation_line(patient, lanes)}};
    if (const auto ticking = missing_from(lanes, ticks); !ticking.empty())
        return {{Grade::advice,
                 fmt::format("{} isolated, but with a timer tick (nohz_full)", cpus_named(ticking)),
                 isolate_line(lanes)}};
    return {{Grade::ok, cpus_named(lanes) + " isolated, without a timer tick"}};
}

Findings look_at_hyperthreads(const Patient& patient) {
    if (!patient.config) return {};
    const auto lanes = patient.lane_cpus();
    Findings out;
    std::set<std::vector<unsigned>> told;
    for (const unsigned cpu : lanes) {
        const auto core = patient.siblings(cpu);
        std::set<unsigned> shared;
        for (const unsigned sibling : core)
            if (lanes.contains(sibling)) shared.insert(sibling);
        if (shared.size() < 2 || !told.insert(core).second) continue;
        out.push_back({Grade::advice, fmt::format("lanes on {} share one core", cpus_named(shared)),
                       choice_line(patient)});
    }
    if (out.empty()) out.push_back({Grade::ok, "no two lanes share a core"});
    return out;
}

Findings look_at_clock_rate(const Patient& patient) {
    if (!patient.config) return {};
    std::map<std::string, std::set<unsigned>> slow;
    bool known = false;
    for (const unsigned cpu : patient.lane_cpus()) {
        const auto governor = patient.sight.text(fmt::format("{}cpu{}/cpufreq/scaling_governor", kCpus, cpu));
        known |= governor.has_value();
        if (governor && *governor != "performance") slow[*governor].insert(cpu);
    }
    if (!known) return {{Grade::ok, "no governor here: a virtual machine, or a fixed rate"}};
    Findings out;
    for (const auto& [governor, cpus] : slow)
        out.push_back({Grade::advice, fmt::format("{}: governor {}", cpus_named(cpus), governor),
                       fmt::format("cpupower -c {} frequency-set -g performance   # Debian: linux-cpupower",
                                   cpu_list(cpus))});
    if (out.empty()) out.push_back({Grade::ok, "governor performance"});
    return out;
}

}  // namespace ajar::doctor
