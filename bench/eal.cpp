// DPDK's environment for the baselines that need one: no device, and the pages that Ajar's own memory has.
#include <rte_eal.h>
#include <rte_malloc.h>

#include <algorithm>
#include <array>
#include <new>
#include <string>

#include "harness.hpp"

namespace ajar::bench {

void start_eal() {
    static int started = 1;
    if (started == 1) {
        const bool reserved = setup().pages == PageSize::reserved;
        const auto most = *std::max_element(setup().flows.begin(), setup().flows.end());
        std::string name = "bench", no_pci = "--no-pci", megabytes_flag = "-m", quiet = "--log-level=error",
                    pages = reserved ? "--in-memory" : "--no-huge",
                    // Reserved pages come as they are asked for; others must be named at once.
            megabytes = std::to_string(reserved ? 64 : 128 + (std::uint64_t{most} * 112 >> 20U)),
                    cores = "--lcores=0@" + std::to_string(setup().cpu);
        std::array<char*, 7> argv = {name.data(),  no_pci.data(), megabytes_flag.data(), megabytes.data(),
                                     pages.data(), quiet.data(),  cores.data()};
        started = rte_eal_init(static_cast<int>(argv.size()), argv.data());
    }
    if (started < 0) throw std::bad_alloc();
}

std::size_t eal_bytes() {
    rte_malloc_socket_stats stats{};
    return rte_malloc_get_socket_stats(0, &stats) == 0 ? stats.heap_allocsz_bytes : 0;
}

}  // namespace ajar::bench
