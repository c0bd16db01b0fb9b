// How a port is found, started and stopped.
#include "dataplane/port.hpp"

#include <fmt/format.h>
#include <rte_bus_vdev.h>
#include <rte_dev.h>
#include <rte_errno.h>
#include <rte_ethdev.h>
#include <rte_mbuf.h>

#include <array>
#include <cstring>

#include "config/device.hpp"

namespace ajar::dataplane {
namespace {

std::string name_of(const std::string& device) { return device.substr(0, device.find(',')); }

void quiet_flow_control(std::uint16_t id) {
    rte_eth_fc_conf conf{};
    if (rte_eth_dev_flow_ctrl_get(id, &conf) != 0) return;
    conf.mode = RTE_ETH_FC_NONE;
    rte_eth_dev_flow_ctrl_set(id, &conf);
}

}  // namespace

std::uint64_t buffers_kept(const PortFacts& facts, QueuePlan queues) {
    if (facts.driver != "net_af_xdp") return 0;
    return config::kAfXdpRing * (std::uint64_t{queues.rx} + queues.tx);
}

QueuePlan plan_queues(const PortFacts& facts, std::uint32_t lanes, bool one_reader) {
    const bool captures = facts.driver == "net_pcap";
    const auto wanted = static_cast<std::uint16_t>(one_reader ? 1 : lanes);
    QueuePlan plan;
    plan.rx = captures ? facts.max_rx_queues : std::min(wanted, facts.max_rx_queues);
    plan.tx = captures ? facts.max_tx_queues : std::min(wanted, facts.max_tx_queues);
    return plan;
}

Port::Port(Port&& from) noexcept
    : device_(std::move(from.device_)),
      id_(from.id_),
      facts_(std::move(from.facts_)),
      queues_(from.queues_),
      setup_(from.setup_),
      mtu_(from.mtu_),
      borrowed_mtu_(std::exchange(from.borrowed_mtu_, std::nullopt)),
      open_(std::exchange(from.open_, false)),
      probed_(from.probed_),
      started_(std::exchange(from.started_, false)) {}

Port::~Port() {
    stop();
    if (!open_) return;
    if (borrowed_mtu_) borrowed_mtu_->restore();
    rte_eth_dev_info info{};
    const bool unplug = probed_ && rte_eth_dev_info_get(id_, &info) == 0;
    rte_eth_dev_close(id_);
    if (unplug) rte_dev_remove(info.device);
}

Error Port::error(const char* what, int code) const {
    return {fmt::format("port {}: {}: {}", device_, what, rte_strerror(code < 0 ? -code : code))};
}

Result<Port> Port::open(const std::string& device) {
    Port port(device);
    const std::string name = name_of(device);
    if (rte_eth_dev_get_port_by_name(name.c_str(), &port.id_) != 0) {
        if (const int rc = rte_dev_probe(device.c_str()); rc != 0 && rc != -EEXIST) {
            return port.error("DPDK finds no such device, or its driver refused the arguments", rc);
        }
        port.probed_ = true;
        if (const int rc = rte_eth_dev_get_port_by_name(name.c_str(), &port.id_); rc != 0) {
            return port.error("probed, but no Ethernet port came of it", rc);
        }
    }
    port.open_ = true;
    port.read_facts();
    return port;
}

void Port::read_facts() {
    rte_eth_dev_info info{};
    if (rte_eth_dev_info_get(id_, &info) != 0) return;
    const int socket = rte_eth_dev_socket_id(id_);
    facts_ = {.driver = info.driver_name == nullptr ? "" : info.driver_name,
              .socket = socket < 0 ? 0 : socket,
              .max_rx_queues = std::max<std::uint16_t>(info.max_rx_queues, 1),
              .max_tx_queues = std::max<std::uint16_t>(info.max_tx_queues, 1),
              .rx_offloads = info.rx_offload_capa,
              .tx_offloads = info.tx_offload_capa,
              .rss_types = info.flow_type_rss_offloads,
              .reta_size = info.reta_size,
              .hash_key_size = info.hash_key_size,
              .min_mtu = info.min_mtu,
              .max_mtu = info.max_mtu,
              .kernel_interface = info.if_index};
}

Result<bool> Port::start() {
    if (const int rc = rte_eth_dev_start(id_); rc != 0) return error("does not start", rc);
    started_ = true;
    // Devices without an address filter say "not supported": they take everything anyway.
    rte_eth_promiscuous_enable(id_);
    rte_eth_allmulticast_enable(id_);
    quiet_flow_control(id_);
    return true;
}

void Port::stop() {
    if (std::exchange(started_, false)) rte_eth_dev_stop(id_);
}

// Traffic goes on meanwhile, so an empty queue may never be seen.
std::size_t Port::discard_received() const {
    constexpr std::size_t kMost = 65536;
    std::array<rte_mbuf*, 64> frames;
    std::size_t all = 0;
    for (std::uint16_t q = 0; q < queues_.rx; ++q)
        for (std::size_t n = 0; n < kMost;) {
            const auto got = rte_eth_rx_burst(id_, q, frames.data(), frames.size());
            if (got == 0) break;
            rte_pktmbuf_free_bulk(frames.data(), got);
            n += got;
            all += got;
        }
    return all;
}

// A driver that cannot reset a device does not ask for it either: then stopping is all there is to do.
Result<bool> Port::restart() {
    stop();
    if (const int rc = rte_eth_dev_reset(id_); rc != 0 && rc != -ENOTSUP) return error("cannot be reset", rc);
    if (auto applied = apply(); !applied) return applied;
    return start();
}

Result<bool> check_pair_mtu(const std::string& a, std::uint32_t mtu_a, const std::string& b,
                            std::uint32_t mtu_b) {
    if (mtu_a == mtu_b) return true;
    return Error{
        fmt::format("the ports of a pair differ in MTU: {} has {}, {} has {}. What one takes the other must "
                    "send: set both to the same, or choose an `mtu` that both can do.",
                    a, mtu_a, b, mtu_b)};
}

}  // namespace ajar::dataplane
