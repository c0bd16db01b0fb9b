// One port: how it is found, configured, started, watched and stopped.
#pragma once

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>

#include "ajar/config.hpp"
#include "ajar/result.hpp"
#include "dataplane/kernel_mtu.hpp"

struct rte_mempool;

namespace ajar::dataplane {

/// What a device can do, as far as it decides how it is configured.
struct PortFacts {
    std::string driver;
    int socket = 0;
    std::uint16_t max_rx_queues = 1, max_tx_queues = 1;
    std::uint64_t rx_offloads = 0, tx_offloads = 0, rss_types = 0;
    std::uint16_t reta_size = 0;
    std::uint8_t hash_key_size = 0;
    std::uint16_t min_mtu = 0, max_mtu = 0;
    unsigned kernel_interface = 0;  ///< index of the interface that the device sits on; 0: on none
};

/// How many queues a port gets. A device that replays captures has one rx queue per file, and all are read.
struct QueuePlan {
    std::uint16_t rx = 1, tx = 1;
};
QueuePlan plan_queues(const PortFacts& facts, std::uint32_t lanes, bool one_reader);

/// The most buffers that the driver keeps for good: net_af_xdp does not return those of its kernel rings when
/// it is closed, 2048 for reception and up to as many sent ones for each queue. Other drivers keep none.
std::uint64_t buffers_kept(const PortFacts& facts, QueuePlan queues);

class Port {
public:
    /// Finds the device, or probes it where the EAL's arguments did not name it.
    static Result<Port> open(const std::string& device);

    Port(Port&& from) noexcept;
    Port& operator=(Port&&) = delete;
    ~Port();

    /// Bytes of packet data that a buffer should hold: a whole frame of the MTU where the device cannot
    /// scatter.
    [[nodiscard]] std::uint16_t buffer_room(std::uint32_t mtu) const;

    /// Queues, offloads, RSS under the key that repeats `rss_word`, MTU. The mempool must outlive the port.
    Result<bool> configure(const Config& config, QueuePlan queues, std::uint16_t rss_word, rte_mempool* pool);

    /// Promiscuous, all multicast, no flow control; then packets flow.
    Result<bool> start();
    void stop();
    /// Resets the device where its driver can, configures it as before and starts it. Nobody may be in a
    /// burst of this port. After a failure it may be tried again.
    Result<bool> restart();

    /// Empties the rx queues, of as much as any ring of the kernel's holds, and says how many frames it was.
    /// They are counted by the device alone. Started, and no lane in a burst of it.
    std::size_t discard_received() const;

    [[nodiscard]] const std::string& device() const { return device_; }
    [[nodiscard]] const PortFacts& facts() const { return facts_; }
    [[nodiscard]] std::uint16_t id() const { return id_; }
    [[nodiscard]] QueuePlan queues() const { return queues_; }
    [[nodiscard]] std::uint32_t mtu() const { return mtu_; }

private:
    /// What configure() was told, for a restart.
    struct Setup {
        std::uint32_t workers = 1, mtu = 1500;
        std::uint16_t rx_descriptors = 0, tx_descriptors = 0;
        std::uint16_t rss_word = 0;
        bool switches_link = false;
        rte_mempool* pool = nullptr;
    };
    explicit Port(std::string device) : device_(std::move(device)) {}
    [[nodiscard]] Error error(const char* what, int code) const;
    void read_facts();
    Result<bool> apply();
    Result<bool> set_up_queues();
    Result<bool> set_mtu();
    Result<bool> check_link_switch() const;

    std::string device_;
    std::uint16_t id_ = 0;
    PortFacts facts_;
    QueuePlan queues_;
    Setup setup_;
    std::uint32_t mtu_ = 0;
    std::optional<KernelMtu> borrowed_mtu_;  // put back at the end
    bool open_ = false;
    bool probed_ = false;  // by us: then it is ours to unplug
    bool started_ = false;
};

/// A bump in the wire sends on one side what it got on the other: both must take the same packets.
Result<bool> check_pair_mtu(const std::string& a, std::uint32_t mtu_a, const std::string& b,
                            std::uint32_t mtu_b);

}  // namespace ajar::dataplane
