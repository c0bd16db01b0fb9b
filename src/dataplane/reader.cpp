// Merging captures by time.
#include "dataplane/reader.hpp"

#include <rte_cycles.h>
#include <rte_ethdev.h>
#include <rte_mempool.h>

#include "config/device.hpp"

namespace ajar::dataplane {
namespace {

constexpr unsigned kSegmentsOfAFrame = 32;   // 64 KiB in buffers of 2 KiB
constexpr unsigned kStrandedInACache = 512;  // buffers that sit in another lcore's cache

}  // namespace

Reader::Reader(Wiring& wiring, Guard& guard, const FragmentLimits& fragments, std::uint32_t pace)
    : wiring_(wiring),
      guard_(guard),
      index_(wiring.workers),
      tally_(wiring.tally[wiring.workers]),
      egress_(wiring, wiring.workers),
      fragments_(wiring, wiring.workers, fragments, *this),
      period_(pace == 0 ? 0 : rte_get_tsc_hz() / pace) {}

Result<std::unique_ptr<Reader>> Reader::make(Wiring& wiring, Guard& guard,
                                             const std::vector<std::string>& devices,
                                             const FragmentLimits& fragments, std::uint32_t pace) {
    std::unique_ptr<Reader> reader(new Reader(wiring, guard, fragments, pace));
    const auto ports = static_cast<std::uint16_t>(wiring.ports.size());
    for (std::uint16_t p = 0; p < ports; ++p) {
        const auto files = config::capture_files(devices[p]);  // none: it only transmits
        for (std::size_t q = 0; q < files.size(); ++q) {
            auto stamps = CaptureStamps::open(files[q]);
            if (!stamps) return Error{stamps.error()};
            reader->sources_.push_back(
                {p, static_cast<std::uint16_t>(q), std::move(*stamps), {}, {}, 0, 0, false});
        }
    }
    return reader;
}

void Reader::run() {
    rte_rcu_qsbr_thread_register(wiring_.qsbr.get(), index_);
    rte_rcu_qsbr_thread_online(wiring_.qsbr.get(), index_);
    merge();
    fragments_.clear(now_);
    tally_.held.set(0);
    give_all(HandoffKind::end);
    std::uint32_t waits = 0;
    // A worker pushes nothing after it is done: what is there then is all there is.
    for (bool done = false; !done;) {
        done = workers_done();
        while (egress_.relay()) {
        }
        egress_.flush();
        if (!done) idle(wiring_.share_cpus, ++waits);
    }
    guard_.count_asks(kNoSecond);
    rte_rcu_qsbr_thread_offline(wiring_.qsbr.get(), index_);
    rte_rcu_qsbr_thread_unregister(wiring_.qsbr.get(), index_);
}

void Reader::merge() {
    turn_ = rte_rdtsc();
    while (Source* const source = earliest()) {
        await_turn();
        deliver(*source);
        rte_rcu_qsbr_quiescent(wiring_.qsbr.get(), index_);
    }
}

void Reader::await_turn() {
    if (period_ == 0) return;
    std::uint32_t waits = 0;
    while (rte_rdtsc() < turn_ && wiring_.stage.load(std::memory_order_acquire) == Stage::running) {
        egress_.relay();
        egress_.flush();
        rte_rcu_qsbr_quiescent(wiring_.qsbr.get(), index_);
        idle(wiring_.share_cpus, ++waits);
    }
    turn_ += period_;
}

// Told to stop, it still delivers what it has received: those frames are ours.
Reader::Source* Reader::earliest() {
    const bool running =
        wiring_.stage.load(std::memory_order_acquire) == Stage::running;  // partner: main's release
    Source* first = nullptr;
    for (Source& source : sources_) {
        if (source.next == source.count && running) refill(source);
        if (source.next == source.count) continue;
        if (first == nullptr || source.stamp[source.next].time < first->stamp[first->next].time)
            first = &source;
    }
    return first;
}

void Reader::refill(Source& source) {
    if (source.ended) return;
    const PortState& port = wiring_.ports[source.port];
    if (!await_running(port) || !await_buffers(port)) return;
    const std::uint16_t n = rte_eth_rx_burst(port.device, source.queue, source.frames.data(), kReadBurst);
    source.next = 0;
    source.count = n;
    source.ended = n == 0;
    std::uint64_t bytes = 0;
    for (std::size_t i = 0; i < n; ++i) {
        bytes += rte_pktmbuf_pkt_len(source.frames[i]);
        const auto stamp = source.stamps.next();
        if (!stamp || stamp->captured != rte_pktmbuf_pkt_len(source.frames[i])) faults_.add();
        source.stamp[i] = stamp.value_or(Stamp{now_, 0, rte_pktmbuf_pkt_len(source.frames[i])});
    }
    if (source.ended && source.stamps.next()) faults_.add();
    tally_.port[source.port].received.add(n);
    tally_.port[source.port].received_bytes.add(bytes);
}

// A port that is being restarted delivers nothing, which must not pass for the end of its capture. False:
// told to stop meanwhile.
bool Reader::await_running(const PortState& port) {
    std::uint32_t waits = 0;
    while (!port.running.load(std::memory_order_acquire)) {  // partner: main's release
        if (wiring_.stage.load(std::memory_order_acquire) != Stage::running) return false;
        egress_.relay();
        egress_.flush();
        rte_rcu_qsbr_quiescent(wiring_.qsbr.get(), index_);
        idle(wiring_.share_cpus, ++waits);
    }
    return true;
}

// net_pcap loses a packet for which it finds no buffer. False: told to stop meanwhile.
bool Reader::await_buffers(const PortState& port) {
    const unsigned spare = kReadBurst * kSegmentsOfAFrame + wiring_.lanes * kStrandedInACache;
    std::uint32_t waits = 0;
    while (rte_mempool_avail_count(port.pool) < std::min(spare, port.pool->size / 2)) {
        if (wiring_.stage.load(std::memory_order_acquire) != Stage::running) return false;
        egress_.relay();
        egress_.flush();
        rte_rcu_qsbr_quiescent(wiring_.qsbr.get(), index_);
        idle(wiring_.share_cpus, ++waits);
    }
    return true;
}

void Reader::deliver(Source& source) {
    rte_mbuf* const m = source.frames[source.next];
    const Stamp& stamp = source.stamp[source.next++];
    const PortState& port = wiring_.ports[source.port];
    now_ = std::max(now_, stamp.time);
    mark_epoch();
    const Policy& policy = *wiring_.policy.load(std::memory_order_acquire);
    Handoff item{.frame = m};
    read_frame(m, stamp.wire_length, port, wiring_, policy, scratch_, item.packet);
    item.packet.time = now_;
    item.packet.ordinal = ordinal_++;
    if (item.packet.kind == PacketKind::fragment) {
        fragments_.add(m, item.packet);
    } else {
        give_owner(item);
    }
    egress_.relay();
}

void Reader::judge(rte_mbuf* frames, bool strung, const Packet& packet) {
    give_owner({.frame = frames, .strung = strung, .packet = packet});
}

// Frames without a flow go round: who judges them changes nothing.
void Reader::give_owner(const Handoff& item) {
    const Routed to = route(item.packet, wiring_);
    const auto any = static_cast<std::uint32_t>(ordinal_ % wiring_.workers);
    give(to.route == Route::owner ? to.owner : any, item);
}

void Reader::mark_epoch() {
    const auto epoch = now_.time_since_epoch() / kEpochLength;
    if (epoch == epoch_) return;
    epoch_ = epoch;
    fragments_.expire(now_);
    tally_.held.set(fragments_.held());
    give_all(HandoffKind::epoch);
    const Time start(kEpochLength * epoch_);
    const bool wanted = guard_.wanted();
    if (!wanted && guard_.in_second(second_of(start))) return;
    await_workers(start);
    guard_.count_asks(second_of(start));
    if (!wanted) return;
    std::uint32_t waits = 0;
    for (bool told = guard_.update(start, start); !told; told = guard_.told()) {
        egress_.relay();
        egress_.flush();
        rte_rcu_qsbr_quiescent(wiring_.qsbr.get(), index_);
        idle(wiring_.share_cpus, ++waits);
    }
}

// Then no worker has judged a frame of this epoch, and each has judged all before it.
void Reader::await_workers(Time start) {
    std::uint32_t waits = 0;
    while (!workers_passed(start.time_since_epoch().count())) {
        egress_.relay();
        egress_.flush();
        rte_rcu_qsbr_quiescent(wiring_.qsbr.get(), index_);
        idle(wiring_.share_cpus, ++waits);
    }
}

void Reader::give_all(HandoffKind kind) {
    Handoff mark{.kind = kind};
    mark.packet.time = kind == HandoffKind::epoch ? Time(kEpochLength * epoch_) : now_;
    for (std::uint32_t lane = 0; lane < wiring_.workers; ++lane) give(lane, mark);
}

void Reader::give(std::uint32_t lane, const Handoff& item) {
    std::uint32_t waits = 0;
    while (!wiring_.hand_off[index_][lane]->push(item)) {
        egress_.relay();
        egress_.flush();
        idle(wiring_.share_cpus, ++waits);
    }
    tally_.handed_over.add(item.frame != nullptr ? 1 : 0);
}

bool Reader::workers_done() const { return workers_passed(std::numeric_limits<std::int64_t>::max()); }

bool Reader::workers_passed(std::int64_t time) const {
    for (const Progress& p : wiring_.progress) {
        if (p.passed.load(std::memory_order_acquire) < time) return false;
    }
    return true;
}

}  // namespace ajar::dataplane
