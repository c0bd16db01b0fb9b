// Asking connections whether they live.
#include "tracker/probe.hpp"

#include "ajar/policy/decide.hpp"
#include "ajar/tcp/serial.hpp"
#include "tracker/compose.hpp"
#include "tracker/coverage.hpp"
#include "tracker/expire.hpp"
#include "tracker/find.hpp"
#include "tracker/numbers.hpp"
#include "tracker/signs.hpp"

namespace ajar::tracker {
namespace {

constexpr Duration kLongestWait = std::chrono::minutes(10);  // before another try to begin
// Who waits comes back at one, with all others of the partition whose turn it is. Partitions have theirs one
// after the other: what is asked at once is a burst before packets that are forwarded.
constexpr std::uint32_t kBeatsASecond = 10;
constexpr std::uint32_t kBeat = std::chrono::seconds(1) / kTickLength / kBeatsASecond;

bool has_links(const Shard& shard, const Warm& warm) {
    return shard.links[warm.sent[0].link].length != 0 || shard.links[warm.sent[1].link].length != 0;
}

/// May it still say something?
bool open(Pulse pulse) { return pulse == Pulse::unknown || pulse == Pulse::unreachable; }

unsigned open_ends(const Probing& probing) {
    return (open(probing.pulse[0]) ? 1U : 0U) + (open(probing.pulse[1]) ? 1U : 0U);
}

bool both(const Probing& probing, Pulse pulse) {
    return probing.pulse[0] == pulse && probing.pulse[1] == pulse;
}

Tick round_end(const Shard& shard, Tick begun) { return begun + ticks_for(shard.policy->probe.interval); }

/// What X's peer last let it send, as the peer would write it: the right edge never moves back.
std::uint16_t window_for(const Conn& conn, Side x) {
    const Side peer = other(x);
    const std::uint32_t granted = conn.ends[x].max_end - conn.ends[peer].max_ack;
    const bool scaled = conn.option(Conn::kScale, 0) && conn.option(Conn::kScale, 1);
    const std::uint32_t shown = granted >> (scaled ? conn.scale(peer) : 0U);
    return static_cast<std::uint16_t>(std::min(shown, 0xffffU));
}

/// As X knows it, a TSval of its peer's.
std::uint32_t stamp_known_to(Side x, std::uint32_t stamp, const Conn& conn, const Warm& warm) {
    const bool foreign = conn.mark(Conn::kTranslated) && x == conn.originator();
    return foreign ? stamp - warm.translation().stamp : stamp;
}

/// An older TSval than any that X has had from its peer lately (Sent::stamp_top).
std::uint32_t stale_stamp(const Sent& peer) {
    return (std::uint32_t{peer.stamp_top} << Sent::kStampTopAt) - 1;
}

bool has_timestamps(const Conn& conn) {
    return conn.option(Conn::kTimestamps, 0) && conn.option(Conn::kTimestamps, 1);
}

/// The peer's own time where it has answered. Otherwise none at first, which most stacks take, and then one
/// that is out of date, which all of them answer if there is data.
void stamp_probe(Craft& probe, const Probing& probing, Side x, const Conn& conn, const Warm& warm) {
    const Side peer = other(x);
    if (!probing.stamped[peer] && probing.rounds < 2) return;
    const std::uint32_t own = probing.stamped[peer] ? probing.stamp[peer] : stale_stamp(warm.sent[peer]);
    const std::uint32_t echo = probing.stamped[x] ? probing.stamp[x] : stale_stamp(warm.sent[x]);
    probe.options.present = TcpOptions::kTimestamps;
    probe.options.ts_value = stamp_known_to(x, own, conn, warm);
    probe.options.ts_echo = echo;
    probe.garbage = probe.garbage || !probing.stamped[peer];
}

template <typename Key>
Craft probe_to(Side x, const Shard& shard, const Entry<Key>& entry, const Probing& probing) {
    const Conn& conn = entry.conn;
    Craft probe = as_if_sent(shard, entry, other(x), TcpFlags::kAck);
    probe.seq = expected_by(x, conn, entry.warm).value_or(0) - 1;
    probe.ack = conn.ends[other(x)].max_ack;
    probe.window = window_for(conn, x);
    probe.garbage = probing.rounds + 1U >= shard.policy->probe.tries;
    if (has_timestamps(conn)) stamp_probe(probe, probing, x, conn, entry.warm);
    return probe;
}

/// Permits were taken for it.
template <typename Key>
void begin_round(Shard& shard, const Entry<Key>& entry, Probing& probing) {
    if (probing.rounds != 0xff) ++probing.rounds;
    for (const Side x : {Side{0}, Side{1}}) {
        if (!open(probing.pulse[x])) continue;
        shard.outbox.push(probe_to(x, shard, entry, probing));
        probing.unanswered[x] = static_cast<std::uint8_t>(std::min(probing.unanswered[x] + 1, 0xff));
        shard.counters.probes_sent.add();
    }
}

bool may_send(Shard& shard, Partition& partition, unsigned frames, Time now) {
    const std::uint32_t rate = shard.policy->probe.per_second;
    constexpr std::uint32_t kLeastBurst = 2;
    const std::uint32_t burst = std::max(rate / kBeatsASecond, kLeastBurst);
    return shard.outbox.room() >= frames && partition.probes.take(now, rate, burst, frames);
}

/// The timer is armed so that it looks due at the beat after `turn`: each tick at which somebody is due costs
/// a look at all stamps. What the flow's tick says stays as it was.
template <typename Key>
void put_off(Shard& shard, Partition& partition, std::uint32_t index, Time turn, Time now) {
    auto& tables = partition.tables<Key>();
    Conn conn = tables.confirmed.entry(index).conn;
    const std::uint32_t since =
        tick_of(turn).count + partition.number * kBeat / static_cast<std::uint32_t>(kPartitions);
    const Tick beat = tick_of(turn) + (kBeat - since % kBeat);
    const auto ticks = std::min(static_cast<std::uint32_t>(beat - tick_of(now)), shard.ticks(conn));
    const Tick start = tick_of(now) + ticks + (0U - shard.ticks(conn));
    shard.arm(tables, index, start, conn);
    shard.counters.probings_put_off.add();
}

/// Of a flow that is asked: how long it had been left in peace.
Duration timeout_before(const Shard& shard, Conn conn, TimerClass timer) {
    conn.timer = timer;
    return shard.timeout(conn);
}

template <typename Key>
void tell(Shard& shard, const FamilyTables<Key>& tables, Occasion& occasion, const View<Key>& flow,
          const Probing& probing, Reason reason) {
    post(shard, occasion, EventKind::probed, reason, flow, [&](Event& event) {
        event.pulse = probing.pulse;
        event.rounds = probing.rounds;
        event.interval = shard.policy->probe.interval;
        event.timer = probing.timer;
        event.timeout = timeout_before(shard, flow.conn(), probing.timer);
        attach_evidence(event, tables, flow);
    });
    auto& counters = shard.counters;
    if (reason == Reason::proven_alive) return counters.proven_alive.add();
    (reason == Reason::proven_dead ? counters.proven_dead : counters.probe_undecided).add();
}

/// Its timer again, as if the last packet that counts had come at `tick`.
template <typename Key>
void let_live(Shard& shard, FamilyTables<Key>& tables, Work<Key>& work, TimerClass timer, Tick tick) {
    work.conn().timer = timer;
    if (timer == TimerClass::unverified_rst) tcp::give_up_verification(work.flow(), *shard.policy);
    settle(shard, tables, work, work.before, tick, true);
    work.before = work.conn();
}

/// Nobody said anything more by `at`. Silence where an answer would not come by proves nothing.
template <typename Key>
void conclude(Shard& shard, Partition& partition, FamilyTables<Key>& tables, std::uint32_t index, Time at) {
    Probing found = probing_of(tables, index);
    for (Pulse& pulse : found.pulse)
        if (pulse == Pulse::unknown) pulse = Pulse::silent;
    const auto slot = Slot::of(Store::confirmed, index);
    const auto flow = view_of(shard, tables, slot);
    Occasion occasion{at, flow.birth(), 0};
    Work<Key> work(tables.confirmed, slot, flow.hash);
    if (both(found, Pulse::alive)) {
        tell(shard, tables, occasion, flow, found, Reason::proven_alive);
        return let_live(shard, tables, work, found.timer, tick_of(at));
    }
    const bool undecided = visibility_of(shard, flow.entry, silent_ends(found.pulse)) != Visibility::whole;
    note_silence(shard, tables, work, found, at);
    tell(shard, tables, occasion, work.view(), found,
         undecided ? Reason::probe_undecided : Reason::proven_dead);
    if (undecided) {
        clear_suspicion(tables, work);
        return let_live(shard, tables, work, found.timer, tick_of(at));
    }
    work.conn().timer = found.timer;
    stop_asking(shard, tables, index);
    store(tables.confirmed, work);
    act(shard, partition, occasion, flow, Cause::proven_dead, Reason::proven_dead);
}

/// Is all said? Or else, have the last `tries` rounds left the box? Silence of who was not asked proves
/// nothing. Twice as many are enough in any case: who makes frames of ours get lost is not to keep the dead
/// in their tables.
bool asked_enough(const Shard& shard, const Probing& probing) {
    const unsigned tries = shard.policy->probe.tries;
    if (both(probing, Pulse::alive)) return true;
    if (probing.rounds < tries) return false;
    if (!shard.frames_lost || probing.rounds >= 2 * tries) return true;
    const std::uint32_t lasted = tries * ticks_for(shard.policy->probe.interval);
    return *shard.frames_lost - (probing.due + (0U - lasted)) < 0;
}

/// A configuration that is new asks no more.
template <typename Key>
void leave_in_peace(Shard& shard, FamilyTables<Key>& tables, const Probing& probing, Time now) {
    const auto flow = view_of(shard, tables, Slot::of(Store::confirmed, probing.flow));
    Work<Key> work(tables.confirmed, flow.slot, flow.hash);
    let_live(shard, tables, work, probing.timer, tick_of(now));
}

/// When something was due that is looked at now: as if it had been looked at in time, unless that is so long
/// ago that an answer to what is sent now would come too late.
Time in_time(const Shard& shard, Time due, Time now) {
    return now - due < shard.policy->probe.interval / 2 ? due : now;
}

/// What answers a segment that brings nothing new.
bool is_duplicate_ack(const Conn& conn, const Packet& packet) {
    return tcp::is_only(packet.flags, TcpFlags::kAck) && packet.payload == 0 &&
           packet.seq == conn.ends[packet.side].end && packet.ack == conn.ends[packet.side].max_ack;
}

/// Does it grant its peer what no segment before has granted?
bool opens_window(const Conn& conn, const Packet& packet) {
    const bool scaled = conn.option(Conn::kScale, 0) && conn.option(Conn::kScale, 1);
    const std::uint32_t window = std::uint32_t{packet.window} << (scaled ? conn.scale(packet.side) : 0U);
    return tcp::after(packet.ack + window, conn.ends[other(packet.side)].max_end);
}

Verdict absorbed(Reason reason, const Conn& conn) {
    return {Disposal::consume, reason, CtVerdict::established, conn.state};
}

/// The ICMP error quotes what X's peer is said to have sent.
template <typename Key>
std::optional<Verdict> hear_error(const Packet& packet, const Work<Key>& work, Probing& probing) {
    const Side x = other(packet.side);
    const auto expected = expected_by(x, work.entry.conn, work.entry.warm);
    if (probing.unanswered[x] == 0 || !expected || packet.seq != *expected - 1) return std::nullopt;
    if (probing.pulse[x] == Pulse::unknown) probing.pulse[x] = Pulse::unreachable;
    return absorbed(Reason::probe_error, work.entry.conn);
}

}  // namespace

template <typename Key>
bool waits_for_proof(const Shard& shard, const View<Key>& flow) {
    const Conn& conn = flow.conn();
    if (flow.slot.store() != Store::confirmed || shard.policy->boundaries != Boundaries::conntrack)
        return false;
    if (!asks_first(*shard.policy, shard.mode(conn), expiry_of(conn.timer))) return false;
    return !conn.mark(Conn::kTunnelled) && conn.flag(Conn::kAckSeen, 0) && conn.flag(Conn::kAckSeen, 1) &&
           has_links(shard, flow.entry.warm);
}

template <typename Key>
void ask(Shard& shard, Partition& partition, const View<Key>& flow, Time deadline, Time now) {
    auto& tables = partition.tables<Key>();
    const std::uint32_t index = flow.slot.index();
    const Time begun = in_time(shard, deadline, now);
    if (tables.probes.full() || !may_send(shard, partition, 2, begun)) {
        const Time turn = partition.probes.turn(begun, shard.policy->probe.per_second, 2, kLongestWait);
        return put_off<Key>(shard, partition, index, turn, begun);
    }
    Work<Key> work(tables.confirmed, flow.slot, flow.hash);
    const std::uint32_t place =
        tables.probes.begin(index, work.conn().timer, round_end(shard, tick_of(begun)));
    work.conn().timer = TimerClass::untimed;
    work.conn().booked_or_short = false;
    store(tables.confirmed, work);
    tables.timers.park(index, place);
    shard.counters.probing.add();
    shard.counters.probings.add();
    begin_round(shard, work.entry, tables.probes.at(place));
}

template <typename Key>
bool continue_asking(Shard& shard, Partition& partition, FamilyTables<Key>& tables, Time now,
                     std::size_t& budget) {
    for (std::uint32_t place = tables.probes.front(); place != kNone; place = tables.probes.front()) {
        Probing& probing = tables.probes.at(place);
        if (tick_of(now) - probing.due < 0) return true;
        if (budget == 0) return false;
        spend(budget, kExpiryCost);
        const Conn& conn = tables.confirmed.entry(probing.flow).conn;
        if (!asks_first(*shard.policy, shard.mode(conn), expiry_of(probing.timer))) {
            leave_in_peace(shard, tables, Probing(probing), now);
            continue;
        }
        const Time due = time_of(probing.due, now);
        if (asked_enough(shard, probing)) {
            conclude(shard, partition, tables, probing.flow, due);
            continue;
        }
        const Time at = in_time(shard, due, now);
        const bool sent = may_send(shard, partition, open_ends(probing), at);
        if (sent) begin_round(shard, tables.confirmed.entry(probing.flow), probing);
        tables.probes.go_on(place, round_end(shard, tick_of(at)));
        if (!sent) shard.counters.probings_put_off.add();
    }
    return true;
}

namespace {

void note_answer(Probing& probing, const Packet& packet) {
    probing.pulse[packet.side] = Pulse::alive;
    probing.answer = Glimpse::of(packet);
    probing.answered_by = packet.side;
}

/// x's words come by.
template <typename Key>
void note_heard(FamilyTables<Key>& tables, Work<Key>& work, Side x) {
    Conn& conn = work.conn();
    if ((conn.unheard >> x & 1U) == 0) return;
    conn.unheard = static_cast<std::uint8_t>(conn.unheard & ~(1U << x)) & 3U;
    store(tables.confirmed, work);
}

}  // namespace

template <typename Key>
std::optional<Verdict> hear_answer(Shard& shard, Partition& partition, Occasion& occasion,
                                   const Packet& packet, Work<Key>& work) {
    auto& tables = partition.tables<Key>();
    Probing& probing = probing_of(tables, work.slot.index());
    if (packet.kind == PacketKind::icmp_error) return hear_error(packet, work, probing);
    Conn& conn = work.conn();
    const Side x = packet.side;
    if (probing.unanswered[x] == 0) return std::nullopt;
    if (packet.flags.rst()) {
        if (packet.seq != conn.ends[other(x)].max_ack) return std::nullopt;
        probing.pulse[x] = Pulse::gone;
        note_gone(shard, tables, work, packet, probing);
        tell(shard, tables, occasion, work.view(), probing, Reason::proven_dead);
        return std::nullopt;
    }
    if (!is_duplicate_ack(conn, packet)) return std::nullopt;
    --probing.unanswered[x];
    shard.counters.probes_answered.add();
    note_answer(probing, packet);
    note_heard(tables, work, x);
    note_alive(tables, work, x);
    probing.stamped[x] = packet.options.has(TcpOptions::kTimestamps);
    probing.stamp[x] = packet.options.ts_value;
    const bool news = opens_window(conn, packet);
    if (both(probing, Pulse::alive)) {
        tell(shard, tables, occasion, work.view(), probing, Reason::proven_alive);
        let_live(shard, tables, work, probing.timer, tick_of(packet.time));
    }
    return news ? std::nullopt : std::optional(absorbed(Reason::probe_answer, conn));
}

bool answers_the_unheard(const Conn& before, const Packet& packet, const tcp::Step& step) {
    if (!packet.flags.ack() || packet.flags.has(TcpFlags::kSyn | TcpFlags::kRst)) return false;
    const End& sends = before.ends[packet.side];
    const End& receives = before.ends[other(packet.side)];
    if (step.reason == Reason::invalid_ack_high)
        return !tcp::before(packet.seq, sends.end - receives.max_win);
    if (step.reason != Reason::invalid_seq_high) return false;
    const std::uint32_t oldest = tcp::window::oldest_ack(sends, receives);
    return packet.ack - oldest <= receives.end - oldest + tcp::window::kOldestAck;
}

bool note_one_way(Conn& conn, const Packet& packet) {
    const auto unheard = static_cast<std::uint8_t>(1U << other(packet.side));
    if ((conn.unheard & unheard) != 0) return false;
    conn.unheard = (conn.unheard | unheard) & 3U;
    return true;
}

template <typename Key>
void note_speech(Shard& shard, FamilyTables<Key>& tables, Work<Key>& work, const Packet& packet,
                 const tcp::Step& step) {
    if (step.outcome == tcp::Outcome::accepted) return shard.counters.probings_ended_by_traffic.add();
    Probing& probing = probing_of(tables, work.slot.index());
    work.conn().timer = TimerClass::untimed;
    const bool inside = step.outcome == tcp::Outcome::ignored && !step.outside;
    if (!inside && !answers_the_unheard(work.before, packet, step)) return;
    note_answer(probing, packet);
}

#define AJAR_INSTANTIATE(Key)                                                                              \
    template bool waits_for_proof(const Shard&, const View<Key>&);                                         \
    template void ask(Shard&, Partition&, const View<Key>&, Time, Time);                                   \
    template bool continue_asking(Shard&, Partition&, FamilyTables<Key>&, Time, std::size_t&);             \
    template std::optional<Verdict> hear_answer(Shard&, Partition&, Occasion&, const Packet&, Work<Key>&); \
    template void note_speech(Shard&, FamilyTables<Key>&, Work<Key>&, const Packet&, const tcp::Step&);
AJAR_INSTANTIATE(KeyV4)
AJAR_INSTANTIATE(KeyV6)
#undef AJAR_INSTANTIATE

}  // namespace ajar::tracker
