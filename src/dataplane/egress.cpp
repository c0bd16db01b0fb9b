// Tx bursts, and what becomes of frames that a port does not take.
#include "dataplane/egress.hpp"

#include <rte_ethdev.h>

namespace ajar::dataplane {
namespace {

/// Reason::none where frames can leave.
Reason why_closed(const PortState& port) {
    if (!port.running.load(std::memory_order_acquire))
        return Reason::port_restarting;  // partner: main's release
    return port.link_up.load(std::memory_order_relaxed) ? Reason::none : Reason::port_down;
}

}  // namespace

Egress::Egress(Wiring& wiring, std::uint32_t lane)
    : wiring_(wiring), tally_(wiring.tally[lane]), outs_(wiring.ports.size()) {
    for (std::size_t i = 0; i < outs_.size(); ++i) {
        const PortState& port = wiring.ports[i];
        Out& out = outs_[i];
        out.sender = wiring.sender_for(lane, port);
        if (out.sender != lane) out.ring = wiring.to_send[lane][out.sender].get();
        out.queue =
            wiring.packet_clock ? std::uint16_t{0} : static_cast<std::uint16_t>(lane % port.queues.tx);
    }
    for (const auto& row : wiring.to_send) {
        if (row[lane]) incoming_.push_back(row[lane].get());
    }
}

// With the packet clock nothing may be lost, and the reader never waits for a worker without emptying this
// ring.
void Egress::push(Out& out, std::uint16_t index, rte_mbuf* m) {
    std::uint32_t tries = 0;
    while (!out.ring->push({m, index})) {
        if (!wiring_.packet_clock) {
            tally_.ring_full[out.sender].add();
            lose(index, m, Reason::ring_full);
            return;
        }
        idle(wiring_.share_cpus, ++tries);
    }
}

void Egress::dispose(rte_mbuf* m, Reason reason) {
    tally_.disposed[static_cast<std::size_t>(reason)].add();
    if (m->port < wiring_.index_of.size() && fate(reason) != Fate::consume) {
        tally_.port[wiring_.index_of[m->port]].dropped.add();
    }
    rte_pktmbuf_free(m);
}

void Egress::lose(std::uint16_t index, rte_mbuf* m, Reason reason) {
    if (m->port == kOwnFrame) tally_.port[index].crafted_dropped.add();
    dispose(m, reason);
}

void Egress::flush() {
    for (std::size_t i = 0; i < outs_.size(); ++i) {
        if (outs_[i].waiting > 0) flush(outs_[i], static_cast<std::uint16_t>(i));
    }
}

void Egress::flush(Out& out, std::uint16_t index) {
    const PortState& port = wiring_.ports[index];
    PortTally& tally = tally_.port[index];
    const Reason closed = why_closed(port);
    const bool usable = closed == Reason::none;
    std::uint64_t bytes = 0;
    for (std::uint32_t i = 0; i < out.waiting; ++i) bytes += rte_pktmbuf_pkt_len(out.frames[i]);
    std::uint16_t sent = 0;
    if (usable) {
        sent = rte_eth_tx_burst(port.device, out.queue, out.frames.data(),
                                static_cast<std::uint16_t>(out.waiting));
    }
    for (std::uint32_t i = sent; i < out.waiting; ++i) {
        bytes -= rte_pktmbuf_pkt_len(out.frames[i]);
        if (usable) tally.tx_failed.add();
        lose(index, out.frames[i], usable ? Reason::tx_failed : closed);
    }
    tally.transmitted.add(sent);
    tally.transmitted_bytes.add(bytes);
    out.waiting = 0;
}

bool Egress::relay() {
    bool moved = false;
    for (SendRing* ring : incoming_) {
        ToSend item;
        for (std::size_t n = 0; n < kBurst && ring->pop(item); ++n) {
            send(item.port, item.frame);
            moved = true;
        }
    }
    return moved;
}

}  // namespace ajar::dataplane
