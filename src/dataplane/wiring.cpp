// How lanes are joined by rings.
#include "dataplane/wiring.hpp"

#include <rte_malloc.h>
#include <rte_pause.h>
#include <sched.h>
#include <time.h>

#include <algorithm>
#include <new>

#include "config/needs.hpp"
#include "dataplane/rss.hpp"

namespace ajar::dataplane {
namespace {

template <typename Ring>
bool all_empty(const std::vector<std::vector<std::unique_ptr<Ring>>>& rings) {
    return std::ranges::all_of(rings, [](const auto& row) {
        return std::ranges::all_of(row, [](const auto& r) { return !r || r->space() == r->capacity(); });
    });
}

template <typename Ring>
void make_rings(std::vector<std::vector<std::unique_ptr<Ring>>>& rings, std::uint32_t lanes, std::size_t size,
                const auto& needed) {
    rings.resize(lanes);
    for (std::uint32_t from = 0; from < lanes; ++from) {
        rings[from].resize(lanes);
        for (std::uint32_t to = 0; to < lanes; ++to) {
            if (from != to && needed(from, to)) rings[from][to] = std::make_unique<Ring>(size);
        }
    }
}

void make_qsbr(Wiring& wiring) {
    const std::size_t bytes = rte_rcu_qsbr_get_memsize(wiring.lanes);
    auto* const q = static_cast<rte_rcu_qsbr*>(rte_zmalloc("ajar_qsbr", bytes, RTE_CACHE_LINE_SIZE));
    if (q == nullptr || rte_rcu_qsbr_init(q, wiring.lanes) != 0) throw std::bad_alloc();
    wiring.qsbr.reset(q);
}

}  // namespace

void QsbrDeleter::operator()(rte_rcu_qsbr* q) const { rte_free(q); }

bool Wiring::rings_empty() const { return all_empty(hand_off) && all_empty(to_send); }

void wire(Wiring& wiring, const Config& config) {
    wiring.workers = config.workers;
    wiring.packet_clock = config.clock == ClockSource::packet;
    wiring.lanes = config.workers + (wiring.packet_clock ? 1 : 0);
    wiring.decapsulate = config.decapsulate;
    wiring.fragment_buffers =
        config::needs_of(config).held_buffers / (wiring.packet_clock ? 1 : wiring.workers);
    for (std::size_t p = 0; p < kPartitions; ++p) {
        wiring.owner[p] = static_cast<std::uint8_t>(owner_of(static_cast<std::uint8_t>(p), wiring.workers));
    }
    for (std::uint32_t i = 0; i < wiring.lanes; ++i)
        wiring.tally.emplace_back(wiring.ports.size(), wiring.lanes);
    wiring.progress.resize(wiring.workers);
    if (!wiring.packet_clock) wiring.desks.resize(wiring.workers);
    wiring.watched_bytes = config.capture_snap;
    for (std::uint32_t w = 0; !config.capture_folder.empty() && w < wiring.workers; ++w)
        wiring.watched.emplace_back(exporting::WatchedPacket::kRing);
    const std::uint32_t reader = wiring.workers;
    make_rings(wiring.hand_off, wiring.lanes, config.ring_size,
               [&](std::uint32_t from, std::uint32_t) { return !wiring.packet_clock || from == reader; });
    make_rings(wiring.to_send, wiring.lanes, config.ring_size, [&](std::uint32_t from, std::uint32_t to) {
        return std::ranges::any_of(wiring.ports,
                                   [&](const PortState& p) { return wiring.sender_for(from, p) == to; });
    });
    make_qsbr(wiring);
}

void idle(bool share_cpus, std::uint32_t rounds_without_work) {
    constexpr std::uint32_t kPatience = 16, kLongPatience = 1024;
    constexpr timespec kNap{0, 50'000};
    rte_pause();
    if (!share_cpus || rounds_without_work <= kPatience) return;
    if (rounds_without_work <= kLongPatience)
        sched_yield();
    else
        clock_nanosleep(CLOCK_MONOTONIC, 0, &kNap, nullptr);
}

}  // namespace ajar::dataplane
