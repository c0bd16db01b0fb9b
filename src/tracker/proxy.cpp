// Cookies out, cookies in, and the handshake with the server; which SYNs are answered at all.
#include "tracker/proxy.hpp"

#include <algorithm>

#include "tracker/asked.hpp"
#include "tracker/challenge.hpp"
#include "tracker/compose.hpp"
#include "tracker/conceive.hpp"
#include "tracker/coverage.hpp"
#include "tracker/emit.hpp"
#include "tracker/expire.hpp"
#include "tracker/find.hpp"
#include "tracker/lifecycle.hpp"
#include "tracker/reset.hpp"

namespace ajar::tracker {
namespace {

constexpr Verdict kOurs{Disposal::consume, Reason::proxy_handshake};

/// Timestamps of our own: milliseconds (RFC 7323 5.4) of the clock that a fleet shares.
std::uint32_t stamp_clock(const Shard& shard, Time now) {
    const Duration age = now.time_since_epoch() + shard.posture->ahead;
    return static_cast<std::uint32_t>(age / std::chrono::milliseconds(1));
}

/// Another appliance, whose clock was ahead of ours, may have sent the cookie: the client drops in silence
/// what looks older than that (RFC 7323 5).
std::uint32_t lead_of(const Shard& shard, const Packet& ack) {
    if (!ack.options.has(TcpOptions::kTimestamps)) return 0;
    const std::uint32_t lead = ack.options.ts_echo - stamp_clock(shard, ack.time);
    return lead <= Promise::kMostLead ? lead : 0;
}
std::uint32_t stamp_for_client(const Shard& shard, const Promise& promise, Time now) {
    return stamp_clock(shard, now) + promise.lead;
}

bool wants_ecn(const Packet& syn) { return syn.flags.has(TcpFlags::kEce) && syn.flags.has(TcpFlags::kCwr); }

/// What our answer to `syn` says: what both it and the server want, and MSS only if it said one. Fast Open is
/// not answered, and its data not acknowledged: both may be repeated.
TcpOptions answered(const TcpOptions& syn, const ServerProfile& server) {
    TcpOptions out;
    const auto agree = [&](std::uint8_t option, bool wanted) {
        if (syn.has(option) && wanted) out.present |= option;
    };
    agree(TcpOptions::kMss, true);
    agree(TcpOptions::kWindowScale, server.does(ServerProfile::kScale));
    agree(TcpOptions::kSackPermitted, server.does(ServerProfile::kSack));
    agree(TcpOptions::kTimestamps, server.does(ServerProfile::kTimestamps));
    out.mss = server.mss;
    out.window_scale = server.scale;
    return out;
}

/// With the window closed: nothing may come before the server is there.
Craft cookie_for(const Shard& shard, const Packet& syn, const ServerProfile& server) {
    Craft out = answer_to(syn, TcpFlags::kSyn | TcpFlags::kAck);
    const auto& keys = *shard.posture->keys;
    out.seq = tcp::cookie::seal(keys, syn, server.promise());
    out.ack = syn.seq + 1;
    out.options = answered(syn.options, server);
    if (!out.options.has(TcpOptions::kTimestamps)) return out;
    out.options.ts_value = tcp::cookie::seal_timestamp(stamp_clock(shard, syn.time), syn);
    out.options.ts_echo = syn.options.ts_value;
    if (wants_ecn(syn) && server.does(ServerProfile::kEcn)) out.flags.bits |= TcpFlags::kEce;
    return out;
}

/// RFC 9293 3.7.1, RFC 8200 5 less headers. A cookie can name no smaller one.
std::uint16_t least_mss(Family family) { return family == Family::ipv4 ? 536 : 1220; }

/// As whom a cookie answers a SYN; null where only its server can answer it, or nobody knows how it would.
const ServerProfile* answered_as(const Shard& shard, const Packet& syn, const Asked& asked) {
    const TcpOptions& o = syn.options;
    if (o.has(TcpOptions::kEndToEnd)) return nullptr;
    if (o.has(TcpOptions::kMss) && o.mss < least_mss(syn.family)) return nullptr;
    const ServerProfile* const server = shard.posture->profile(asked.hash);
    return server != nullptr && server->reliable() ? server : nullptr;
}

Verdict send_cookie(Shard& shard, const Packet& syn, const Asked& asked, const ServerProfile& server) {
    const Craft out = cookie_for(shard, syn, server);
    if (out.link.length == 0) return {Disposal::drop, Reason::unanswerable};
    shard.answers.push(out);
    count_answer(shard, asked, +1);
    shard.counters.cookies_sent.add();
    return Verdict{Disposal::answer, Reason::cookie_sent, CtVerdict::fresh};
}

/// A SYN whose service is flooded.
std::optional<Verdict> answer(Shard& shard, Partition& partition, const Packet& syn, const Asked& asked) {
    if (!is_flooded(shard, asked)) return std::nullopt;
    const ServerProfile* const server = answered_as(shard, syn, asked);
    switch (demand_of(shard, partition, syn, asked, server != nullptr)) {
        case Demand::challenge:
            return challenge(shard, partition, syn, asked);
        case Demand::cookie:
            return send_cookie(shard, syn, asked, *server);
        default:
            return std::nullopt;
    }
}

// A second look for each of a partition's tuples, a second: no more, or guesses would come at half price.
constexpr std::uint32_t kSecondLooks = 16;

/// The cookie that `ack` brings back. If the client's first ACK was lost, what comes is the probe of a closed
/// window, whose SEQ is one below.
std::optional<tcp::cookie::Offer> cookie_in(Shard& shard, Partition& partition, Packet& ack,
                                            const ServerProfile& server) {
    const auto& keys = *shard.posture->keys;
    if (auto offer = tcp::cookie::open(keys, ack, server.promise())) return offer;
    if (ack.payload != 0 || !partition.looks.take(ack.time, kSecondLooks, kSecondLooks)) return std::nullopt;
    ++ack.seq;
    return tcp::cookie::open(keys, ack, server.promise());
}

/// The SYN as the server would have got it, but for what its profile says it does not do. Its window is the
/// one of the ACK, as far as a SYN can say that.
Packet syn_behind(const Packet& ack, const tcp::cookie::Offer& offer, const ServerProfile& server) {
    Packet syn = ack;
    syn.flags.bits = TcpFlags::kSyn;
    syn.seq = ack.seq - 1;
    syn.ack = 0;
    syn.payload = 0;
    TcpOptions said;
    said.present = TcpOptions::kMss;
    if (offer.window_scale) said.present |= TcpOptions::kWindowScale;
    if (offer.sack_permitted) said.present |= TcpOptions::kSackPermitted;
    if (offer.timestamps) said.present |= TcpOptions::kTimestamps;
    syn.options = answered(said, server);
    syn.options.mss = offer.mss != 0 ? offer.mss : least_mss(ack.family);
    syn.options.window_scale = offer.window_scale.value_or(0);
    syn.options.ts_value = ack.options.ts_value;
    const unsigned scale = syn.options.has(TcpOptions::kWindowScale) ? *offer.window_scale : 0U;
    syn.window = static_cast<std::uint16_t>(std::min(std::uint32_t{ack.window} << scale, 0xffffU));
    return syn;
}

/// The SYN to the server, from what the flow remembers of it.
template <typename Key>
Craft syn_to_server(const Shard& shard, const Entry<Key>& entry) {
    const Conn& conn = entry.conn;
    const Side client = conn.originator();
    const Promise promise = Promise::of(entry.warm);
    Craft syn = as_if_sent(shard, entry, client, TcpFlags::kSyn);
    if (promise.ecn) syn.flags.bits |= TcpFlags::kEce | TcpFlags::kCwr;
    syn.seq = entry.warm.isn[client];
    syn.window = static_cast<std::uint16_t>(conn.ends[client].max_win);
    TcpOptions& o = syn.options;
    o.present = TcpOptions::kMss;
    if (conn.option(Conn::kScale, client)) o.present |= TcpOptions::kWindowScale;
    if (conn.option(Conn::kSack, client)) o.present |= TcpOptions::kSackPermitted;
    if (conn.option(Conn::kTimestamps, client)) o.present |= TcpOptions::kTimestamps;
    o.mss = promise.mss;
    o.window_scale = conn.scale(client);
    o.ts_value = promise.stamp;
    return syn;
}

void send(Shard& shard, const Craft& craft) {
    if (craft.link.length != 0 && !shard.outbox.full()) shard.outbox.push(craft);
}

/// Trusted ones have no limit.
template <typename Key>
bool is_among(const CellSet& sources, const Shard& shard, const Key& key, Side client) {
    return !sources.empty() && sources.holds(source_hash(shard, key, client)) &&
           standing_of(shard, key, client) != Standing::trusted;
}

/// Why a SYN that is not answered goes no further.
template <typename Key>
Reason obstacle_of(const Shard& shard, const Key& key, Side client, const Asked& asked) {
    if (is_full(shard, asked) && standing_of(shard, key, client) != Standing::trusted)
        return Reason::service_limit;
    return is_among(shard.posture->crowded, shard, key, client) ? Reason::source_limit : Reason::none;
}

/// The client, which believes in the connection, is told that there is none.
Verdict turn_away(Shard& shard, const Packet& ack, Reason why) {
    Craft rst = answer_to(ack, TcpFlags::kRst);
    rst.seq = ack.ack;
    send(shard, rst);
    return {Disposal::drop, why};
}

/// Nothing is left to track the connection with.
Verdict find_no_place(Shard& shard, Occasion& occasion, const Packet& ack, Reason why) {
    post(shard, occasion, EventKind::refused, why, ack,
         [](Event& event) { event.cause = Cause::table_full; });
    return turn_away(shard, ack, why);
}

/// An ACK that brings no cookie begins no flow, or a flood of them would displace what was picked up in
/// mid-stream. It passes: of a connection that stands, the server's next segment begins one.
std::optional<Verdict> without_cookie(Shard& shard, const Packet& ack, Occupied occupied) {
    shard.counters.cookies_refused.add();
    if (occupied != Occupied::no || tcp::admit(ack, *shard.policy).outcome != tcp::Outcome::accepted)
        return std::nullopt;
    return Verdict{Disposal::forward, Reason::no_cookie};
}

/// What was in flight is so no longer, but once for whoever proves himself again and again, ten seconds apart
/// at most: repeated, an ACK that is good for half a minute would hide a flood's answers behind it.
void count_proof(Shard& shard, Partition& partition, const Packet& ack, const Asked& asked) {
    shard.counters.cookies_accepted.add();
    if (partition.challenges.prove(ack.hash, tick_of(ack.time)) != Challenges::Standing::proven)
        count_answer(shard, asked, -1);
    else
        shard.counters.cookies_repeated.add();
}

template <typename Key>
void vacate(Shard& shard, FamilyTables<Key>& tables, Occasion& occasion, const Packet& packet) {
    const Slot slot = find_slot(tables, key_of<Key>(packet), packet.hash);
    if (slot.store() == Store::none) return;
    if (slot.store() == Store::tombstone) return exhume(shard, tables, packet.hash, slot);
    end(shard, tables, occasion, view_of(tables, slot, packet.hash), Reason::reopened);
}

template <typename Key>
std::optional<Verdict> admit(Shard& shard, Partition& partition, Occasion& occasion, const Packet& packet,
                             const Asked& asked, Occupied occupied) {
    const ServerProfile* const server = shard.posture->profile(asked.hash);
    if (server == nullptr || !accepts(shard, asked, packet.time)) return std::nullopt;
    Packet ack = packet;
    const auto offer = cookie_in(shard, partition, ack, *server);
    if (!offer) return without_cookie(shard, packet, occupied);
    count_proof(shard, partition, packet, asked);
    // What is half open in its name may be somebody else's; what it has proven is not.
    if (is_among(shard.posture->eager, shard, key_of<Key>(packet), packet.side))
        return turn_away(shard, packet, Reason::source_limit);
    auto& tables = partition.tables<Key>();
    if (occupied != Occupied::no) vacate(shard, tables, occasion, packet);
    if (!tables.unreserved()) collect_confirmed(shard, partition, tables, packet.time);
    if (!tables.unreserved()) return find_no_place(shard, occasion, packet, Reason::confirmed_full);
    Work<Key> work(packet.hash, shard.recording == Recording::on);
    const Packet syn = syn_behind(ack, *offer, *server);
    conceive(shard, syn, work);
    Conn& conn = work.conn();
    const Side answers = other(packet.side);
    conn.set_mark(Conn::kTranslated);
    conn.timer = TimerClass::attempt;
    work.entry.warm.sent[packet.side].count(
        packet.ip_length);  // beside the SYN: it has shown that it is there
    if (conn.option(Conn::kScale, packet.side)) conn.set_scale(answers, server->scale);
    work.entry.warm.isn[answers] = packet.ack - 1;
    const bool ecn = offer->ecn && server->does(ServerProfile::kEcn);
    const Promise promise{syn.options.mss, ecn, lead_of(shard, packet), packet.options.ts_value};
    work.entry.warm.set_translation(promise.packed());
    const Reason obstacle = enter(shard, partition, occasion, Store::confirmed, work);
    if (obstacle != Reason::none) {
        release_links(shard, work.entry);
        return find_no_place(shard, occasion, packet, obstacle);
    }
    count_birth(shard, work.entry.key, packet.side);
    count_proven(shard, work.entry.key, packet.side);
    shard.counters.proxied.add();
    shard.counters.proxied_open.add();
    if (shard.policy->flow_start_events)
        post(shard, occasion, EventKind::flow_start, Reason::none, work.view());
    send(shard, syn_to_server(shard, work.entry));
    return Verdict{Disposal::consume, Reason::cookie_accepted, CtVerdict::fresh, TcpState::syn_sent};
}

/// In observe: what would become of a first SYN.
template <typename Key>
void count_syn(Shard& shard, const Packet& syn, const Key& key, const Asked& asked) {
    const bool blocked = standing_of(shard, key, syn.side) == Standing::blocked;
    if (!blocked && is_flooded(shard, asked)) {
        const bool cookie =
            proof_for(shard, asked) == SynProof::cookie && answered_as(shard, syn, asked) != nullptr;
        return (cookie ? shard.counters.would_answer : shard.counters.would_challenge).add();
    }
    if (blocked || obstacle_of(shard, key, syn.side, asked) != Reason::none) shard.counters.would_drop.add();
}

/// A SYN without ACK.
template <typename Key>
std::optional<Verdict> hear_syn(Shard& shard, Partition& partition, const Packet& syn, const Key& key,
                                const Asked& asked) {
    const bool first = tcp::is_first_syn(syn.flags);
    if (!enforced(shard, asked)) {
        if (first) count_syn(shard, syn, key, asked);
        return std::nullopt;
    }
    if (!first) {  // with a FIN some stacks take it
        if (!is_flooded(shard, asked)) return std::nullopt;
        return Verdict{Disposal::drop, Reason::invalid_flags, CtVerdict::invalid};
    }
    const Standing standing = standing_of(shard, key, syn.side);
    if (standing == Standing::blocked) return Verdict{Disposal::drop, Reason::source_blocked};
    // Whoever signs his segments hears no challenge, which nobody has signed (RFC 2385, RFC 5925).
    if (standing == Standing::trusted && syn.options.has(TcpOptions::kSigned)) return std::nullopt;
    if (auto verdict = answer(shard, partition, syn, asked)) return verdict;
    const Reason obstacle = obstacle_of(shard, key, syn.side, asked);
    if (obstacle == Reason::none) return std::nullopt;
    return Verdict{Disposal::drop, obstacle};
}

}  // namespace

template <typename Key>
std::optional<Verdict> proxy(Shard& shard, Partition& partition, Occasion& occasion, const Packet& packet,
                             Occupied occupied) {
    if (packet.tunnelled || packet.headless) return std::nullopt;
    const Key& key = key_of<Key>(packet);
    const Asked asked = asked_for(shard, key, other(packet.side));
    if (packet.flags.syn()) {
        if (packet.flags.ack()) return std::nullopt;
        return hear_syn(shard, partition, packet, key, asked);
    }
    if (packet.flags.rst()) return hear_reset(shard, partition, packet, asked);
    if (!packet.flags.ack()) return std::nullopt;
    return admit<Key>(shard, partition, occasion, packet, asked, occupied);
}

namespace {

/// The client knows our SYN-ACK; its window is closed, or was, when it sent this. A probe asks for an answer,
/// and so does what does not fit into the window.
template <typename Key>
Verdict hear_client(Shard& shard, FamilyTables<Key>& tables, Occasion& occasion, const Packet& packet,
                    Work<Key>& work) {
    const Warm& warm = work.entry.warm;
    const Side client = packet.side, server = other(client);
    const std::uint32_t next = warm.isn[client] + 1, cookie = warm.isn[server];
    if (packet.flags.rst()) {
        if (packet.seq != next) return kOurs;
        Craft rst = as_if_sent(shard, work.entry, client, TcpFlags::kRst);
        rst.seq = next;
        send(shard, rst);
        end(shard, tables, occasion, work.view(), Reason::closed_by_rst);
        return kOurs;
    }
    if (packet.flags.syn() || packet.ack != cookie + 1) return kOurs;
    Promise promise = Promise::of(warm);
    if (packet.options.has(TcpOptions::kTimestamps) && !tcp::before(packet.options.ts_value, promise.stamp)) {
        promise.stamp = packet.options.ts_value;
        work.entry.warm.set_translation(promise.packed());
        store(tables.confirmed, work);
    }
    if (packet.seq == next && packet.seq_length() == 0) return kOurs;
    Craft ack = answer_to(packet, TcpFlags::kAck);
    ack.seq = cookie + 1;
    ack.ack = next;
    if (packet.options.has(TcpOptions::kTimestamps)) {
        ack.options.present = TcpOptions::kTimestamps;
        ack.options.ts_value = stamp_for_client(shard, promise, packet.time);
        ack.options.ts_echo = packet.options.ts_value;
    }
    send(shard, ack);
    return kOurs;
}

/// Does the server do what the cookie's answer said in its name? (Of SACK nobody is harmed by a promise.)
bool as_promised(const Conn& conn, const Promise& promise, const Packet& syn_ack) {
    const Side server = syn_ack.side, client = other(server);
    const TcpOptions& o = syn_ack.options;
    if (promise.ecn && !syn_ack.flags.has(TcpFlags::kEce)) return false;
    if (conn.option(Conn::kTimestamps, client) && !o.has(TcpOptions::kTimestamps)) return false;
    return !conn.option(Conn::kScale, client) ||
           (o.has(TcpOptions::kWindowScale) && o.window_scale == conn.scale(server));
}

/// The client's ACK of the server's SYN-ACK, which nobody has sent.
Packet ack_of(const Packet& syn_ack, const Conn& conn) {
    Packet ack = syn_ack;
    ack.side = other(syn_ack.side);
    ack.flags.bits = TcpFlags::kAck;
    ack.seq = syn_ack.ack;
    ack.ack = syn_ack.seq_end();
    ack.payload = 0;
    ack.ip_length = 0;
    ack.options = {};
    const unsigned scale = conn.option(Conn::kScale, ack.side) ? conn.scale(ack.side) : 0U;
    ack.window = static_cast<std::uint16_t>(std::min(conn.ends[ack.side].max_win >> scale, 0xffffU));
    return ack;
}

/// Both of ours that make a connection of two halves.
template <typename Key>
void introduce(Shard& shard, const Entry<Key>& entry, const Packet& syn_ack, const Packet& ack,
               std::uint32_t cookie, const Promise& promise) {
    const Side server = syn_ack.side, client = other(server);
    const bool stamps = entry.conn.option(Conn::kTimestamps, client);
    Craft to_server = as_if_sent(shard, entry, client, TcpFlags::kAck);
    to_server.seq = ack.seq;
    to_server.ack = ack.ack;
    to_server.window = ack.window;
    Craft to_client = as_if_sent(shard, entry, server, TcpFlags::kAck);
    to_client.seq = cookie + 1;
    to_client.ack = ack.seq;
    const unsigned scale = entry.conn.option(Conn::kScale, client) ? entry.conn.scale(server) : 0U;
    to_client.window = static_cast<std::uint16_t>(syn_ack.window >> scale);
    if (stamps) {
        to_server.options.present = to_client.options.present = TcpOptions::kTimestamps;
        to_server.options.ts_value = to_client.options.ts_echo = promise.stamp;
        to_server.options.ts_echo = syn_ack.options.ts_value;
        to_client.options.ts_value = stamp_for_client(shard, promise, syn_ack.time);
    }
    send(shard, to_server);
    send(shard, to_client);
}

template <typename Key>
Verdict connect(Shard& shard, Partition& partition, Occasion& occasion, const Packet& packet,
                Work<Key>& work) {
    Warm& warm = work.entry.warm;
    const std::uint32_t cookie = warm.isn[packet.side];
    const Promise promise = Promise::of(warm);
    const auto fail = [&] {
        work.conn() = work.before;
        warm.isn[packet.side] = cookie;
        give_up_on_server(shard, partition, occasion, work.view(), Reason::server_differs);
        return kOurs;
    };
    observe_server(shard, partition, packet, work.before);
    if (!as_promised(work.conn(), promise, packet)) return fail();
    if (tcp::step(work.flow(), packet, *shard.policy).outcome != tcp::Outcome::accepted) return kOurs;
    write_down(work, packet);
    const Packet ack = ack_of(packet, work.conn());
    tcp::step(work.flow(), ack, *shard.policy);
    if (work.conn().state != TcpState::established) return fail();
    write_history(work, ack);  // admit() has counted it
    const bool stamps = work.conn().option(Conn::kTimestamps, ack.side);
    const std::uint32_t ours = stamp_for_client(shard, promise, packet.time);
    warm.set_translation({packet.seq - cookie, stamps ? packet.options.ts_value - ours : 0});
    remember_direction(shard, work.entry, packet);
    settle(shard, partition.tables<Key>(), work, work.before, tick_of(packet.time), true);
    count_heard(shard, work.entry);
    introduce(shard, work.entry, packet, ack, cookie, promise);
    return {Disposal::consume, Reason::proxy_established, CtVerdict::established, TcpState::established};
}

template <typename Key>
Verdict hear_server(Shard& shard, Partition& partition, Occasion& occasion, const Packet& packet,
                    Work<Key>& work) {
    const Side client = other(packet.side);
    const std::uint32_t next = work.entry.warm.isn[client] + 1;
    if (packet.flags.rst()) {
        if (!packet.flags.ack() || packet.ack != next) return kOurs;  // RFC 9293 3.10.7.3
        observe_server(shard, partition, packet, work.before);
        write_down(work, packet);
        reset_end(shard, partition, occasion, work.view(), client);
        end(shard, partition.tables<Key>(), occasion, work.view(), Reason::server_refused);
        return kOurs;
    }
    if (!packet.flags.ack()) return kOurs;
    if (packet.flags.syn() && packet.ack == next) return connect(shard, partition, occasion, packet, work);
    if (packet.ack == next) return kOurs;
    // An older connection of that tuple: what any client would say to it makes way for the next SYN.
    Craft rst = answer_to(packet, TcpFlags::kRst);
    rst.seq = packet.ack;
    send(shard, rst);
    return kOurs;
}

}  // namespace

template <typename Key>
Verdict judge_awaiting(Shard& shard, Partition& partition, Occasion& occasion, const Packet& packet,
                       Work<Key>& work) {
    return packet.side == work.conn().originator()
               ? hear_client(shard, partition.tables<Key>(), occasion, packet, work)
               : hear_server(shard, partition, occasion, packet, work);
}

template <typename Key>
bool remind_server(Shard& shard, FamilyTables<Key>& tables, const View<Key>& flow, Time& deadline, Time now) {
    constexpr std::uint8_t kReminders = 5;
    Work<Key> work(tables.confirmed, flow.slot, flow.hash);
    Tick& began = work.entry.tick;
    const std::uint32_t period = shard.ticks(0, TimerClass::attempt);
    while (work.conn().repeats < kReminders) {
        ++work.conn().repeats;
        began = began + period;
        if (tick_of(now) - (began + period) >= 0) continue;
        store(tables.confirmed, work);
        tables.timers.arm(flow.slot.index(), began, TimerClass::attempt);
        send(shard, syn_to_server(shard, work.entry));
        return true;
    }
    deadline = time_of(began + period, now);
    return false;
}

template <typename Key>
void give_up_on_server(Shard& shard, Partition& partition, Occasion& occasion, const View<Key>& flow,
                       Reason reason) {
    for (const Side s : {Side{0}, Side{1}}) reset_end(shard, partition, occasion, flow, s);
    end(shard, partition.tables<Key>(), occasion, flow, reason);
}

void observe_server(Shard& shard, Partition& partition, const Packet& packet, const Conn& before) {
    constexpr std::uint32_t kMostATick = 4, kDoubtful = 1;
    if (before.state != TcpState::syn_sent || packet.side == before.originator()) return;
    const auto service = packet.family == Family::ipv4 ? service_hash(shard, packet.v4, packet.side)
                                                       : service_hash(shard, packet.v6, packet.side);
    const ServerProfile* const known = shard.posture->profile(service);
    Observation seen{packet.time, packet.ordinal, service, {}, packet.flags.rst()};
    if (seen.closed) {
        if (known == nullptr || refused(*known) == *known) return;
    } else {
        const Side client = before.originator();
        const auto asked = [&](std::uint8_t option, std::uint8_t feature) {
            return before.option(option, client) ? feature : std::uint8_t{0};
        };
        const unsigned features = asked(Conn::kScale, ServerProfile::kScale) |
                                  asked(Conn::kSack, ServerProfile::kSack) |
                                  asked(Conn::kTimestamps, ServerProfile::kTimestamps);
        seen.profile = profile_of(packet, static_cast<std::uint8_t>(features));
        if (known != nullptr && updated(*known, seen.profile) == *known) return;
    }
    const Tick now = tick_of(packet.time);
    if (partition.observing != now) partition.observed = 0;
    partition.observing = now;
    // Where hosts behind one address differ, each SYN-ACK is news: they leave room for others'.
    const bool doubtful = known != nullptr && !known->reliable();
    if (partition.observed >= (doubtful ? kDoubtful : kMostATick)) return;
    ++partition.observed;
    if (!shard.observations.push(seen)) shard.counters.observations_lost.add();
}

#define AJAR_INSTANTIATE(Key)                                                                           \
    template std::optional<Verdict> proxy<Key>(Shard&, Partition&, Occasion&, const Packet&, Occupied); \
    template Verdict judge_awaiting(Shard&, Partition&, Occasion&, const Packet&, Work<Key>&);          \
    template bool remind_server(Shard&, FamilyTables<Key>&, const View<Key>&, Time&, Time);             \
    template void give_up_on_server(Shard&, Partition&, Occasion&, const View<Key>&, Reason);
AJAR_INSTANTIATE(KeyV4)
AJAR_INSTANTIATE(KeyV6)
#undef AJAR_INSTANTIATE

}  // namespace ajar::tracker
