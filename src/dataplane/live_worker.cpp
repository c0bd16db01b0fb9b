// A worker's round on the TSC.
#include "dataplane/live_worker.hpp"

#include <rte_ethdev.h>

#include <algorithm>
#include <utility>

#include "ajar/flow/timer_sweep.hpp"

namespace ajar::dataplane {
namespace {

constexpr Duration kTimersPeriod = std::chrono::microseconds(100);

/// Of one look, by the packets of its round: it never takes much longer than they did, and where they come
/// one by one, none waits for long behind it. The most takes less than 5 us.
std::size_t timers_budget(std::size_t packets) {
    constexpr std::size_t kLeast = 3, kMost = 10, kPacketsEach = 4;
    return std::clamp(packets / kPacketsEach, kLeast, kMost) * TimerSweep::kDueCost;
}
constexpr std::size_t kEventsAnEnd = 5;       // at the most: two resets to each end, the record
constexpr std::size_t kFinishBudget = 128;    // flows; the smallest ring of events has room for theirs
constexpr std::size_t kOrdersBudget = 16;     // evictions a round: some 10 us
constexpr std::size_t kEventsAnEviction = 4;  // at the most: evicted, a reset to each end, the record

}  // namespace

LiveWorker::LiveWorker(Wiring& wiring, std::uint32_t index, const TscClock& clock, Tracker& tracker,
                       const FragmentLimits& fragments)
    : wiring_(wiring),
      index_(index),
      clock_(clock),
      tally_(wiring.tally[index]),
      lane_(wiring, index, tracker),
      fragments_(wiring, index, fragments, *this),
      timers_period_(clock.cycles_of(kTimersPeriod)) {
    const auto ports = static_cast<std::uint16_t>(wiring.ports.size());
    for (std::uint16_t p = 0; p < ports; ++p) {
        for (std::uint16_t q = 0; q < wiring.ports[p].queues.rx; ++q) {
            if (q % wiring.workers == index) queues_.push_back({p, q, &tally_.queue.emplace_back(p, q)});
        }
    }
    for (const auto& row : wiring.hand_off) {
        if (row[index]) inbound_.push_back(row[index].get());
    }
}

void LiveWorker::run() {
    rte_rcu_qsbr_thread_register(wiring_.qsbr.get(), index_);
    rte_rcu_qsbr_thread_online(wiring_.qsbr.get(), index_);
    round_tsc_ = rte_rdtsc();
    while (wiring_.stage.load(std::memory_order_acquire) < Stage::resting) {  // partner: main's release
        idle_rounds_ = round() ? 0 : idle_rounds_ + 1;
        tally_.rounds.add();
        clock_round(idle_rounds_ == 0);
        rte_rcu_qsbr_quiescent(wiring_.qsbr.get(), index_);
        if (idle_rounds_ == 0) continue;
        tally_.idle_rounds.add();
        idle(wiring_.share_cpus, idle_rounds_);
        clock_round(false);
    }
    if (wiring_.stage.load(std::memory_order_acquire) == Stage::finishing) finish(wiring_.orders());
    rte_rcu_qsbr_thread_offline(wiring_.qsbr.get(), index_);
    rte_rcu_qsbr_thread_unregister(wiring_.qsbr.get(), index_);
}

bool LiveWorker::round() {
    const Orders orders = wiring_.orders();
    bool moved = false;
    packets_before_ = packets_;
    const bool running =
        wiring_.stage.load(std::memory_order_acquire) == Stage::running;  // partner: main's release
    if (running) {
        for (const Queue& queue : queues_) moved |= receive(queue, orders);
    }
    for (HandoffRing* ring : inbound_) moved |= take_over(*ring, orders);
    if (running) {
        timers(orders);
        moved |= obey(orders);
    } else {
        let_fragments_go(orders);
    }
    moved |= lane_.egress().relay();
    lane_.egress().flush();
    return moved;
}

bool LiveWorker::receive(const Queue& queue, const Orders& orders) {
    const PortState& port = wiring_.ports[queue.port];
    if (!port.running.load(std::memory_order_acquire)) return false;
    std::array<rte_mbuf*, kBurst> frames;
    const std::uint16_t n = rte_eth_rx_burst(port.device, queue.queue, frames.data(), kBurst);
    if (n == 0) return false;
    const Time now = clock_.now();
    std::uint64_t bytes = 0;
    for (std::uint16_t i = 0; i < n; ++i) {
        if (i + 4 < n) rte_prefetch0(rte_pktmbuf_mtod(frames[i + 4], void*));
        bytes += rte_pktmbuf_pkt_len(frames[i]);
        accept(frames[i], port, now, orders);
    }
    tally_.port[queue.port].received.add(n);
    queue.tally->count(n);
    tally_.port[queue.port].received_bytes.add(bytes);
    lane_.judge(orders);
    return true;
}

void LiveWorker::stamp(Packet& packet, Time now) {
    packet.time = now;
    packet.ordinal = ++packets_ * wiring_.workers + index_;
}

void LiveWorker::accept(rte_mbuf* m, const PortState& port, Time now, const Orders& orders) {
    m->port = port.device;  // net_ring leaves whatever stood there
    Packet& packet = lane_.next_packet();
    read_frame(m, rte_pktmbuf_pkt_len(m), port, wiring_, orders.policy, lane_.next_scratch(), packet);
    const Routed to = route(packet, wiring_);
    if (to.route == Route::here || to.owner == index_) [[likely]] {
        stamp(packet, now);
        if (to.route == Route::fragment) {
            fragments_.add(m, packet);
        } else {
            lane_.take(m, false, orders);
        }
        return;
    }
    pass_on(to.owner, m, false, packet);
}

void LiveWorker::pass_on(std::uint32_t owner, rte_mbuf* m, bool strung, const Packet& packet) {
    if (wiring_.hand_off[index_][owner]->push({m, HandoffKind::frame, strung, packet})) {
        tally_.handed_over.add();
        return;
    }
    tally_.ring_full[owner].add();
    for_each_frame(m, strung, [&](rte_mbuf* f) { lane_.egress().dispose(f, Reason::ring_full); });
}

// Time and ordinal are this shard's.
bool LiveWorker::take_over(HandoffRing& ring, const Orders& orders) {
    const Time now = clock_.now();
    Handoff item;
    std::size_t n = 0;
    while (n < kBurst && ring.pop(item)) {
        ++n;
        Packet& packet = lane_.next_packet();
        lane_.adopt(item.packet, item.frame);
        stamp(packet, now);
        if (packet.kind == PacketKind::fragment) {
            fragments_.add(item.frame, packet);
        } else {
            lane_.take(item.frame, item.strung, orders);
        }
    }
    tally_.taken_over.add(n);
    lane_.judge(orders);
    return n > 0;
}

// A whole datagram belongs to the owner of its 4-tuple, which may be another lane. Its link header is the
// fragment holder's for this call only; it is copied, the holder may be asked again within the burst.
void LiveWorker::judge(rte_mbuf* frames, bool strung, const Packet& packet) {
    const Orders orders = wiring_.orders();
    const Routed to = route(packet, wiring_);
    if (to.route == Route::owner && to.owner != index_) {
        pass_on(to.owner, frames, strung, packet);
        return;
    }
    lane_.next_packet() = packet;
    lane_.keep_link_header();
    lane_.take(frames, strung, orders);
}

void LiveWorker::timers(const Orders& orders) {
    const std::uint64_t tsc = rte_rdtsc();
    if (tsc < next_timers_tsc_) return;
    const Time now = clock_.at(tsc);
    fragments_.expire(now);
    lane_.judge(orders);
    tally_.held.set(fragments_.held());
    // Behind schedule: come back at once instead of after the period.
    if (lane_.advance(now, timers_budget(packets_ - packets_before_), orders))
        next_timers_tsc_ = tsc + timers_period_;
}

// An order waits where what it says of itself might be lost.
bool LiveWorker::obey(const Orders& orders) {
    OrderDesk& desk = wiring_.desks[index_];
    Tracker& tracker = lane_.tracker();
    control::Order order;
    std::size_t n = 0;
    while (n < kOrdersBudget && tracker.events().space() > kEventsAnEviction && desk.done.space() != 0 &&
           desk.orders.pop(order)) {
        ++n;
        const Packet tuple = tuple_of(order, wiring_.steering);
        const bool mine = wiring_.owner[tuple.partition] == index_;
        const bool found = mine && lane_.evict(tuple, clock_.now(), {order.birth, order.action}, orders);
        desk.done.push({order.tag, found});
    }
    if (n != 0) tally_.orders.add(n);
    return n != 0;
}

void LiveWorker::clock_round(bool busy) {
    const std::uint64_t tsc = rte_rdtsc();
    (busy ? tally_.busy_cycles : tally_.idle_cycles).add(tsc - std::exchange(round_tsc_, tsc));
}

// While rings are still looked after: those that go may leave through another lane's queue.
void LiveWorker::let_fragments_go(const Orders& orders) {
    fragments_.clear(clock_.now());
    lane_.judge(orders);
    tally_.held.set(fragments_.held());
}

void LiveWorker::finish(const Orders& orders) {
    auto& events = lane_.tracker().events();
    Egress& egress = lane_.egress();
    egress.wait_for_room();
    const Time now = clock_.now();
    std::uint32_t waits = 0;
    do {
        egress.relay();
        while (events.space() < kEventsAnEnd * kFinishBudget) {  // main writes them out meanwhile
            egress.relay();
            idle(true, ++waits);
        }
    } while (!lane_.finish(now, kFinishBudget, orders));
    wiring_.finished.fetch_add(1, std::memory_order_release);  // partner: the acquire below
    for (bool all = false; !all;) {
        all = wiring_.finished.load(std::memory_order_acquire) >= wiring_.workers;
        while (egress.relay()) {
        }
        egress.flush();
        if (!all) idle(true, ++waits);
    }
}

}  // namespace ajar::dataplane
