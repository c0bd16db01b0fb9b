// Which devices have asked to be reset: a NIC after a fault, a virtual function after its host's restart.
#pragma once

#include <atomic>
#include <cstdint>

namespace ajar::dataplane {

/// DPDK's interrupt thread sets bits, main takes them.
class ResetWatch {
public:
    ResetWatch();
    ~ResetWatch();
    ResetWatch(const ResetWatch&) = delete;
    ResetWatch& operator=(const ResetWatch&) = delete;

    /// True once after a request of device `device` (DPDK's number).
    bool take(std::uint16_t device);

private:
    std::atomic<std::uint64_t> asked_{0};
};

}  // namespace ajar::dataplane
