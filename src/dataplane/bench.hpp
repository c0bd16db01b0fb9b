// How to measure the appliance on DPDK's virtual devices, beside a plain forwarding run.
#pragma once

#include <cstdint>
#include <string>

namespace ajar {

struct BenchFlags {
    std::string scenario = "established";  ///< established, connect, flood
    std::uint32_t workers = 1;
    std::uint64_t flows = 65536;         ///< in the traffic
    std::uint64_t packets = 10'000'000;  ///< a round, over all workers
    std::uint32_t rounds = 5;            ///< of each of the two, interleaved
    bool hugepages = false;
};

/// Runs `ajar bench SCENARIO` and prints its table. Returns the exit code.
int run_bench(const BenchFlags& flags);

}  // namespace ajar
