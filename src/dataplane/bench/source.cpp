// Making frames in an rx callback.
#include "dataplane/bench/source.hpp"

#include <rte_ethdev.h>
#include <rte_mbuf.h>
#include <unistd.h>

#include <algorithm>

#include "dataplane/bench/frames.hpp"

namespace ajar::dataplane {
namespace {

void arrive(rte_mbuf* m, std::uint16_t port, std::uint16_t length) {
    m->port = port;
    m->data_len = length;
    m->pkt_len = length;
    m->ol_flags = kChecksumsGood;
}

}  // namespace

NullSource::NullSource(const Wiring& wiring) {
    for (std::uint8_t side = 0; side < 2; ++side) {
        const PortState& port = wiring.ports[side];
        for (std::uint16_t q = 0; q < port.queues.rx; ++q) {
            const auto& rings = wiring.hand_off[q % wiring.workers];
            Feed& feed = feeds_.emplace_back(Feed{side, port.pool, &rings, nullptr, 0});
            hooks_.push_back({port.device, q, rte_eth_add_rx_callback(port.device, q, fill, &feed)});
        }
    }
}

// Who waits for long waits for a worker that has lost its CPU. Spinning meanwhile would count as work.
bool NullSource::Feed::blocked() {
    constexpr std::uint32_t kPatience = 64;
    constexpr useconds_t kNap = 50;
    const bool full =
        std::ranges::any_of(*rings, [](const auto& r) { return r && r->space() < Blocks::kBlock; });
    blocked_polls = full ? blocked_polls + 1 : 0;
    if (blocked_polls > kPatience) usleep(kNap);
    return full;
}

void NullSource::carry(std::span<Traffic* const> by_queue) {
    for (std::size_t i = 0; i < feeds_.size(); ++i) {
        const auto queue = hooks_[i].queue;
        feeds_[i].traffic = queue < by_queue.size() ? by_queue[queue] : nullptr;
    }
    for (Traffic* traffic : by_queue) traffic->resume();
}

void NullSource::detach() {
    for (const Hook& h : hooks_) rte_eth_remove_rx_callback(h.port, h.queue, h.callback);
    hooks_.clear();
}

std::uint16_t NullSource::fill(std::uint16_t port, std::uint16_t, rte_mbuf* frames[], std::uint16_t,
                               std::uint16_t most, void* user) {
    Feed& feed = *static_cast<Feed*>(user);
    if (feed.traffic == nullptr || feed.traffic->ended()) return 0;
    const auto turn = feed.traffic->turn();
    if ((turn != feed.side && turn != Traffic::kEither) || feed.blocked()) return 0;
    const auto wanted = std::min<std::uint16_t>(most, Blocks::kBlock);
    if (rte_pktmbuf_alloc_bulk(feed.pool, frames, wanted) != 0) return 0;
    std::array<std::uint8_t*, Blocks::kBlock> bytes;
    std::array<std::uint16_t, Blocks::kBlock> lengths;
    for (std::uint16_t i = 0; i < wanted; ++i) bytes[i] = rte_pktmbuf_mtod(frames[i], std::uint8_t*);
    const auto n = static_cast<std::uint16_t>(
        feed.traffic->write(feed.side, {std::span(bytes).first(wanted), std::span(lengths).first(wanted)}));
    for (std::uint16_t i = 0; i < n; ++i) arrive(frames[i], port, lengths[i]);
    if (n < wanted) rte_pktmbuf_free_bulk(frames + n, wanted - n);
    return n;
}

}  // namespace ajar::dataplane
