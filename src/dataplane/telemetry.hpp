// The commands under /ajar/ of DPDK's telemetry: `dpdk-telemetry.py -f ajar<pid>`.
#pragma once

#include "metrics/sampler.hpp"

namespace ajar::dataplane {

/// While it lives, they are answered, in threads of DPDK's. One in a process: DPDK forgets no command, so
/// later ones are refused.
class Telemetry {
public:
    explicit Telemetry(metrics::Sampler& sampler);
    ~Telemetry();  ///< stops the sampler: nobody waits for main any more
    Telemetry(const Telemetry&) = delete;
    Telemetry& operator=(const Telemetry&) = delete;

private:
    metrics::Sampler& sampler_;
};

}  // namespace ajar::dataplane
