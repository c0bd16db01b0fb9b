// The configuration in the words of DPDK's EAL.
#pragma once

#include <string>
#include <vector>

#include "ajar/config.hpp"
#include "config/needs.hpp"

namespace ajar::config {

/// Which thread runs on which CPU. Control gets one of its own where there are enough, else it shares the one
/// that would be next.
struct CpuPlan {
    unsigned control = 0;
    std::vector<unsigned> lanes;
};
CpuPlan plan_cpus(const Config& config, const Machine& machine);

/// Without the program's name. Lcore 0 is the main one, lcores from 1 on run the lanes; each is pinned to a
/// CPU, and where there are too few they share. Files of this process carry its id, so that two can run side
/// by side.
std::vector<std::string> eal_arguments(const Config& config, const Machine& machine);
inline std::vector<std::string> eal_arguments(const Config& config) {
    return eal_arguments(config, this_machine());
}

}  // namespace ajar::config
