// The way of one packet through a shard.
//
//   frame that is not ours, or refused      -> its Reason
//   bad checksum                            -> passes, touches nothing
//   no flow                                 -> may it begin one?  admission, or refusal under a Reason
//   flow whose timer has run out            -> expired first, then as if there were none
//   flow                                    -> machine, record, timers; perhaps promotion, end, or a new flow
//   no flow, while its service is flooded   -> a cookie or a challenge, or what answers one
//   flow whose numbers are translated       -> the same on translated numbers, and the frame too
//   tombstone                               -> exact RST to the sender, if it stands where it stood
#include "tracker/judge.hpp"

#include "ajar/policy/decide.hpp"
#include "tracker/accounts.hpp"
#include "tracker/asked.hpp"
#include "tracker/binding.hpp"
#include "tracker/conceive.hpp"
#include "tracker/coverage.hpp"
#include "tracker/expire.hpp"
#include "tracker/find.hpp"
#include "tracker/lifecycle.hpp"
#include "tracker/links.hpp"
#include "tracker/note_ask.hpp"
#include "tracker/ordinary.hpp"
#include "tracker/probe.hpp"
#include "tracker/proxy.hpp"
#include "tracker/reset.hpp"
#include "tracker/signs.hpp"
#include "tracker/terms.hpp"

namespace ajar::tracker {
namespace {

Verdict verdict_by(const Shard& shard, Mode mode, Reason reason, CtVerdict ct = CtVerdict::untracked,
                   TcpState state = TcpState::none) {
    return {passes(mode, *shard.policy, reason) ? Disposal::forward : Disposal::drop, reason, ct, state,
            false};
}
Verdict verdict_for(const Shard& shard, const Conn& conn, Reason reason, CtVerdict ct) {
    Verdict verdict = verdict_by(shard, shard.mode(conn), reason, ct, conn.state);
    verdict.watched = conn.flagged || conn.suspected;
    return verdict;
}
/// Without a flow.
Verdict verdict_for(const Shard& shard, const Packet& packet, Reason reason,
                    CtVerdict ct = CtVerdict::untracked) {
    return verdict_by(shard, mode_for(shard, packet), reason, ct);
}

/// nf_conntrack's view: a flow is established once both ends were heard.
CtVerdict seen_as(const Conn& conn) {
    return conn.flag(Conn::kSeen, 0) && conn.flag(Conn::kSeen, 1) ? CtVerdict::established : CtVerdict::fresh;
}

/// Only what the machine accepts without reserve (or what begins the flow) says where its sender stands and
/// what its direction looks like: a reset must not wear what a forger has put on. Once a tick is often
/// enough, also to ask for a link header that found no room.
template <typename Key>
void stamp(Shard& shard, Work<Key>& work, const Packet& packet) {
    const bool usual = !packet.flags.has(TcpFlags::kSyn | TcpFlags::kFin | TcpFlags::kRst);
    const bool here = work.entry.warm.sent[packet.side].port == packet.port + 1U;
    if (usual && here && work.entry.tick == tick_of(packet.time)) return;
    remember_direction(shard, work.entry, packet);
}

Verdict refuse(Shard& shard, Occasion& occasion, const Packet& packet, Reason reason) {
    post(shard, occasion, EventKind::refused, reason, packet,
         [](Event& event) { event.cause = Cause::table_full; });
    return verdict_for(shard, packet, reason);
}

/// The store of a flow after its first or latest step. Zeek's records know no handshake beyond the attempt.
bool belongs_confirmed(const Shard& shard, const Conn& conn) {
    if (shard.policy->boundaries == Boundaries::zeek) return conn.timer != TimerClass::attempt;
    return !is_embryonic(conn.state) && conn.state != TcpState::close;
}

template <typename Key>
bool confirmed_has_no_place(Shard& shard, Partition& partition, FamilyTables<Key>& tables, Time now) {
    if (!tables.confirmed_full()) [[likely]]
        return false;
    collect_confirmed(shard, partition, tables, now);
    return tables.confirmed_full();
}

/// What the defence makes of a packet without a flow. Nothing: it may begin one.
template <typename Key>
std::optional<Verdict> screen(Shard& shard, Partition& partition, Occasion& occasion, const Packet& packet,
                              Occupied occupied = Occupied::no) {
    if (tcp::is_first_syn(packet.flags)) note_ask<Key>(partition, packet);
    if (!shard.wary) [[likely]]
        return std::nullopt;
    return proxy<Key>(shard, partition, occasion, packet, occupied);
}

/// A packet that was screened begins a flow.
template <typename Key>
Verdict begin(Shard& shard, Partition& partition, Occasion& occasion, const Packet& packet) {
    if (!tcp::is_first_syn(packet.flags)) {
        const tcp::Step admitted = tcp::admit(packet, *shard.policy);
        if (admitted.outcome == tcp::Outcome::invalid)
            return verdict_for(shard, packet, admitted.reason, CtVerdict::invalid);
    }
    auto& tables = partition.tables<Key>();
    if (packet.flags.syn() && confirmed_has_no_place(shard, partition, tables, packet.time))
        return refuse(shard, occasion, packet, Reason::confirmed_full);
    Work<Key> work(packet.hash, shard.recording == Recording::on);
    conceive(shard, packet, work);
    Store home = Store::embryonic;
    if (belongs_confirmed(shard, work.conn()) && tables.unreserved()) home = Store::confirmed;
    if (work.conn().timer == TimerClass::mid_stream) make_mid_stream_room(shard, partition, occasion, tables);
    const Reason obstacle = enter(shard, partition, occasion, home, work);
    if (obstacle != Reason::none) {
        release_links(shard, work.entry);
        return refuse(shard, occasion, packet, obstacle);
    }
    if (tcp::is_first_syn(packet.flags)) count_birth(shard, work.entry.key, packet.side);
    if (shard.policy->flow_start_events)
        post(shard, occasion, EventKind::flow_start, Reason::none, work.view());
    return verdict_for(shard, work.conn(), packet.reason, CtVerdict::fresh);
}

/// A packet without a flow.
template <typename Key>
Verdict fresh(Shard& shard, Partition& partition, Occasion& occasion, const Packet& packet) {
    if (packet.kind == PacketKind::icmp_error) return verdict_for(shard, packet, Reason::icmp_unrelated);
    if (const auto verdict = screen<Key>(shard, partition, occasion, packet)) return *verdict;
    return begin<Key>(shard, partition, occasion, packet);
}

/// The flow is over and this packet begins another on its tuple.
template <typename Key>
Verdict reopen(Shard& shard, Partition& partition, Occasion& occasion, const Packet& packet,
               const Work<Key>& old) {
    const Expiry over = expiry_of(old.entry.conn.timer);
    end(shard, partition.tables<Key>(), occasion, old.view(), over.cause ? Reason::reopened : over.reason);
    return fresh<Key>(shard, partition, occasion, packet);
}

/// Likewise; a suspicion that the old flow was under may go on.
template <typename Key>
Verdict inherit(Shard& shard, Partition& partition, Occasion& occasion, const Packet& packet,
                const Work<Key>& old) {
    auto& tables = partition.tables<Key>();
    const auto heritage = heritage_of(tables, old, packet);
    const Verdict verdict = reopen(shard, partition, occasion, packet, old);
    if (heritage) bequeath(tables, packet, *heritage);
    return verdict;
}

/// SYN_RECV needs a place in the confirmed table before the final ACK comes, one that was flagged at the
/// latest then.
template <typename Key>
bool secure_place(Shard& shard, Partition& partition, Occasion& occasion, Work<Key>& work,
                  const Conn& before) {
    if (work.slot.store() == Store::confirmed) return true;
    const bool completes = before.state == TcpState::syn_recv && belongs_confirmed(shard, work.conn());
    if (work.conn().state != TcpState::syn_recv && !completes) return true;
    return reserve(shard, partition, occasion, work);
}

/// The handshake finds no place, for others were quicker. It ends while only its server has a socket: that
/// gets its RST in place of this packet.
template <typename Key>
Verdict abandon(Shard& shard, Partition& partition, Occasion& occasion, const Packet& packet, Work<Key>& work,
                const Conn& before) {
    const Mode mode = shard.mode(before);
    clear_suspicion(partition.tables<Key>(), work);
    if (before.state == TcpState::syn_recv) {
        work.conn() = before;
        work.conn().suspected = false;
    }
    settle(shard, partition.tables<Key>(), work, before, tick_of(packet.time), false);
    const auto action = shard.policy->actions[static_cast<std::size_t>(Cause::table_full)];
    const bool freed =
        evict(shard, partition, occasion, work.view(), Cause::table_full, action, Reason::reservation_lost);
    if (!freed) return verdict_by(shard, mode, Reason::handshake_passed);
    return {Disposal::consume, Reason::handshake_reset, CtVerdict::invalid, TcpState::none};
}

template <typename Key>
void carry_out(Shard& shard, Partition& partition, Work<Key>& work, const Conn& before, const Packet& packet,
               bool renew) {
    auto& tables = partition.tables<Key>();
    const Tick now = tick_of(packet.time);
    const bool leaves = work.slot.store() == Store::embryonic && belongs_confirmed(shard, work.conn());
    if (leaves && promote(shard, tables, work, now)) {
        shard.counters.flows[static_cast<std::size_t>(before.state)].sub();
        shard.counters.flows[static_cast<std::size_t>(work.conn().state)].add();
        return;
    }
    if (leaves &&
        shard.policy->boundaries == Boundaries::conntrack) {  // only mid-stream flows hold no reservation
        work.conn().state = before.state;
        work.conn().timer = before.timer;
    }
    settle(shard, tables, work, before, now, renew);
}

/// The client gives up a handshake, or somebody in its name: by a RST that the server may not heed, for its
/// timestamp, its TTL or its signature. Nothing of ours counts the connection any more, so the server is told
/// in a way that it heeds.
template <typename Key>
void confirm_abort(Shard& shard, Partition& partition, Occasion& occasion, const Packet& packet,
                   Work<Key>& work) {
    const Conn& before = work.before;
    if (!packet.flags.rst() || packet.side != before.originator() || shard.mode(before) != Mode::enforce)
        return;
    if (before.state == TcpState::syn_recv && work.conn().state == TcpState::close)
        reset_end(shard, partition, occasion, work.view(), other(packet.side));
}

/// The client had given up before the server's answer came.
bool answers_abort(const Shard& shard, const Conn& before, const Packet& packet) {
    return before.state == TcpState::close && packet.flags.syn() && packet.flags.ack() &&
           packet.side != before.originator() && !before.flag(Conn::kSeen, packet.side) &&
           shard.mode(before) == Mode::enforce;
}

/// A packet of a flow that is alive, from where its sender stands.
template <typename Key>
Verdict judge_in_place(Shard& shard, Partition& partition, Occasion& occasion, const Packet& packet,
                       Work<Key>& work) {
    const bool zeek = shard.policy->boundaries == Boundaries::zeek;
    if (zeek && record::begins_another(work.record_flow(), packet))
        return reopen(shard, partition, occasion, packet, work);
    if (packet.headless) return verdict_for(shard, work.conn(), packet.reason, CtVerdict::invalid);

    const Conn& before = work.before;
    const bool asked = is_asked(before);
    if (asked) [[unlikely]]
        work.conn().timer = probing_of(partition.tables<Key>(), work.slot.index()).timer;
    const tcp::Step step = tcp::step(work.flow(), packet, *shard.policy);
    if (!zeek && step.outcome == tcp::Outcome::reopen) {
        work.conn() = before;
        return inherit(shard, partition, occasion, packet, work);
    }
    // The client stays who it was: its numbers are the ones that are translated.
    if (before.mark(Conn::kTranslated) && work.conn().originator() != before.originator())
        return {Disposal::drop, Reason::invalid_state, CtVerdict::invalid, before.state};
    write_down(work, packet);
    if (zeek) work.conn().timer = record::zeek_timer(work.record_flow());
    const bool accepted = step.outcome == tcp::Outcome::accepted;
    if (step.outcome == tcp::Outcome::invalid && answers_the_unheard(before, packet, step) &&
        note_one_way(work.conn(), packet)) [[unlikely]]
        count_unheard(shard, work.entry, other(packet.side));
    if (asked) [[unlikely]]
        note_speech(shard, partition.tables<Key>(), work, packet, step);
    if (!zeek && tcp::may_be_sign(work.conn(), step)) [[unlikely]]
        note_signs(shard, partition.tables<Key>(), occasion, packet, work, step);
    if (accepted && shard.learns && tells_of_server(packet)) observe_server(shard, partition, packet, before);
    if (accepted && !step.outside && !packet.flags.has(TcpFlags::kRst)) stamp(shard, work, packet);
    if (!zeek && accepted && !secure_place(shard, partition, occasion, work, before))
        return abandon(shard, partition, occasion, packet, work, before);
    const CtVerdict ct = step.outcome == tcp::Outcome::invalid ? CtVerdict::invalid : seen_as(work.conn());
    const bool renew = zeek ? record::zeek_renews(work.conn().timer) : accepted;
    carry_out(shard, partition, work, before, packet, renew);
    if (!zeek && accepted) confirm_abort(shard, partition, occasion, packet, work);
    if (!zeek && answers_abort(shard, before, packet))
        refuse_answer(shard, partition, occasion, packet, work.view());
    return verdict_for(shard, work.conn(), step.reason, ct);
}

/// A SYN that may begin a flow here and now.
bool opens(const Shard& shard, const Packet& packet) {
    return packet.flags.syn() && !packet.flags.ack() &&
           tcp::admit(packet, *shard.policy).outcome == tcp::Outcome::accepted;
}

/// From another port than its sender's. If it proves that its sender has moved, stamp() notes where to.
template <typename Key>
Verdict judge_out_of_place(Shard& shard, Partition& partition, Occasion& occasion, const Packet& packet,
                           Work<Key>& work) {
    if (displaces(work.conn(), packet, *shard.policy))
        return reopen(shard, partition, occasion, packet, work);
    if (!continues(work.conn(), packet))
        return verdict_for(shard, work.conn(), Reason::wrong_port, CtVerdict::invalid);
    return judge_in_place(shard, partition, occasion, packet, work);
}

/// A packet of a flow that is alive, its numbers as the tracker counts.
template <typename Key>
Verdict judge_known(Shard& shard, Partition& partition, Occasion& occasion, const Packet& packet,
                    Work<Key>& work) {
    if (is_asked(work.before)) [[unlikely]] {
        if (const auto verdict = hear_answer(shard, partition, occasion, packet, work)) return *verdict;
    }
    if (packet.kind == PacketKind::icmp_error) {
        note_icmp_error(partition.tables<Key>(), work, packet);
        return verdict_for(shard, work.conn(), Reason::icmp_related, CtVerdict::related);
    }
    return in_place(*shard.policy, ports_of(work.entry.warm), packet)
               ? judge_in_place(shard, partition, occasion, packet, work)
               : judge_out_of_place(shard, partition, occasion, packet, work);
}

/// Of a flow whose server has not answered yet, or one whose numbers are translated. A flow that took its
/// place on this very packet has numbers of its own.
template <typename Key>
Verdict judge_proxied(Shard& shard, Partition& partition, Occasion& occasion, const Packet& packet,
                      Work<Key>& work) {
    const Conn& conn = work.before;
    if (awaits_server(conn)) {
        if (packet.kind == PacketKind::icmp_error) return {Disposal::consume, Reason::proxy_handshake};
        return in_place(*shard.policy, ports_of(work.entry.warm), packet)
                   ? judge_awaiting(shard, partition, occasion, packet, work)
                   : verdict_for(shard, conn, Reason::wrong_port, CtVerdict::invalid);
    }
    const Rewrite rewrite{packet.side == conn.originator(), work.entry.warm.translation()};
    const Packet counted = as_server_counts(packet, rewrite.by, rewrite.from_client);
    Verdict verdict = judge_known(shard, partition, occasion, counted, work);
    if (verdict.disposal != Disposal::forward || verdict.ct == CtVerdict::fresh) return verdict;
    shard.rewrites.push(rewrite);
    verdict.disposal = Disposal::translate;
    return verdict;
}

/// A packet of a tuple that was evicted with resets. A SYN opens it anew, if it is let in and finds a place;
/// where its service is flooded the tombstone stands until the client has proven itself, for a SYN may be
/// forged. A RST passes; anything else gets the RST that its sender accepts, which also answers a challenge
/// ACK to an earlier one. What comes from where its sender does not stand neither lifts it nor gets an
/// answer.
template <typename Key>
Verdict judge_entombed(Shard& shard, Partition& partition, Occasion& occasion, const Packet& packet,
                       Slot slot) {
    auto& tables = partition.tables<Key>();
    const auto& tombstone = tables.tombstones.get(slot.index());
    if (lapsed(shard, tables.tombstones, slot.index(), tick_of(packet.time))) {
        exhume(shard, tables, packet.hash, slot);
        return fresh<Key>(shard, partition, occasion, packet);
    }
    const bool speaks = packet.kind == PacketKind::tcp;
    if (speaks && !in_place(*shard.policy, tombstone.ports(), packet))
        return verdict_for(shard, packet, Reason::wrong_port, CtVerdict::invalid);
    if (speaks) {
        const auto verdict = screen<Key>(shard, partition, occasion, packet, Occupied::loosely);
        if (verdict) return *verdict;
    }
    if (opens(shard, packet)) {
        if (confirmed_has_no_place(shard, partition, tables, packet.time))
            return refuse(shard, occasion, packet, Reason::confirmed_full);
        // The ring may have overwritten it while room was made. Its place in the directory is the next one's.
        const Slot left = find_slot(tables, key_of<Key>(packet), packet.hash);
        if (left.store() == Store::tombstone) exhume(shard, tables, packet.hash, left);
        return begin<Key>(shard, partition, occasion, packet);
    }
    const bool answer = speaks && !packet.flags.has(TcpFlags::kRst) &&
                        mode_for(shard, packet) == Mode::enforce &&
                        reset_sender(shard, partition, occasion, packet, tombstone);
    if (!answer) return verdict_for(shard, packet, Reason::tombstone_passed);
    return {Disposal::consume, Reason::tombstone_reset, CtVerdict::invalid, TcpState::none};
}

/// Was the flow picked up in mid-stream, and has its other end not said a word? Whoever sends an ACK out of
/// nowhere can have made it, to open the way for a SYN.
bool unvouched(const Conn& conn) {
    if (conn.state == TcpState::unverified) return true;
    const bool over = conn.state == TcpState::time_wait || conn.state == TcpState::close;
    return conn.mark(Conn::kMidStream) && !over && seen_as(conn) != CtVerdict::established;
}

/// Of such a flow, while services are defended. In state `unverified` a SYN begins another, and is asked
/// then; a segment that goes on where the last one ended is no cookie.
template <typename Key>
std::optional<Verdict> screen_unvouched(Shard& shard, Partition& partition, Occasion& occasion,
                                        const Packet& packet, const Conn& conn) {
    if (packet.kind != PacketKind::tcp || !unvouched(conn)) return std::nullopt;
    const bool flow_knows =
        packet.flags.syn() ? conn.state == TcpState::unverified : packet.seq == conn.ends[packet.side].end;
    if (flow_knows) return std::nullopt;
    return screen<Key>(shard, partition, occasion, packet, Occupied::loosely);
}

template <typename Key>
Verdict judge_tracked(Shard& shard, const Packet& packet, Slot guess) {
    Partition& partition = *shard.partitions[packet.partition];
    auto& tables = partition.tables<Key>();
    Occasion occasion{packet.time, packet.ordinal, 0};
    const Slot slot = find_slot(tables, key_of<Key>(packet), packet.hash, guess);
    if (slot.store() == Store::none) return fresh<Key>(shard, partition, occasion, packet);
    if (slot.store() == Store::tombstone)
        return judge_entombed<Key>(shard, partition, occasion, packet, slot);
    const auto flow = view_of(tables, slot, packet.hash);
    if (overdue(shard, flow.conn(), flow.entry.tick, tick_of(packet.time)) && !waits_for_proof(shard, flow) &&
        expire(shard, partition, flow, deadline_of(shard, flow, packet.time), packet.time)) {
        const Slot left = find_slot(tables, key_of<Key>(packet), packet.hash);
        return left.store() == Store::tombstone
                   ? judge_entombed<Key>(shard, partition, occasion, packet, left)
                   : fresh<Key>(shard, partition, occasion, packet);
    }
    if (shard.defends) [[unlikely]] {
        const auto verdict = screen_unvouched<Key>(shard, partition, occasion, packet, flow.conn());
        if (verdict) return *verdict;
    }
    Work<Key> work(tables.pool(slot.store()), slot, packet.hash);
    if (work.before.mark(Conn::kTranslated)) [[unlikely]]
        return judge_proxied(shard, partition, occasion, packet, work);
    return judge_known(shard, partition, occasion, packet, work);
}

/// The guess of an earlier stage is right if an established flow of that key is there: a place that was given
/// back has none, and one that was taken anew has another key.
template <typename Key>
bool passes_as_guessed(Shard& shard, const Door<Key>& door, const Packet& packet, Slot guess) {
    Entry<Key>& entry = door.confirmed[guess.index()];
    return entry.key == key_of<Key>(packet) && pass_ordinary(shard, entry, packet);
}

bool goes_the_short_way(Shard& shard, const Packet& packet, Slot guess) {
    if (!shard.short_way || guess.store() != Store::confirmed) return false;
    return packet.family == Family::ipv4
               ? passes_as_guessed(shard, shard.doors_v4[packet.partition], packet, guess)
               : passes_as_guessed(shard, shard.doors_v6[packet.partition], packet, guess);
}

template <typename Key>
bool asks_defended(const Shard& shard, const Packet& packet) {
    const Asked asked = asked_for(shard, key_of<Key>(packet), other(packet.side));
    return enforced(shard, asked) && defence_of(shard, asked).answer != Answering::off;
}

/// What cannot be read whole, and yet its destination may take for a SYN (drops_hidden_syn() says why that
/// matters). No stack sends such.
bool hides_syn(const Shard& shard, const Packet& packet) {
    if (packet.reason != Reason::tcp_options_malformed) return drops_hidden_syn(*shard.policy, packet.reason);
    if (!shard.learns || !packet.flags.syn() || packet.flags.ack()) return false;
    return packet.family == Family::ipv4 ? asks_defended<KeyV4>(shard, packet)
                                         : asks_defended<KeyV6>(shard, packet);
}

[[gnu::noinline]] Verdict judge_the_long_way(Shard& shard, const Packet& packet, Slot guess) {
    if (packet.kind != PacketKind::tcp && packet.kind != PacketKind::icmp_error) {
        if (hides_syn(shard, packet)) return {Disposal::drop, packet.reason, CtVerdict::invalid};
        return verdict_by(shard, shard.policy->mode, packet.reason);
    }
    if (packet.checksum == Checksum::bad && shard.policy->checksums == ChecksumPolicy::verify)
        return verdict_by(shard, shard.policy->mode, Reason::bad_tcp_checksum);
    return packet.family == Family::ipv4 ? judge_tracked<KeyV4>(shard, packet, guess)
                                         : judge_tracked<KeyV6>(shard, packet, guess);
}

}  // namespace

Verdict judge(Shard& shard, const Packet& packet, Slot guess) {
    if (goes_the_short_way(shard, packet, guess)) [[likely]]
        return {Disposal::forward, Reason::none, CtVerdict::established, TcpState::established};
    return judge_the_long_way(shard, packet, guess);
}

}  // namespace ajar::tracker
