// The machines that find half-open connections in their traffic.
#include "ajar/tcp/signs.hpp"

#include "ajar/tcp/serial.hpp"

namespace ajar::tcp {
namespace {

/// What a machine has found, or nothing.
struct Sign {
    Reason reason = Reason::none;
    Confidence confidence = Confidence::high;
    Side lost = 0;
    std::uint8_t count = 0;
    std::uint32_t expected = 0, seen = 0;
};

/// The connection may still be used, by both ends or by one.
bool is_open(TcpState s) { return s >= TcpState::established && s <= TcpState::close_wait; }

bool both(const Conn& conn, std::uint8_t flag) { return conn.flag(flag, 0) && conn.flag(flag, 1); }

/// Both ends were heard, and have acknowledged each other.
bool witnessed(const Conn& conn) { return both(conn, Conn::kSeen) && both(conn, Conn::kAckSeen); }

/// A segment in the connection's own numbers: neither SYN nor RST, and inside.
bool is_speech(const Scene& c) {
    return !c.packet.flags.has(TcpFlags::kSyn | TcpFlags::kRst) && c.packet.flags.ack() &&
           c.step.outcome != Outcome::invalid;
}

/// Of what its sender has not said before.
bool says_more(const Scene& c) {
    return c.packet.seq_length() != 0 && after(c.packet.seq_end(), c.before.ends[c.packet.side].end);
}
bool acknowledges_more(const Scene& c) { return after(c.packet.ack, c.before.ends[c.packet.side].max_ack); }

// Reopening ------------------------------------------------------------------------------------------------

bool is_syn_inside(const Scene& c) {
    return c.step.reason == Reason::ignored_syn && is_open(c.before.state) && witnessed(c.before);
}

Sign hear_syn(Reopening& r, const Scene& c) {
    using Phase = Reopening::Phase;
    const bool again = r.by == c.packet.side && (r.phase == Phase::asked || r.phase == Phase::challenged);
    if (!again) r = {.by = c.packet.side};
    const bool in_vain = r.phase == Phase::challenged;
    r.phase = Phase::asked;
    r.from_afar |= c.packet.ttl != c.warm.sent[r.by].ttl;
    if (!in_vain || ++r.in_vain != kSynsInVain) return {};
    return {.reason = Reason::crash_reopen_stuck,
            .confidence = r.from_afar ? Confidence::medium : Confidence::high,
            .lost = r.by,
            .count = r.in_vain,
            .expected = c.before.ends[r.by].end,
            .seen = c.packet.seq};
}

void hear_opener(Reopening& r, const Scene& c) {
    if (c.packet.flags.rst()) {
        const bool exact = r.was_challenged && c.packet.seq == r.challenge;
        if (exact && c.conn.state == TcpState::close) r.phase = Reopening::Phase::reset;
    } else if (is_speech(c)) {
        r = {};
    }
}

void hear_opened(Reopening& r, const Scene& c) {
    if (!is_speech(c) || c.packet.ack != c.before.ends[c.packet.side].max_ack) return;
    r.phase = Reopening::Phase::challenged;
    r.was_challenged = true;
    r.challenge = c.packet.ack;
}

/// In the connection that takes the place of the one that was lost.
Sign hear_handshake(Reopening& r, const Scene& c) {
    if (!c.step.established_now) return {};
    const Side x = r.by;
    r = {};
    return {.reason = Reason::crash_reopen_recovered,
            .lost = x,
            .count = 1,
            .expected = c.conn.ends[x].end,
            .seen = c.packet.seq};
}

Sign hear_reopening(Reopening& r, const Scene& c) {
    using Phase = Reopening::Phase;
    if (is_syn_inside(c)) return hear_syn(r, c);
    if (r.phase == Phase::opening) return hear_handshake(r, c);
    if (r.phase == Phase::none || r.phase == Phase::reset) return {};
    c.packet.side == r.by ? hear_opener(r, c) : hear_opened(r, c);
    return {};
}

// Discovery ------------------------------------------------------------------------------------------------

/// Its peer has asked for an answer, and this is the first word since.
bool answers_question(const Conn& before, Side x) {
    const Side y = other(x);
    const bool outstanding = after(before.ends[y].end, before.ends[x].max_ack);
    return before.last_side() == y && (outstanding || before.repeats != 0);
}

Sign hear_discovery(const Scene& c) {
    const Side x = c.packet.side;
    const std::uint32_t due = c.before.ends[other(x)].max_ack;
    const bool closes = is_open(c.before.state) && c.conn.state == TcpState::close;
    const bool bare = c.packet.flags.rst() && !c.packet.flags.ack() && c.packet.seq == due;
    if (!closes || !bare || !witnessed(c.before) || c.before.flag(Conn::kFinSeen, x)) return {};
    if (!answers_question(c.before, x)) return {};
    return {.reason = Reason::active_side_discovery,
            .confidence = trust_in_rst(c.packet, c.before, c.warm),
            .lost = x,
            .count = c.before.repeats,
            .expected = due,
            .seen = c.packet.seq};
}

// In vain --------------------------------------------------------------------------------------------------

/// Its peer has let it send nothing more: it may ask whether that still holds.
bool meets_closed_window(const Conn& before, Side s) {
    const Side p = other(s);
    const bool told = before.zero_window && (before.last_side() == p || before.repeats != 0);
    return told || !after(before.ends[s].max_end, before.ends[p].max_ack + 1);
}

bool is_repeat(const Scene& c) {
    return c.packet.seq_length() != 0 && !after(c.packet.seq_end(), c.before.ends[c.packet.side].end);
}

bool is_keep_alive(const Scene& c) {
    const Side s = c.packet.side;
    const std::uint32_t next = c.before.ends[s].end;
    return !c.packet.flags.fin() && c.packet.payload <= 1 && c.packet.seq == next - 1 &&
           c.before.ends[other(s)].max_ack == next;
}

/// Of what its sender has said just before, for the first time.
bool is_copy(const Scene& c) {
    return c.before.last_side() == c.packet.side &&
           tick_of(c.packet.time) - c.tick <= kLeastGap / kTickLength;
}

bool may_be_in_vain(const Scene& c) {
    return is_speech(c) && is_open(c.before.state) && is_open(c.conn.state) && witnessed(c.before);
}

/// Another number, kind or speaker begins a count of its own. Of several segments that are sent again, the
/// first in line is the one that is sent until it is answered.
void count_in_vain(Vain& v, const Scene& c, bool keep_alive) {
    const bool other_one =
        v.count == 0 || v.by != c.packet.side || v.keep_alives != keep_alive || before(c.packet.seq, v.seq);
    if (other_one) {
        v = {1, false, keep_alive, c.packet.side, c.packet.seq, c.packet.time, c.packet.time};
    } else if (v.seq == c.packet.seq && c.packet.time - v.last >= kLeastGap) {
        v.last = c.packet.time;
        if (v.count != 0xff) ++v.count;
    }
}

Sign hear_in_vain(Vain& v, const Scene& c) {
    if (c.packet.side != v.by) v = {.by = c.packet.side};
    const bool keep_alive = is_keep_alive(c);
    if (v.closed || !may_be_in_vain(c) || !(keep_alive || is_repeat(c))) return {};
    v.closed = v.count == 0 && meets_closed_window(c.before, c.packet.side);
    if (v.closed || (v.count == 0 && is_copy(c))) return {};
    const std::uint8_t before_it = v.count;
    count_in_vain(v, c, keep_alive);
    const std::uint8_t limit = keep_alive ? c.policy.keep_alives : c.policy.retransmissions;
    if (v.count == before_it || v.count < limit || v.last - v.first < kLongAfter) return {};
    return {.reason = keep_alive ? Reason::unanswered_keepalive : Reason::unanswered_retransmission,
            .lost = other(c.packet.side),
            .count = v.count,
            .expected = c.before.ends[c.packet.side].end,
            .seen = c.packet.seq};
}

// Cut ------------------------------------------------------------------------------------------------------

Sign cut_by(Confidence confidence, std::uint32_t rst, const Scene& c) {
    return {.reason = Reason::made_by_middlebox,
            .confidence = confidence,
            .lost = other(c.packet.side),
            .count = 1,
            .expected = rst,
            .seen = c.packet.seq};
}

/// The RST was exact: its number is where its sender stood.
Sign hear_after_close(const Scene& c) {
    const Side a = c.packet.side;
    const bool by_a = c.before.flag(Conn::kCloser, a) && !c.before.flag(Conn::kCloser, other(a));
    if (!is_speech(c) || !by_a || !witnessed(c.before) || c.before.saved != TcpState::none) return {};
    const bool long_after = (tick_of(c.packet.time) - c.tick) * kTickLength >= kLongAfter;
    const bool goes_on = says_more(c) || (long_after && acknowledges_more(c));
    return goes_on ? cut_by(Confidence::high, c.before.ends[a].end, c) : Sign{};
}

Sign hear_after_inexact(Cut& cut, const Scene& c) {
    if (!cut.heard || c.packet.side != cut.by || !is_speech(c)) return {};
    const bool beyond = c.packet.seq_length() != 0 && after(c.packet.seq_end(), cut.seq);
    const bool news = says_more(c) || acknowledges_more(c);
    if (!news || !(beyond || c.packet.time - cut.at >= kLongAfter)) return {};
    cut.heard = false;
    return cut_by(Confidence::medium, cut.seq, c);
}

/// The first of several counts: its sender goes on behind all of them.
void note_inexact(Cut& cut, const Packet& rst) {
    if (cut.heard) return;
    cut = {.heard = true, .by = rst.side, .seq = rst.seq, .at = rst.time};
}

Sign hear_cut(Cut& cut, const Scene& c) {
    if (c.before.state == TcpState::close) return hear_after_close(c);
    if (c.step.reason != Reason::unverified_rst) return hear_after_inexact(cut, c);
    if (is_open(c.before.state) && witnessed(c.before)) note_inexact(cut, c.packet);
    return {};
}

// --------------------------------------------------------------------------------------------------------

/// A sign that was true until now: who was silent speaks.
void withdraw(Suspicion& s, const Scene& c) {
    const bool in_vain = s.evidence.sign == Reason::unanswered_retransmission ||
                         s.evidence.sign == Reason::unanswered_keepalive;
    const bool answered = in_vain && s.vain.count == 0;
    const bool unstuck =
        s.evidence.sign == Reason::crash_reopen_stuck && s.reopening.phase == Reopening::Phase::none;
    const bool heard = s.evidence.sign == Reason::silent_after_probe && is_speech(c) &&
                       (s.evidence.lost >> c.packet.side & 1U) != 0;
    if (answered || unstuck || heard) s.evidence.sign = Reason::none;
}

bool found(const Sign& sign) { return sign.reason != Reason::none; }

/// The machines do not look at each other, but that a RST which refuses a challenge is no discovery.
Sign hear_all(Suspicion& s, const Scene& c) {
    const Sign reopening = hear_reopening(s.reopening, c);
    const Sign in_vain = hear_in_vain(s.vain, c);
    const Sign cut = hear_cut(s.cut, c);
    if (found(reopening)) return reopening;
    if (found(cut)) return cut;
    if (found(in_vain)) return in_vain;
    return s.reopening.phase == Reopening::Phase::reset ? Sign{} : hear_discovery(c);
}

}  // namespace

Reason hear(Suspicion& s, const Scene& c) {
    FlowEvidence& e = s.evidence;
    if (e.began == Time{}) e.began = c.packet.time;
    const Sign sign = hear_all(s, c);
    withdraw(s, c);
    if (found(sign) || c.step.outcome != Outcome::invalid) {  // anybody can send what is invalid
        s.heard = c.packet.time;
        e.keep(c.packet);
    }
    if (!found(sign) || sign.reason == e.sign) return Reason::none;
    e.sign = sign.reason;
    e.confidence = limited(sign.confidence, c.before);
    e.lost = static_cast<std::uint8_t>(1U << sign.lost);
    e.count = sign.count;
    e.expected = sign.expected;
    e.seen = sign.seen;
    return sign.reason;
}

}  // namespace ajar::tcp
