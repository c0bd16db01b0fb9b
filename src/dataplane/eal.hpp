// How the process enters and leaves DPDK's environment.
#pragma once

#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "ajar/result.hpp"

namespace ajar::dataplane {

/// The EAL of this process. One may be started in a process's life: DPDK does not come up twice.
class Eal {
public:
    /// `args` without the program's name. Prints what DPDK prints; the error says which arguments it refused.
    /// `shared`: the file prefix among them, if other processes of DPDK may attach by it and capture; else
    /// empty.
    static Result<std::unique_ptr<Eal>> start(const std::vector<std::string>& args,
                                              const std::string& shared = {});
    ~Eal();
    Eal(const Eal&) = delete;
    Eal& operator=(const Eal&) = delete;

private:
    explicit Eal(std::string shared) : shared_(std::move(shared)) {}

    std::string shared_;
};

/// The lcores that may run workers, in order: all but the main one.
std::vector<unsigned> worker_lcores();

/// Do the lcores of this process outnumber the CPUs that they may run on? Then an idle one must yield.
bool lcores_share_cpus();

}  // namespace ajar::dataplane
