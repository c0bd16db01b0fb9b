// How a port is told its queues, offloads, RSS and MTU.
#include <fmt/format.h>
#include <rte_ethdev.h>
#include <rte_mempool.h>

#include <array>

#include "ajar/flow/steer.hpp"
#include "config/device.hpp"
#include "dataplane/port.hpp"
#include "dataplane/rss.hpp"

namespace ajar::dataplane {
namespace {

constexpr std::uint64_t kWantedRx = RTE_ETH_RX_OFFLOAD_IPV4_CKSUM | RTE_ETH_RX_OFFLOAD_TCP_CKSUM;
constexpr std::uint32_t kLinkBytes = RTE_ETHER_HDR_LEN + RTE_ETHER_CRC_LEN + 8;  // with two VLAN tags
constexpr std::uint32_t kUsualRoom = 2048;

bool can_scatter(const PortFacts& facts) {
    return (facts.rx_offloads & RTE_ETH_RX_OFFLOAD_SCATTER) != 0 || facts.driver == "net_pcap";
}

rte_eth_conf device_conf(const PortFacts& facts, std::uint32_t mtu, bool rss) {
    rte_eth_conf conf{};
    conf.rxmode.mtu = mtu;
    conf.rxmode.offloads = facts.rx_offloads & kWantedRx;
    if (mtu + kLinkBytes > kUsualRoom) conf.rxmode.offloads |= facts.rx_offloads & RTE_ETH_RX_OFFLOAD_SCATTER;
    conf.txmode.offloads = facts.tx_offloads & RTE_ETH_TX_OFFLOAD_MULTI_SEGS;
    if (rss) {
        conf.rxmode.mq_mode = RTE_ETH_MQ_RX_RSS;
        conf.rxmode.offloads |= facts.rx_offloads & RTE_ETH_RX_OFFLOAD_RSS_HASH;
    }
    return conf;
}

}  // namespace

std::uint16_t Port::buffer_room(std::uint32_t mtu) const {
    const auto headroom = facts_.driver == "net_af_xdp" ? config::kAfXdpHeadroom : 0;
    const auto whole = static_cast<std::uint32_t>(mtu + kLinkBytes + headroom);
    return static_cast<std::uint16_t>(
        can_scatter(facts_) || whole <= kUsualRoom
            ? kUsualRoom
            : std::min<std::uint32_t>(whole, UINT16_MAX - RTE_PKTMBUF_HEADROOM));
}

Result<bool> Port::configure(const Config& config, QueuePlan queues, std::uint16_t rss_word,
                             rte_mempool* pool) {
    if (config.mtu < facts_.min_mtu || config.mtu > facts_.max_mtu) {
        return Error{fmt::format("port {}: an MTU of {} is outside what the device can do ({} to {})",
                                 device_, config.mtu, facts_.min_mtu, facts_.max_mtu)};
    }
    if (facts_.driver == "net_af_xdp" && pool->nb_mem_chunks != 1) {
        return Error{
            fmt::format("port {}: the packet buffers lie in {} pieces of memory, of which the device "
                        "would use one; fewer mbufs need less",
                        device_, pool->nb_mem_chunks)};
    }
    queues_ = queues;
    setup_ = {.workers = config.workers,
              .mtu = config.mtu,
              .rx_descriptors = static_cast<std::uint16_t>(config.rx_descriptors),
              .tx_descriptors = static_cast<std::uint16_t>(config.tx_descriptors),
              .rss_word = rss_word,
              .switches_link = config.link_follow,
              .pool = pool};
    if (auto applied = apply(); !applied) return applied;
    return check_link_switch();
}

Result<bool> Port::apply() {
    const bool rss = queues_.rx > 1 && rss_capable(facts_);
    auto rss_key_bytes = rss_key(setup_.rss_word);
    rte_eth_conf conf = device_conf(facts_, setup_.mtu, rss);
    if (rss) {
        conf.rx_adv_conf.rss_conf = {.rss_key = rss_key_bytes.data(),
                                     .rss_key_len = facts_.hash_key_size,
                                     .rss_hf = facts_.rss_types & kRssTypes};
    }
    if (const int rc = rte_eth_dev_configure(id_, queues_.rx, queues_.tx, &conf); rc != 0) {
        return error("refuses its configuration", rc);
    }
    if (auto set = set_mtu(); !set) return set;
    if (auto made = set_up_queues(); !made) return made;
    return rss ? set_reta(id_, facts_, setup_.workers) : Result<bool>(true);
}

// A device that has no MTU to set carries whatever its buffers hold.
Result<bool> Port::set_mtu() {
    if (!borrowed_mtu_) borrowed_mtu_ = KernelMtu::of(facts_.kernel_interface);
    const int rc = rte_eth_dev_set_mtu(id_, static_cast<std::uint16_t>(setup_.mtu));
    if (rc != 0 && rc != -ENOTSUP) return error(fmt::format("refuses an MTU of {}", setup_.mtu).c_str(), rc);
    std::uint16_t actual = 0;
    mtu_ = rte_eth_dev_get_mtu(id_, &actual) == 0 ? actual : setup_.mtu;
    return true;
}

Result<bool> Port::set_up_queues() {
    std::uint16_t rx = setup_.rx_descriptors, tx = setup_.tx_descriptors;
    if (const int rc = rte_eth_dev_adjust_nb_rx_tx_desc(id_, &rx, &tx); rc != 0) {
        return error("cannot do so many descriptors", rc);
    }
    const auto socket = static_cast<unsigned>(facts_.socket);
    for (std::uint16_t q = 0; q < queues_.rx; ++q) {
        const int rc = rte_eth_rx_queue_setup(id_, q, rx, socket, nullptr, setup_.pool);
        if (rc != 0) return error("an rx queue cannot be set up", rc);
    }
    for (std::uint16_t q = 0; q < queues_.tx; ++q) {
        const int rc = rte_eth_tx_queue_setup(id_, q, tx, socket, nullptr);
        if (rc != 0) return error("a tx queue cannot be set up", rc);
    }
    return true;
}

// Asking for a link that is up anyway changes nothing, and tells whether the driver can switch one.
Result<bool> Port::check_link_switch() const {
    if (!setup_.switches_link || rte_eth_dev_set_link_up(id_) != -ENOTSUP) return true;
    return Error{
        fmt::format("port {}: its driver, {}, cannot take a link down, so the port cannot follow its twin; "
                    "set link_follow = false or use another device",
                    device_, facts_.driver)};
}

}  // namespace ajar::dataplane
