// Tx bursts, and what becomes of frames that a port does not take.
#include "dataplane/egress.hpp"

#include <rte_cycles.h>
#include <rte_ethdev.h>

#include <algorithm>

namespace ajar::dataplane {
namespace {

// A lane that others wait for may itself wait for ports meanwhile: so many times as long. And in all.
constexpr std::uint64_t kLanePorts = 5, kInAllMs = 30'000;

std::uint64_t cycles_of(std::uint64_t milliseconds) { return rte_get_tsc_hz() / 1000 * milliseconds; }

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

std::uint64_t Egress::for_port() const { return cycles_of(wiring_.port_patience_ms); }

void Egress::wait_for_room() { give_up_ = rte_rdtsc() + cycles_of(kInAllMs); }

/// Until the attempt succeeds, or patience ends: then it is `stuck`, and not waited for again.
template <typename Attempt>
bool Egress::wait(bool& stuck, std::uint64_t patience, Attempt attempt) {
    if (give_up_ == 0 || stuck) return false;
    const std::uint64_t end = std::min(rte_rdtsc() + patience, give_up_);
    for (std::uint32_t tries = 0; rte_rdtsc() < end;) {
        if (attempt()) return true;
        idle(true, ++tries);
    }
    stuck = true;
    return false;
}

// With the packet clock nothing may be lost, and the reader never waits for a worker without emptying this
// ring.
void Egress::push(Out& out, std::uint16_t index, rte_mbuf* m) {
    const auto attempt = [&] { return out.ring->push({m, index}); };
    std::uint32_t tries = 0;
    while (!attempt()) {
        if (!wiring_.packet_clock) {
            const auto after_others = [&] {
                relay();  // who has the port's queue may wait for this lane
                return attempt();
            };
            if (wait(out.stuck, kLanePorts * for_port(), after_others)) return;
            tally_.ring_full[out.sender].add();
            lose(index, m, Reason::ring_full);
            return;
        }
        idle(wiring_.share_cpus, ++tries);
    }
}

rte_mbuf* Egress::take_buffer(std::uint16_t index) {
    rte_mempool* const pool = wiring_.ports[index].pool;
    rte_mbuf* m = rte_pktmbuf_alloc(pool);
    if (m != nullptr) [[likely]]
        return m;
    wait(starved_, for_port(), [&] {
        relay();
        flush();  // a port gives back what it has sent when it is given more
        return (m = rte_pktmbuf_alloc(pool)) != nullptr;
    });
    return m;
}

void Egress::dispose(rte_mbuf* m, Reason reason) {
    tally_.disposed[static_cast<std::size_t>(reason)].add();
    if (m->port < wiring_.index_of.size() && fate(reason) != Fate::consume) {
        tally_.port[wiring_.index_of[m->port]].dropped.add();
    }
    rte_pktmbuf_free(m);
}

// Who is behind a link that is down is not there, whether or not he was asked.
void Egress::lose_own(std::uint16_t index, Reason reason) {
    tally_.port[index].crafted_dropped.add();
    if (reason != Reason::port_down) wiring_.own_lost.fetch_add(1, std::memory_order_relaxed);
}

void Egress::lose(std::uint16_t index, rte_mbuf* m, Reason reason) {
    if (m->port == kOwnFrame) lose_own(index, reason);
    dispose(m, reason);
}

void Egress::flush() {
    for (std::size_t i = 0; i < outs_.size(); ++i) {
        if (outs_[i].waiting > 0) flush(outs_[i], static_cast<std::uint16_t>(i));
    }
}

/// Returns how many of those that wait the port has taken.
std::uint16_t Egress::transmit(Out& out, const PortState& port) {
    std::uint16_t sent = 0;
    const auto burst = [&] {
        const std::uint16_t n = rte_eth_tx_burst(port.device, out.queue, out.frames.data() + sent,
                                                 static_cast<std::uint16_t>(out.waiting - sent));
        sent = static_cast<std::uint16_t>(sent + n);
        return n != 0;
    };
    burst();
    while (sent < out.waiting && wait(out.stuck, for_port(), burst)) {
    }
    return sent;
}

void Egress::flush(Out& out, std::uint16_t index) {
    const PortState& port = wiring_.ports[index];
    PortTally& tally = tally_.port[index];
    const Reason closed = why_closed(port);
    const bool usable = closed == Reason::none;
    std::uint64_t bytes = 0;
    for (std::uint32_t i = 0; i < out.waiting; ++i) bytes += rte_pktmbuf_pkt_len(out.frames[i]);
    const std::uint16_t sent = usable ? transmit(out, port) : std::uint16_t{0};
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
