// How resets are crafted from what the flow has seen of each direction.
//
// A RST to endpoint X pretends to come from its peer, so it wears what the peer's frames wore: link header,
// tags, TTL, DSCP, flow label. X checks SEQ alone (measured on Linux: timestamps right, stale or absent all
// close).
#include "tracker/reset.hpp"

#include "tracker/links.hpp"

namespace ajar::tracker {
namespace {

bool have_room(const Shard& shard) { return shard.outbox.size() < kOutbox; }

bool permitted(Shard& shard, Partition& partition, Time now) {
    if (have_room(shard) &&
        partition.resets.take(now, shard.policy->resets_per_second, shard.policy->resets_burst))
        return true;
    shard.counters.reason[static_cast<std::size_t>(Reason::reset_rate_limited)].add();
    return false;
}

template <typename Key>
Craft pure_rst(const Shard& shard, const Work<Key>& work, Side to) {
    const Side from = other(to);
    Craft craft;
    craft.family = kFamilyOf<Key>;
    craft.from = from;
    craft.flags.bits = TcpFlags::kRst;
    craft.ttl = work.entry.warm.ttl[from];
    craft.tos = work.cold.tos[from];
    craft.flow_label = work.cold.flow_label[from];
    craft.seq = work.entry.conn.ends[to].max_ack;
    craft.link = link_towards(shard, work, to);
    craft.key = wide(work.entry.key);
    craft.ordinal = work.cold.birth_ordinal;
    return craft;
}

}  // namespace

template <typename Key>
void reset_end(Shard& shard, Partition& partition, Occasion& occasion, const Work<Key>& work, Side to) {
    shard.counters.resets_due.add();
    const Conn& conn = work.entry.conn;
    if (conn.mark(Conn::kTunnelled) || !conn.flag(Conn::kAckSeen, to) ||
        link_towards(shard, work, to).length == 0) {
        shard.counters.reason[static_cast<std::size_t>(Reason::reset_impossible)].add();
        return;
    }
    if (!permitted(shard, partition, occasion.time)) return;
    Event event = about(shard, work, EventKind::reset_sent, Reason::reset_sent);
    event.action = Action::evict_reset;
    event.reset_to = to;
    event.reset_seq = work.entry.conn.ends[to].max_ack;
    post(shard, occasion, event);
    if (shard.policy->mode != Mode::enforce) return;
    shard.outbox.push_back(pure_rst(shard, work, to));
    shard.counters.resets_sent.add();
}

template void reset_end(Shard&, Partition&, Occasion&, const Work<KeyV4>&, Side);
template void reset_end(Shard&, Partition&, Occasion&, const Work<KeyV6>&, Side);

template <typename Key>
bool reset_sender(Shard& shard, Partition& partition, const Packet& packet) {
    if (packet.tunnelled || !packet.flags.ack() || !permitted(shard, partition, packet.time)) return false;
    Craft craft;
    craft.family = packet.family;
    craft.from = other(packet.side);
    craft.flags.bits = TcpFlags::kRst;
    craft.ttl = 64;
    craft.tos = packet.tos;
    craft.flow_label = packet.flow_label;
    craft.seq = packet.ack;
    craft.key = wide(key_of<Key>(packet));
    craft.ordinal = packet.ordinal;
    craft.link = mirrored(shard.links[shard.links.intern(packet)]);
    if (craft.link.length == 0) return false;
    shard.outbox.push_back(craft);
    shard.counters.resets_sent.add();
    shard.counters.resets_due.add();
    return true;
}

template bool reset_sender<KeyV4>(Shard&, Partition&, const Packet&);
template bool reset_sender<KeyV6>(Shard&, Partition&, const Packet&);

}  // namespace ajar::tracker
