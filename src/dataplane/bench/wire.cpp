// Sending, receiving, and leaving out what the machine disturbed.
#include "dataplane/bench/wire.hpp"

#include <rte_cycles.h>

#include <array>
#include <cstring>
#include <utility>

#include "dataplane/bench/frames.hpp"

namespace ajar::dataplane {
namespace {

constexpr std::uint16_t kBurstOfWire = 32;
constexpr std::uint32_t kBuffers = 4096;

// The stamp is the last bytes of the payload; the shortest frame has just room for 48 bits of the TSC.
constexpr std::size_t kStamp = 6;
constexpr std::uint64_t kStampMask = (std::uint64_t{1} << (8 * kStamp)) - 1;

std::uint8_t* stamp_of(rte_mbuf* m) {
    return rte_pktmbuf_mtod(m, std::uint8_t*) + rte_pktmbuf_data_len(m) - kStamp;
}

std::uint64_t age(rte_mbuf* m, std::uint64_t now) {
    std::uint64_t then = 0;
    std::memcpy(&then, stamp_of(m), kStamp);
    return (now - then) & kStampMask;
}

}  // namespace

Wire::Wire(const RingPorts& ports, const LcoreClocks& clocks, Pool pool)
    : ports_(ports),
      clocks_(clocks),
      pool_(std::move(pool)),
      ns_per_cycle_(1e9 / static_cast<double>(rte_get_tsc_hz())),
      cycles_per_interval_(rte_get_tsc_hz() / 1000) {}

Result<std::unique_ptr<Wire>> Wire::make(const RingPorts& ports, const LcoreClocks& clocks) {
    static int made = 0;
    auto pool = make_pool("bench_wire" + std::to_string(made++), kBuffers, 2048 - RTE_PKTMBUF_HEADROOM, 0);
    if (!pool) return Error{pool.error()};
    return std::unique_ptr<Wire>(new Wire(ports, clocks, std::move(*pool)));
}

int Wire::run(void* user) {
    Job& job = *static_cast<Job*>(user);
    job.wire->transmit(job);
    return 0;
}

void Wire::transmit(Job& job) {
    const auto start = rte_rdtsc();
    const auto end = start + static_cast<std::uint64_t>(job.seconds * static_cast<double>(rte_get_tsc_hz()));
    interval_.clear();
    interval_end_ = start;
    job.traffic->resume();
    auto now = start;
    for (; now < end && !job.traffic->ended(); now = rte_rdtsc()) {
        send(job);
        receive(job);
        if (now >= interval_end_) look_at_interval(job.passage, now);
    }
    job.passage.seconds = static_cast<double>(now - start) * ns_per_cycle_ * 1e-9;
    // What does not come back for so long was dropped: the worker may have lost its CPU for a while.
    const auto patience = static_cast<std::uint64_t>(job.patience * static_cast<double>(rte_get_tsc_hz()));
    for (auto last = rte_rdtsc(); job.passage.returned < job.passage.sent; now = rte_rdtsc()) {
        if (receive(job)) last = rte_rdtsc();
        if (now > last + patience) break;
    }
}

void Wire::send(Job& job) {
    // More may come back than was sent: what was late for the passage before, and questions to its ends.
    const auto [sent, returned] = std::pair(job.passage.sent, job.passage.returned);
    if (sent > returned && sent - returned >= job.under_way) return;
    const std::uint8_t turn = job.traffic->turn();
    const std::uint8_t side = turn == Traffic::kEither ? 0 : turn;
    const auto most = std::min<unsigned>(kBurstOfWire, rte_ring_free_count(ports_.in(side)));
    std::array<rte_mbuf*, kBurstOfWire> frames;
    if (most == 0 || rte_pktmbuf_alloc_bulk(pool_.get(), frames.data(), most) != 0) return;
    std::array<std::uint8_t*, kBurstOfWire> bytes;
    std::array<std::uint16_t, kBurstOfWire> lengths;
    for (unsigned i = 0; i < most; ++i) bytes[i] = rte_pktmbuf_mtod(frames[i], std::uint8_t*);
    const auto n = static_cast<unsigned>(
        job.traffic->write(side, {std::span(bytes).first(most), std::span(lengths).first(most)}));
    const auto now = rte_rdtsc();
    for (unsigned i = 0; i < n; ++i) {
        frames[i]->data_len = lengths[i];
        frames[i]->pkt_len = lengths[i];
        frames[i]->ol_flags = kChecksumsGood;
        std::memcpy(stamp_of(frames[i]), &now, kStamp);
    }
    if (n < most) rte_pktmbuf_free_bulk(frames.data() + n, most - n);
    job.passage.sent +=
        rte_ring_enqueue_burst(ports_.in(side), reinterpret_cast<void**>(frames.data()), n, nullptr);
}

/// Hands the peers what is theirs; the others move to the front. Returns how many these are.
unsigned Wire::serve(Job& job, std::uint8_t side, rte_mbuf** frames, unsigned n) {
    unsigned others = 0;
    for (unsigned i = 0; i < n; ++i) {
        rte_mbuf* const m = frames[i];
        const auto taken =
            job.peers->take(side, {rte_pktmbuf_mtod(m, std::uint8_t*), rte_pktmbuf_data_len(m)});
        if (!taken.theirs) {
            frames[others++] = m;
            continue;
        }
        m->data_len = taken.answer;
        m->pkt_len = taken.answer;
        m->ol_flags = kChecksumsGood;
        if (taken.answer != 0 && rte_ring_enqueue(ports_.in(side), m) == 0) continue;
        if (taken.answer != 0) ++job.passage.answers_lost;
        rte_pktmbuf_free(m);
    }
    return others;
}

bool Wire::receive(Job& job) {
    unsigned all = 0;
    for (std::uint8_t side = 0; side < 2; ++side) {
        std::array<rte_mbuf*, kBurstOfWire> frames;
        auto n = rte_ring_dequeue_burst(ports_.out(side), reinterpret_cast<void**>(frames.data()),
                                        kBurstOfWire, nullptr);
        if (n != 0 && job.peers != nullptr) n = serve(job, side, frames.data(), n);
        if (n == 0) continue;
        note(frames.data(), n);
        rte_pktmbuf_free_bulk(frames.data(), n);
        all += n;
    }
    job.passage.returned += all;
    return all != 0;
}

void Wire::note(rte_mbuf* const* frames, unsigned n) {
    const auto now = rte_rdtsc();
    if (now < record_from_) return;
    for (unsigned i = 0; i < n; ++i)
        interval_.add(static_cast<std::uint64_t>(static_cast<double>(age(frames[i], now)) * ns_per_cycle_));
}

// One of the two threads may have waited for a CPU: then this interval says nothing of the appliance, nor do
// the next ones, in which what has piled up goes away. (The kernel counts a wait when it is over: an interval
// without any frame lies within one.)
void Wire::look_at_interval(Passage& passage, std::uint64_t now) {
    constexpr int kSettling = 5;
    constexpr std::uint64_t kLookDelays = 20;  // one part in so many of the next interval, at the most
    const auto waited = clocks_.waited(0) + clocks_.waited(1);
    if (waited != waited_ || interval_.count() == 0) settling_ = kSettling;
    waited_ = waited;
    if (settling_ > 0) {
        --settling_;
        ++passage.left_out;
    } else {
        ++passage.kept;
        passage.latency.add(interval_);
    }
    interval_.clear();
    interval_end_ = now + cycles_per_interval_;
    record_from_ = now + cycles_per_interval_ / kLookDelays;
}

}  // namespace ajar::dataplane
