// How an event is made from a flow or from a packet.
//
// The place in the ring holds an older event: each field is written, but for the record of a flow that has
// none, and for evidence where there is none.
#include "tracker/emit.hpp"

#include "tracker/attempt.hpp"
#include "tracker/terms.hpp"

namespace ajar::tracker {

std::uint64_t flow_id(std::uint64_t hash, std::uint64_t birth_ordinal) {
    std::uint64_t x = hash ^ (birth_ordinal + 1) * 0x9e3779b97f4a7c15ULL;
    x = (x ^ (x >> 32U)) * 0xd6e8feb86659fd93ULL;
    return x ^ (x >> 29U);
}

namespace {

/// What only some kinds of events have, and what the policy says.
void begin(Event& event, const Shard& shard) {
    event.cause = Cause::idle;
    event.action = Action::flag;
    event.reset_to = 0;
    event.reset_seq = 0;
    event.generation = shard.policy->generation;
    event.evidenced = false;
}

/// Of flows that are given up.
bool tells_attempt(EventKind kind) {
    return kind == EventKind::flow_end || kind == EventKind::evicted || kind == EventKind::flagged;
}

}  // namespace

template <typename Key>
void describe(Event& event, const Shard& shard, const View<Key>& flow) {
    begin(event, shard);
    event.family = kFamilyOf<Key>;
    event.state = flow.conn().state;
    event.timer = flow.conn().timer;
    event.tick = flow.entry.tick;
    event.timeout = shard.timeout(flow.conn());
    event.mode = shard.mode(flow.conn());
    event.attempt = tells_attempt(event.kind) ? attempt_at(flow, event.time) : Attempt::none;
    event.flow_id = flow_id(flow.hash, flow.birth());
    widen(flow.entry.key, event.key);
    event.conn = flow.entry.conn;
    event.warm = flow.entry.warm;
    event.recorded = flow.record != nullptr;
    if (event.recorded) event.record = *flow.record;
}

template void describe(Event&, const Shard&, const View<KeyV4>&);
template void describe(Event&, const Shard&, const View<KeyV6>&);

void describe(Event& event, const Shard& shard, const Packet& packet) {
    begin(event, shard);
    event.mode = mode_for(shard, packet);
    event.family = packet.family;
    event.state = TcpState::none;
    event.timer = TimerClass::untimed;
    event.tick = tick_of(packet.time);
    event.attempt = Attempt::none;
    event.timeout = {};
    event.flow_id = flow_id(packet.hash, birth_of(packet));
    event.key = packet.family == Family::ipv4 ? wide(packet.v4) : packet.v6;
    event.conn = Conn{};
    event.conn.set_originator(packet.side);
    event.conn.ends[packet.side].end = packet.seq_end();
    event.warm = Warm{};
    event.warm.set_first(packet.time);
    event.warm.sent[packet.side].count(packet.ip_length);
    event.recorded = false;
}

}  // namespace ajar::tracker
