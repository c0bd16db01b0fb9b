// THE table of checks: what `ajar doctor` looks at, in the order in which it tells.
#pragma once

#include <span>
#include <string_view>

#include "doctor/finding.hpp"
#include "doctor/patient.hpp"

namespace ajar::doctor {

struct Check {
    std::string_view name;
    std::string_view asks;  ///< for the manual
    Findings (*look)(const Patient&);
};
std::span<const Check> checks();

// One file for each family: look_at_*.cpp.
Findings look_at_configuration(const Patient& patient);
Findings look_at_ports(const Patient& patient);
Findings look_at_other_nics(const Patient& patient);
Findings look_at_iommu(const Patient& patient);
Findings look_at_hugepages(const Patient& patient);
Findings look_at_memory_lock(const Patient& patient);
Findings look_at_cpus(const Patient& patient);
Findings look_at_isolation(const Patient& patient);
Findings look_at_hyperthreads(const Patient& patient);
Findings look_at_clock_rate(const Patient& patient);
Findings look_at_numa(const Patient& patient);
Findings look_at_rss(const Patient& patient);
Findings look_at_offloads(const Patient& patient);
Findings look_at_kernel_forwarding(const Patient& patient);
Findings look_at_kernel_conntrack(const Patient& patient);
Findings look_at_when_down(const Patient& patient);
Findings look_at_control(const Patient& patient);
Findings look_at_privileges(const Patient& patient);
Findings look_at_seccomp(const Patient& patient);

}  // namespace ajar::doctor
