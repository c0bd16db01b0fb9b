// Holding frames by their address.
#include "dataplane/fragments.hpp"

#include <cstring>

#include "dataplane/checksum.hpp"
#include "dataplane/pool.hpp"

namespace ajar::dataplane {
namespace {

constexpr FrameHandle kGone = 0;  // the holder has the fragment, its frame was dropped

FrameHandle handle_of(rte_mbuf* m) { return reinterpret_cast<FrameHandle>(m); }
// NOLINTNEXTLINE(performance-no-int-to-ptr): it was a pointer before
rte_mbuf* frame_of(FrameHandle h) { return reinterpret_cast<rte_mbuf*>(h); }

}  // namespace

FragmentDesk::FragmentDesk(const Wiring& wiring, std::uint32_t lane, const FragmentLimits& limits,
                           Exits& exits)
    : wiring_(wiring),
      exits_(exits),
      most_held_(buffers_held(limits) / (wiring.packet_clock ? 1 : wiring.workers)) {
    const FragmentLimits each = share_of(limits, kPartitions);
    for (std::size_t p = 0; p < kPartitions; ++p) {
        if (lane != wiring.workers && wiring.owner[p] != lane) continue;
        holders_[p] = std::make_unique<FragmentHolder>(each, wiring.key, memory_);
    }
}

// Out of buffers: on the TSC the fragment is gone. With the packet clock its frame is, but the holder learns
// of it all the same, so that the verdicts are a replay's, which has no buffers to run out of.
void FragmentDesk::add(rte_mbuf* m, Packet& fragment) {
    const bool full = held_ >= most_held_;
    if (full && !wiring_.packet_clock) {
        exits_.drop(m, Reason::fragment_limit);
        return;
    }
    FragmentHolder& holder = *holders_[fragment.partition];
    const Policy& policy = *wiring_.policy.load(std::memory_order_acquire);
    const auto sum = policy.checksums == ChecksumPolicy::verify ? piece_sum(m, fragment) : std::nullopt;
    const auto outcome =
        holder.add(fragment, head_of(m, scratch_), sum, full ? kGone : handle_of(m), datagram_);
    if (full) {
        exits_.drop(m, Reason::fragment_limit);
    } else {
        ++held_;
    }
    drop_all(outcome.expired, Reason::fragment_timeout);
    drop_all(outcome.evicted, Reason::fragment_limit);
    switch (outcome.kind) {
        case FragmentOutcome::Kind::held:
            return;
        case FragmentOutcome::Kind::complete:
            identify(datagram_, wiring_.key, wiring_.steer);
            exits_.judge(string(outcome.handles), true, datagram_);
            return;
        case FragmentOutcome::Kind::pass:
            fragment.kind = PacketKind::pass;
            break;
        case FragmentOutcome::Kind::refused:
            if (fate(outcome.reason) == Fate::drop) {
                drop_all(outcome.handles, outcome.reason);
                return;
            }
            fragment.kind = PacketKind::refused;
            break;
    }
    fragment.reason = outcome.reason;
    exits_.judge(string(outcome.handles), true, fragment);
}

rte_mbuf* FragmentDesk::string(std::span<const FrameHandle> handles) {
    rte_mbuf* first = nullptr;
    for (std::size_t i = handles.size(); i-- > 0;) {
        if (handles[i] == kGone) continue;
        FrameString::next(frame_of(handles[i])) = first;
        first = frame_of(handles[i]);
        --held_;
    }
    return first;
}

void FragmentDesk::drop_all(std::span<const FrameHandle> handles, Reason reason) {
    for (const FrameHandle h : handles) {
        if (h == kGone) continue;
        exits_.drop(frame_of(h), reason);
        --held_;
    }
}

void FragmentDesk::expire(Time now) {
    if (held_ == 0) return;
    for (auto& holder : holders_) {
        if (holder && holder->datagrams() > 0) drop_all(holder->expire(now), Reason::fragment_timeout);
    }
}

void FragmentDesk::clear() {
    for (auto& holder : holders_) {
        if (holder) drop_all(holder->flush(), Reason::fragment_timeout);
    }
}

}  // namespace ajar::dataplane
