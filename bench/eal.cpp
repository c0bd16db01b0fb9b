// DPDK's environment for the baselines that need one: no device, and the pages that Ajar's own memory has.
#include "harness.hpp"

#include <rte_eal.h>

#include <array>
#include <stdexcept>
#include <string>

namespace ajar::bench {

void start_eal() {
    static bool started = false;
    if (started) return;
    started = true;
    std::string name = "bench", no_pci = "--no-pci", megabytes_flag = "-m", quiet = "--log-level=error",
                pages = setup().pages == PageSize::reserved ? "--in-memory" : "--no-huge",
                megabytes = setup().large ? "6144" : "1024", cores = "-l0";
    std::array<char*, 7> argv = {name.data(),  no_pci.data(), megabytes_flag.data(), megabytes.data(),
                                 pages.data(), quiet.data(),  cores.data()};
    if (rte_eal_init(static_cast<int>(argv.size()), argv.data()) < 0) {
        throw std::runtime_error("rte_eal_init failed: too little memory?");
    }
}

}  // namespace ajar::bench
