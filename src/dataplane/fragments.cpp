// Holding frames by their address.
#include "dataplane/fragments.hpp"

#include <algorithm>

#include "dataplane/checksum.hpp"

namespace ajar::dataplane {
namespace {

constexpr FrameHandle kGone = 0;  // the holder has the fragment, its frame went ahead

FrameHandle handle_of(rte_mbuf* m) { return reinterpret_cast<FrameHandle>(m); }
// NOLINTNEXTLINE(performance-no-int-to-ptr): it was a pointer before
rte_mbuf* frame_of(FrameHandle h) { return reinterpret_cast<rte_mbuf*>(h); }

}  // namespace

FragmentDesk::FragmentDesk(const Wiring& wiring, std::uint32_t lane, const FragmentLimits& limits,
                           Judge& judge)
    : wiring_(wiring), judge_(judge) {
    const FragmentLimits each = share_of(limits, kPartitions);
    for (std::size_t p = 0; p < kPartitions; ++p) {
        if (lane != wiring.workers && wiring.owner[p] != lane) continue;
        holders_[p] = std::make_unique<FragmentHolder>(each, wiring.steering.key(), memory_);
    }
}

// Out of buffers, the oldest datagram gives way on the TSC. With the packet clock the holder must go on as a
// replay's, which has no buffers to run out of: there the newest frame goes, and only its verdict stays.
void FragmentDesk::add(rte_mbuf* m, const Packet& fragment) {
    using Kind = FragmentOutcome::Kind;
    const bool refuse = wiring_.packet_clock && held_ + m->nb_segs > wiring_.fragment_buffers;
    const Policy& policy = *wiring_.policy.load(std::memory_order_acquire);
    const bool verify =
        policy.checksums == ChecksumPolicy::verify && FragmentHolder::may_hold(fragment.fragment_protocol);
    const auto sum = verify ? piece_sum(m, fragment) : std::nullopt;
    loose_.time = fragment.time;
    loose_.ordinal = fragment.ordinal;
    const auto outcome = holders_[fragment.partition]->add(fragment, head_of(m, scratch_), sum,
                                                           refuse ? kGone : handle_of(m), datagram_);
    // From here on `fragment` may be overwritten: it can stand where the judge puts what it is given.
    if (outcome.kind != Kind::held) {
        give_back(outcome, m);
    } else if (refuse) {
        let_go(m, Reason::fragment_limit);
    } else {
        held_ += m->nb_segs;
    }
    let_go(outcome.expired, Reason::fragment_timeout);
    let_go(outcome.evicted, Reason::fragment_limit);
    if (!wiring_.packet_clock) make_room();
}

/// The last of the handles is that of `m`.
void FragmentDesk::give_back(const FragmentOutcome& outcome, rte_mbuf* m) {
    const auto earlier = outcome.handles.first(outcome.handles.size() - 1);
    if (outcome.kind == FragmentOutcome::Kind::complete) {
        wiring_.steering.identify(datagram_);
        judge_.judge(string(earlier, m), true, datagram_);
        return;
    }
    let_go(earlier, outcome.reason);
    let_go(m, outcome.reason);
}

rte_mbuf* FragmentDesk::string(std::span<const FrameHandle> earlier, rte_mbuf* last) {
    rte_mbuf* first = last;
    FrameString::next(last) = nullptr;
    for (std::size_t i = earlier.size(); i-- > 0;) {
        if (earlier[i] == kGone) continue;
        FrameString::next(frame_of(earlier[i])) = first;
        first = frame_of(earlier[i]);
        held_ -= first->nb_segs;
    }
    return first;
}

void FragmentDesk::let_go(std::span<const FrameHandle> handles, Reason reason) {
    for (const FrameHandle h : handles) {
        if (h == kGone) continue;
        held_ -= frame_of(h)->nb_segs;
        let_go(frame_of(h), reason);
    }
}

void FragmentDesk::let_go(rte_mbuf* m, Reason reason) {
    loose_.kind = fate(reason) == Fate::pass ? PacketKind::pass : PacketKind::refused;
    loose_.reason = reason;
    loose_.wire_length = rte_pktmbuf_pkt_len(m);
    judge_.judge(m, false, loose_);
}

void FragmentDesk::make_room() {
    const auto earlier = [](const auto& a, const auto& b) {
        return (a ? a->next_deadline() : Time::max()) < (b ? b->next_deadline() : Time::max());
    };
    while (held_ > wiring_.fragment_buffers) {
        FragmentHolder& oldest = **std::min_element(holders_.begin(), holders_.end(), earlier);
        let_go(oldest.expire(oldest.next_deadline()), Reason::fragment_limit);
    }
}

void FragmentDesk::expire(Time now) {
    if (held_ == 0) return;
    loose_.time = now;
    for (auto& holder : holders_) {
        if (holder && holder->datagrams() > 0) let_go(holder->expire(now), Reason::fragment_timeout);
    }
}

void FragmentDesk::clear(Time now) {
    if (held_ == 0) return;
    loose_.time = now;
    for (auto& holder : holders_) {
        if (holder) let_go(holder->flush(), Reason::fragment_timeout);
    }
}

}  // namespace ajar::dataplane
