// The HTTP server of an appliance: its threads, from the first visitor to the last.
#pragma once

#include <memory>

#include "ajar/config.hpp"
#include "ajar/result.hpp"
#include "live/notes.hpp"
#include "metrics/sampler.hpp"

namespace ajar::dataplane {

class Web {
public:
    /// Listens, and from begin() on serves until it is destroyed, within a second, in threads of DPDK's
    /// control CPUs: those of the process that no lane has, where there are any. Null where none is wanted;
    /// and where "auto" finds the port taken: that is said on standard error. All outlive it; notes are taken
    /// from then on.
    static Result<std::unique_ptr<Web>> open(const Config& config, metrics::Sampler& sampler,
                                             const control::Box& box, live::Notes& notes);
    ~Web();
    void begin();
    Web(const Web&) = delete;
    Web& operator=(const Web&) = delete;

private:
    struct Impl;
    explicit Web(std::unique_ptr<Impl> impl);
    std::unique_ptr<Impl> impl_;
};

}  // namespace ajar::dataplane
