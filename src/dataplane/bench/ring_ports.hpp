// Which ports have their other ends in this process? Two net_ring ports, and the four rings behind them.
#pragma once

#include <rte_ring.h>

#include <array>
#include <cstdint>
#include <memory>
#include <string>

#include "ajar/result.hpp"

namespace ajar::dataplane {

class RingPorts {
public:
    static constexpr unsigned kSlots = 1024;

    /// `slots`, a power of two: of each ring.
    static Result<std::unique_ptr<RingPorts>> make(unsigned slots = kSlots);

    /// What DPDK calls the port of side 0 or 1.
    [[nodiscard]] const std::string& device(std::uint8_t side) const { return devices_[side]; }
    /// What is put in here, the port receives.
    [[nodiscard]] rte_ring* in(std::uint8_t side) const { return rings_[side].get(); }
    /// What the port sends comes out here.
    [[nodiscard]] rte_ring* out(std::uint8_t side) const { return rings_[2U + side].get(); }

private:
    struct Deleter {
        void operator()(rte_ring* r) const { rte_ring_free(r); }
    };
    std::array<std::unique_ptr<rte_ring, Deleter>, 4> rings_;
    std::array<std::string, 2> devices_;
};

}  // namespace ajar::dataplane
