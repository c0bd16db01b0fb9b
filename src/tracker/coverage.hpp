// Do the words of both ends come by here? What is counted of that (defence/coverage.hpp), and what follows
// for one connection.
//
// Counted when a connection is made, when an end acknowledges for the first time what was never seen, and
// when the time of a flow is over of which one end alone was heard: never packet by packet. By the port where
// the peer stands: what is said on one side of the box, true or forged, tells of networks on the other side
// alone.
#pragma once

#include "ajar/flow/count_key.hpp"
#include "ajar/flow/hash.hpp"
#include "ajar/flow/suspicions.hpp"
#include "ajar/policy/attempt.hpp"
#include "ajar/tcp/serial.hpp"
#include "ajar/tcp/signs.hpp"
#include "tracker/shard.hpp"

namespace ajar::tracker {

/// Of x's network.
template <typename Key>
std::uint64_t coverage_hash(const Shard& shard, CountKind kind, const Entry<Key>& entry, Side x) {
    const be16 facing = be16::of(entry.warm.sent[other(x)].port);
    return keyed_hash(count_key(kind, entry.key.address[x], entry.key.zone, facing), shard.count_hash_key);
}

/// Both ends were heard.
template <typename Key>
void count_heard(Shard& shard, const Entry<Key>& entry) {
    if (!shard.counts_heard) [[likely]]
        return;
    for (const Side x : {Side{0}, Side{1}})
        shard.heard.shift(coverage_hash(shard, CountKind::heard, entry, x), +1);
}

/// x's peer has heard what nobody has heard here.
template <typename Key>
void count_unheard(Shard& shard, const Entry<Key>& entry, Side x) {
    if (!shard.counts_coverage) return;
    shard.unheard.shift(coverage_hash(shard, CountKind::unheard, entry, x), +1);
    shard.counters.unheard.add();
}

/// A flow ends, or its time is over, and `attempt` is what became of it. Where one end alone was heard that
/// has answered a SYN-ACK, or acknowledged more and more, somebody has spoken to it; who only scans, or lies,
/// has heard nothing. Each flow once.
template <typename Key>
void note_attempt(Shard& shard, const View<Key>& flow, Attempt attempt) {
    const Conn& conn = flow.conn();
    if (attempt != Attempt::one_sided || conn.mark(Conn::kFlagged)) return;
    const Warm& warm = flow.entry.warm;
    const Side x = warm.sent[0].packets == 0 ? 0 : 1, y = other(x);
    const bool acknowledges_more =
        conn.flag(Conn::kAckSeen, y) && tcp::after(conn.ends[y].max_ack, warm.isn[x]);
    if (acknowledges_more || !conn.mark(Conn::kMidStream)) count_unheard(shard, flow.entry, x);
}

inline constexpr std::uint8_t kBothEnds = 3;

/// Where words pass elsewhere, silence proves nothing, nor does what looks like it. Bit s of `silent`: it is
/// endpoint s that is, or seems, silent.
template <typename Key>
Visibility visibility_of(const Shard& shard, const Entry<Key>& entry, std::uint8_t silent) {
    if ((entry.conn.unheard & silent) != 0) return Visibility::one_way;
    const Coverage* const coverage = shard.posture->coverage.get();
    if (coverage == nullptr) [[likely]]
        return Visibility::whole;
    const auto low = [&](Side x) {
        return (silent >> x & 1U) != 0 && coverage->low(coverage_hash(shard, CountKind::heard, entry, x),
                                                        coverage_hash(shard, CountKind::unheard, entry, x));
    };
    return low(0) || low(1) ? Visibility::low_coverage : Visibility::whole;
}

}  // namespace ajar::tracker
