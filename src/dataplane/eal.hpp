// How the process enters and leaves DPDK's environment.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "ajar/result.hpp"

namespace ajar::dataplane {

/// The EAL of this process. One may be started in a process's life: DPDK does not come up twice.
class Eal {
public:
    /// `args` without the program's name. Prints what DPDK prints; the error says which arguments it refused.
    static Result<std::unique_ptr<Eal>> start(const std::vector<std::string>& args);
    ~Eal();
    Eal(const Eal&) = delete;
    Eal& operator=(const Eal&) = delete;

private:
    Eal() = default;
};

/// The lcores that may run workers, in order: all but the main one.
std::vector<unsigned> worker_lcores();

/// Do the lcores of this process outnumber the CPUs that they may run on? Then an idle one must yield.
bool lcores_share_cpus();

}  // namespace ajar::dataplane
