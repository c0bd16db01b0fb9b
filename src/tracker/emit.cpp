// How an event is made from a flow's copy or from a packet.
#include "tracker/emit.hpp"

namespace ajar::tracker {

std::uint64_t flow_id(std::uint64_t hash, std::uint64_t birth_ordinal) {
    std::uint64_t x = hash ^ (birth_ordinal + 1) * 0x9e3779b97f4a7c15ULL;
    x = (x ^ (x >> 32U)) * 0xd6e8feb86659fd93ULL;
    return x ^ (x >> 29U);
}

namespace {

Event blank(const Shard& shard, EventKind kind, Reason reason) {
    Event event;
    event.kind = kind;
    event.reason = reason;
    event.mode = shard.policy->mode;
    event.generation = shard.policy->generation;
    return event;
}

}  // namespace

template <typename Key>
Event about(const Shard& shard, const Work<Key>& work, EventKind kind, Reason reason) {
    Event event = blank(shard, kind, reason);
    event.family = kFamilyOf<Key>;
    event.state = work.entry.conn.state;
    event.timer = work.entry.conn.timer;
    event.timeout = shard.timeout(event.timer);
    event.flow_id = flow_id(work.hash, work.birth());
    event.key = wide(work.entry.key);
    event.conn = work.entry.conn;
    event.warm = work.entry.warm;
    event.recorded = work.recorded;
    if (work.recorded) event.record = work.record;
    return event;
}

template Event about(const Shard&, const Work<KeyV4>&, EventKind, Reason);
template Event about(const Shard&, const Work<KeyV6>&, EventKind, Reason);

Event about(const Shard& shard, const Packet& packet, EventKind kind, Reason reason) {
    Event event = blank(shard, kind, reason);
    event.family = packet.family;
    event.key = packet.family == Family::ipv4 ? wide(packet.v4) : packet.v6;
    event.conn.set_originator(packet.side);
    event.conn.ends[packet.side].end = packet.seq_end();
    event.warm.set_first(packet.time);
    event.warm.sent[packet.side].count(packet.ip_length);
    event.flow_id = flow_id(packet.hash, birth_of(packet));
    return event;
}

void post(Shard& shard, Occasion& occasion, Event event) {
    event.time = occasion.time;
    event.ordinal = occasion.ordinal;
    event.index = occasion.index++;
    if (shard.events.push(event)) {
        shard.counters.events.add();
    } else {
        shard.counters.events_lost.add();
    }
}

}  // namespace ajar::tracker
