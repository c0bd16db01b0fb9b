// A test program's main() that runs within an EAL: no hugepages, no PCI, six lcores on whatever CPUs there
// are.
#include <fmt/format.h>
#include <gtest/gtest.h>

#include "config/cpus.hpp"
#include "dataplane/eal.hpp"

int main(int argc, char** argv) {
    testing::InitGoogleTest(&argc, argv);
    std::string cpus;
    for (const unsigned cpu : ajar::config::available_cpus())
        cpus += fmt::format("{}{}", cpus.empty() ? "" : ",", cpu);
    auto eal =
        ajar::dataplane::Eal::start({fmt::format("--lcores=(0-5)@({})", cpus), "--no-huge", "-m768",
                                     "--no-pci", "--no-telemetry", "--no-shconf", "--log-level=*:error"});
    if (!eal) {
        fmt::print(stderr, "{}\n", eal.error());
        return 1;
    }
    return RUN_ALL_TESTS();
}
