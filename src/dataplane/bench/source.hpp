// How does made traffic come in through net_null? By an rx callback that makes the frames.
#pragma once

#include <cstdint>
#include <deque>
#include <span>
#include <vector>

#include "dataplane/bench/traffic.hpp"
#include "dataplane/wiring.hpp"

struct rte_eth_rxtx_callback;
struct rte_mbuf;
struct rte_mempool;

namespace ajar::dataplane {

/// The ports are net_null with `no-rx=1`: they deliver nothing of their own, so the callback takes just the
/// buffers that it fills. Outlives the lanes, and is detached while the ports are open.
class NullSource {
public:
    /// The first pair of ports.
    explicit NullSource(const Wiring& wiring);
    /// What each queue carries from now on; further queues are silent. While nobody polls. Where packets are
    /// handed on to another worker, a queue waits for room in the ring: its owner is the slower one, and what
    /// it could not take would be lost.
    void carry(std::span<Traffic* const> by_queue);
    /// DPDK keeps callbacks even when a port closes: the next port of that number would call them.
    void detach();

private:
    struct Feed {
        std::uint8_t side;
        rte_mempool* pool;
        const std::vector<std::unique_ptr<HandoffRing>>* rings;  // of its worker
        Traffic* traffic;

        std::uint32_t blocked_polls = 0;

        [[nodiscard]] bool blocked();
    };
    struct Hook {
        std::uint16_t port, queue;
        const rte_eth_rxtx_callback* callback;
    };
    static std::uint16_t fill(std::uint16_t port, std::uint16_t queue, rte_mbuf* frames[], std::uint16_t n,
                              std::uint16_t most, void* feed);

    std::deque<Feed> feeds_;
    std::vector<Hook> hooks_;
};

}  // namespace ajar::dataplane
