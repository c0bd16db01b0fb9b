// Making ports of rings.
#include "dataplane/bench/ring_ports.hpp"

#include <fmt/format.h>
#include <rte_errno.h>
#include <rte_eth_ring.h>

namespace ajar::dataplane {

Result<std::unique_ptr<RingPorts>> RingPorts::make(unsigned slots) {
    static int made = 0;  // DPDK keeps the name of a port that is closed
    ++made;
    auto ports = std::make_unique<RingPorts>();
    for (unsigned i = 0; i < ports->rings_.size(); ++i) {
        const auto name = fmt::format("bench{}_{}", made, i);
        ports->rings_[i].reset(rte_ring_create(name.c_str(), slots, 0, RING_F_SP_ENQ | RING_F_SC_DEQ));
        if (!ports->rings_[i])
            return Error{fmt::format("no ring for the ports: {}", rte_strerror(rte_errno))};
    }
    for (std::uint8_t side = 0; side < 2; ++side) {
        const auto name = fmt::format("bench{}{}", made, side == 0 ? 'a' : 'b');
        std::array<rte_ring*, 1> rx = {ports->in(side)}, tx = {ports->out(side)};
        if (rte_eth_from_rings(name.c_str(), rx.data(), 1, tx.data(), 1, 0) < 0)
            return Error{fmt::format("no port {} of rings: {}", name, rte_strerror(rte_errno))};
        ports->devices_[side] = "net_ring_" + name;
    }
    return ports;
}

}  // namespace ajar::dataplane
