// Forwarding without tracking.
#include "dataplane/macswap.hpp"

#include <fmt/format.h>
#include <rte_ethdev.h>
#include <rte_ether.h>
#include <rte_launch.h>
#include <rte_mbuf.h>

#include "dataplane/eal.hpp"

namespace ajar::dataplane {
namespace {

void swap_macs(rte_mbuf* m) {
    auto* const header = rte_pktmbuf_mtod(m, rte_ether_hdr*);
    std::swap(header->src_addr, header->dst_addr);
}

struct Moved {
    std::uint16_t received = 0, sent = 0;
};

Moved forward(std::uint16_t from, std::uint16_t to, std::uint16_t queue) {
    std::array<rte_mbuf*, kBurst> frames;
    const std::uint16_t n = rte_eth_rx_burst(from, queue, frames.data(), kBurst);
    if (n == 0) return {};
    for (std::uint16_t i = 0; i < n; ++i) swap_macs(frames[i]);
    const std::uint16_t sent = rte_eth_tx_burst(to, queue, frames.data(), n);
    rte_pktmbuf_free_bulk(frames.data() + sent, n - sent);
    return {n, sent};
}

}  // namespace

Macswap::Macswap(Appliance& appliance) : appliance_(appliance), lcores_(worker_lcores()) {
    const auto queues = static_cast<std::uint16_t>(appliance.wiring().workers);
    for (std::uint16_t q = 0; q < queues; ++q) {
        Lane& lane = lanes_.emplace_back();
        lane.all = this;
        lane.queue = q;
    }
}

Result<bool> Macswap::start() {
    if (auto started = appliance_.start_ports(); !started) return started;
    for (std::size_t i = 0; i < lanes_.size(); ++i) {
        if (rte_eal_remote_launch(run, &lanes_[i], lcores_[i]) == 0) continue;
        stop();
        return Error{fmt::format("lcore {} is busy: the plain forwarder cannot run there", lcores_[i])};
    }
    return true;
}

int Macswap::run(void* user) {
    Lane& lane = *static_cast<Lane*>(user);
    const Wiring& wiring = lane.all->appliance_.wiring();
    while (!lane.all->stop_.load(std::memory_order_acquire)) {
        std::uint64_t received = 0, sent = 0;
        for (const PortState& port : wiring.ports) {
            const Moved moved = forward(port.device, wiring.ports[port.twin].device, lane.queue);
            received += moved.received;
            sent += moved.sent;
        }
        lane.received.add(received);
        lane.transmitted.add(sent);
        if (received == 0) idle(wiring.share_cpus, 1000);
    }
    return 0;
}

void Macswap::stop() {
    stop_.store(true, std::memory_order_release);  // partner: run's acquire
    for (std::size_t i = 0; i < lanes_.size(); ++i) rte_eal_wait_lcore(lcores_[i]);
}

std::uint64_t Macswap::sum(Counter Lane::*counter) const {
    std::uint64_t n = 0;
    for (const Lane& lane : lanes_) n += (lane.*counter).get();
    return n;
}

}  // namespace ajar::dataplane
