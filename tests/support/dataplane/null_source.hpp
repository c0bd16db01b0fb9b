// net_null as a source: an rx callback writes synthetic headers into its empty frames, up to a limit.
#pragma once

#include <cstdint>
#include <deque>
#include <vector>

#include "dataplane/wiring.hpp"
#include "support/dataplane/synthetic.hpp"

struct rte_eth_rxtx_callback;
struct rte_mbuf;

namespace ajar::dataplane {

/// Outlives the lanes, and is detached while the ports are open.
class SyntheticSource {
public:
    struct Plan {
        Pattern pattern = Pattern::established;
        std::uint32_t flows = 4096;                      ///< of each queue
        std::uint32_t queues = 1;                        ///< that deliver; further ones are silent
        bool rss = true;                                 ///< each queue carries only what its worker owns
        std::uint64_t packets_each = ~std::uint64_t{0};  ///< of each queue of each port
    };
    /// The first pair of ports.
    SyntheticSource(const Wiring& wiring, const Plan& plan);
    /// DPDK keeps callbacks even when a port closes: the next port of that number would call them.
    void detach();

private:
    struct Feed {
        Synthetic* traffic;
        std::uint8_t side;
        std::uint64_t left;
    };
    struct Hook {
        std::uint16_t port, queue;
        const rte_eth_rxtx_callback* callback;
    };
    static std::uint16_t fill(std::uint16_t port, std::uint16_t queue, rte_mbuf* frames[], std::uint16_t n,
                              std::uint16_t most, void* feed);
    void hook(std::uint16_t port, std::uint16_t queue, const Feed& feed);

    std::deque<Synthetic> lots_;
    std::deque<Feed> feeds_;
    std::vector<Hook> hooks_;
};

}  // namespace ajar::dataplane
