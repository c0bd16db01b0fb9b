// Writing headers in an rx callback.
#include "support/dataplane/null_source.hpp"

#include <rte_ethdev.h>
#include <rte_mbuf.h>

#include <algorithm>

namespace ajar::dataplane {

SyntheticSource::SyntheticSource(const Wiring& wiring, const Plan& plan) {
    for (std::uint16_t q = 0; q < wiring.ports[0].queues.rx; ++q) {
        Synthetic* lot = nullptr;
        if (q < plan.queues) {
            lot = &lots_.emplace_back(plan.pattern, plan.flows, static_cast<std::uint8_t>(q));
            if (plan.rss) lot->only_owned_by(q, wiring.workers, wiring.steering.key().rss_word);
        }
        for (std::uint8_t side = 0; side < 2; ++side) {
            hook(wiring.ports[side].device, q, {lot, side, lot == nullptr ? 0 : plan.packets_each});
        }
    }
}

void SyntheticSource::detach() {
    for (const Hook& h : hooks_) rte_eth_remove_rx_callback(h.port, h.queue, h.callback);
    hooks_.clear();
}

void SyntheticSource::hook(std::uint16_t port, std::uint16_t queue, const Feed& feed) {
    Feed& kept = feeds_.emplace_back(feed);
    hooks_.push_back({port, queue, rte_eth_add_rx_callback(port, queue, fill, &kept)});
}

std::uint16_t SyntheticSource::fill(std::uint16_t, std::uint16_t, rte_mbuf* frames[], std::uint16_t n,
                                    std::uint16_t, void* user) {
    Feed& feed = *static_cast<Feed*>(user);
    const auto wanted = static_cast<std::uint16_t>(std::min<std::uint64_t>(n, feed.left));
    std::uint16_t written = 0;
    while (written < wanted) {
        constexpr auto kLength = Synthetic::kFrameBytes;
        rte_mbuf* const m = frames[written];
        const std::span<std::uint8_t, kLength> bytes(rte_pktmbuf_mtod(m, std::uint8_t*), kLength);
        if (!feed.traffic->write(feed.side, bytes)) break;
        m->data_len = kLength;
        m->pkt_len = kLength;
        m->ol_flags |= RTE_MBUF_F_RX_IP_CKSUM_GOOD | RTE_MBUF_F_RX_L4_CKSUM_GOOD;
        ++written;
    }
    rte_pktmbuf_free_bulk(frames + written, n - written);
    feed.left -= written;
    return written;
}

}  // namespace ajar::dataplane
