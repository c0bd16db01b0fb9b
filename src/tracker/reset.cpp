// How resets are crafted from what the flow has seen of each direction.
//
// A RST to endpoint X pretends to come from its peer, so it wears what the peer's frames wore: link header,
// tags, TTL, DSCP, flow label. Of a flow that was nothing of that is kept: the RST goes back where X's
// segment came from. X checks SEQ alone (measured on Linux: timestamps right, stale or absent all
// close).
#include "tracker/reset.hpp"

#include "ajar/tcp/serial.hpp"
#include "tracker/compose.hpp"
#include "tracker/numbers.hpp"
#include "tracker/signs.hpp"
#include "tracker/terms.hpp"

namespace ajar::tracker {
namespace {

bool permitted(Shard& shard, TokenBucket& permits, Time now) {
    return !shard.outbox.full() &&
           (shard.exits || permits.take(now, shard.policy->resets_per_second, shard.policy->resets_burst));
}

/// The one place where a RST becomes due: it is sent and told, or it is counted why not. `exact`: its number
/// is known, and its receiver is not inside a tunnel. `its_id` is the flow's, also where
/// `subject` is a packet. `complete` says in the event what else is known.
template <typename Subject, typename Complete>
bool send(Shard& shard, TokenBucket& permits, Occasion& occasion, const Craft& rst, bool exact,
          const Subject& subject, Mode mode, std::uint64_t its_id, Complete&& complete) {
    shard.counters.resets_due.add();
    const bool possible = exact && rst.link.length != 0;
    if (!possible || !permitted(shard, permits, occasion.time)) {
        const Reason why = possible ? Reason::reset_rate_limited : Reason::reset_impossible;
        shard.counters.reason[static_cast<std::size_t>(why)].add();
        return false;
    }
    post(shard, occasion, EventKind::reset_sent, Reason::reset_sent, subject, [&](Event& event) {
        event.flow_id = its_id;
        event.action = Action::evict_reset;
        event.reset_to = other(rst.from);
        event.reset_seq = rst.seq;
        complete(event);
    });
    if (mode != Mode::enforce) return false;
    shard.outbox.push(rst);
    shard.counters.resets_sent.add();
    return true;
}

/// The RST for `to` with this number, if it is known.
template <typename Key>
bool reset_at(Shard& shard, Partition& partition, Occasion& occasion, const View<Key>& flow, Side to,
              std::optional<std::uint32_t> expected) {
    Craft rst = as_if_sent(shard, flow.entry, other(to), TcpFlags::kRst);
    rst.seq = expected.value_or(0);
    const bool exact = expected && !flow.conn().mark(Conn::kTunnelled);
    return send(shard, partition.resets, occasion, rst, exact, flow, shard.mode(flow.conn()),
                flow_id(flow.hash, flow.birth()),
                [&](Event& event) { attach_evidence(event, partition.tables<Key>(), flow); });
}

}  // namespace

template <typename Key>
bool reset_end(Shard& shard, Partition& partition, Occasion& occasion, const View<Key>& flow, Side to) {
    return reset_at(shard, partition, occasion, flow, to, expected_by(to, flow.conn(), flow.entry.warm));
}

template <typename Key>
void reset_behind_data(Shard& shard, Partition& partition, Occasion& occasion, const View<Key>& flow,
                       Side to) {
    if (const auto expected = expected_behind_data(to, flow.conn(), flow.entry.warm))
        reset_at(shard, partition, occasion, flow, to, expected);
}

template <typename Key>
bool refuse_answer(Shard& shard, Partition& partition, Occasion& occasion, const Packet& syn_ack,
                   const View<Key>& flow) {
    Craft rst = answer_to(syn_ack, TcpFlags::kRst);
    rst.seq = syn_ack.ack;
    return send(shard, partition.resets, occasion, rst, !flow.conn().mark(Conn::kTunnelled), flow,
                shard.mode(flow.conn()), flow_id(flow.hash, flow.birth()),
                [&](Event& event) { attach_evidence(event, partition.tables<Key>(), flow); });
}

template bool reset_end(Shard&, Partition&, Occasion&, const View<KeyV4>&, Side);
template bool reset_end(Shard&, Partition&, Occasion&, const View<KeyV6>&, Side);
template void reset_behind_data(Shard&, Partition&, Occasion&, const View<KeyV4>&, Side);
template void reset_behind_data(Shard&, Partition&, Occasion&, const View<KeyV6>&, Side);
template bool refuse_answer(Shard&, Partition&, Occasion&, const Packet&, const View<KeyV4>&);
template bool refuse_answer(Shard&, Partition&, Occasion&, const Packet&, const View<KeyV6>&);

bool reset_sender(Shard& shard, Partition& partition, Occasion& occasion, const Packet& packet,
                  const Tombstone& stone) {
    if (!stone.waits(packet.side)) return false;
    // A segment that was sent before its sender's last ACK, and came late, names an older number.
    const bool known = stone.knows(packet.side);
    std::uint32_t seq = known ? stone.rcv_nxt[packet.side] : packet.ack;
    if (packet.flags.ack()) seq = tcp::later_of(seq, packet.ack);
    Craft rst = answer_to(packet, TcpFlags::kRst);
    rst.seq = seq;
    return send(shard, partition.answers, occasion, rst, known || packet.flags.ack(), packet,
                mode_for(shard, packet), flow_id(packet.hash, stone.birth_ordinal), [](Event&) {});
}

}  // namespace ajar::tracker
