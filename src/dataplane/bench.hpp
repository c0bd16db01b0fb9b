// How to measure the appliance on DPDK's virtual devices, beside a plain forwarding run.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace ajar {

struct BenchFlags {
    std::string scenario = "established";
    std::vector<std::uint64_t> flows = {65536};  ///< each a power of two
    std::vector<std::uint64_t> workers = {1};
    std::uint64_t packets = 4'000'000;  ///< a round, over all workers
    std::uint32_t rounds = 5;           ///< of each kind, interleaved
    std::uint16_t frame_bytes = 0;      ///< with FCS; 0: the shortest that carries data
    bool ipv6 = false;
    std::string choice = "uniform";  ///< of the next packet's flow: uniform, zipf
    std::uint32_t services = 0;      ///< that have names, and cover all addresses between them
    std::uint64_t seed = 1;
    bool hugepages = false;
    std::string json_file, plot_file;  ///< empty: none
};

struct BenchScenario {
    std::string_view name, help;
    std::uint32_t least_workers, most_workers;
};
std::vector<BenchScenario> bench_scenarios();

/// Runs `ajar bench SCENARIO` and prints its table. Returns the exit code.
int run_bench(const BenchFlags& flags);

}  // namespace ajar
