// The control socket of an appliance: its thread, from the first client to the last.
#pragma once

#include <memory>
#include <string>

#include "ajar/config.hpp"
#include "ajar/result.hpp"
#include "dataplane/live_box.hpp"

namespace ajar::dataplane {

/// Where `[control] socket` is; empty: none is wanted.
std::string socket_path(const Config& config);

class ControlSocket {
public:
    /// Listens, and from begin() on serves until it is destroyed, in a thread of DPDK's control CPUs: those
    /// of the process that no lane has, where there are any. Where the default path is another appliance's,
    /// or cannot be had, that is said on standard error and there is none (null), unless a group was named.
    /// `box` outlives it.
    static Result<std::unique_ptr<ControlSocket>> open(const Config& config, LiveBox& box);
    ~ControlSocket();
    void begin();
    ControlSocket(const ControlSocket&) = delete;
    ControlSocket& operator=(const ControlSocket&) = delete;

private:
    struct Impl;
    explicit ControlSocket(std::unique_ptr<Impl> impl);
    std::unique_ptr<Impl> impl_;
};

}  // namespace ajar::dataplane
