// How do FINs and ACKs move a flow, once its handshake allows them?
#include "tcp/parts.hpp"

namespace ajar::tcp {
namespace {

/// Mid-stream flows begin with one end known. What the other is told to have sent, it has sent; and with
/// `loose`, its own first segment is believed.
void fill_unseen(const Case& c, const window::Segment& g) {
    Conn& conn = c.conn();
    if (!conn.mark(Conn::kMidStream)) return;
    End& s = c.sends();
    End& r = c.receives();
    if (!conn.flag(Conn::kSeen, c.receiver())) r.end = later_of(r.end, g.sack);
    if (conn.flag(Conn::kSeen, c.sender())) return;
    if (g.sack == r.end + 1) ++r.end;  // the flow was picked up by a keep-alive, SEQ = SND.NXT-1
    if (conn.state == TcpState::unverified) return;
    s.end = g.end;
    s.max_end = g.end + std::max(g.win, 1U);
}

/// Data that the receiver has long acknowledged comes again when those ACKs were lost behind us. Dropping it
/// would stall both ends. True for all that lies within what the sender has sent in the flow's life.
bool old_data(const Case& c, const window::Segment& g) {
    const std::uint32_t isn = c.cold().isn[c.sender()];
    const std::uint32_t sent = c.sends().end - isn;
    return g.seq - isn <= sent && g.end - isn <= sent;
}

bool liberal(const Case& c) {
    return c.policy.window == WindowCheck::liberal || c.conn().option(Conn::kLiberal, c.sender());
}

/// A segment outside of the windows: passed, refused, or (liberal) believed in all but its numbers.
Step outside(const Case& c, const window::Segment& g, window::Fit fit) {
    if (c.conn().state == TcpState::unverified) return ignore(Reason::uncorroborated);
    if (liberal(c)) return accept();
    if (fit == window::Fit::seq_low && old_data(c, g)) return ignore(Reason::old_data);
    return refuse(reason_of(fit));
}

/// An ACK completes the handshake only if it acknowledges the peer's SYN: 66000 numbers below it will not do.
bool completes_handshake(const Case& c) {
    return c.conn().state != TcpState::syn_recv || c.unchecked() ||
           after(c.packet.ack, c.cold().isn[c.receiver()]);
}

void move_windows(const Case& c, const window::Segment& g) {
    Conn& conn = c.conn();
    detail::count_repeat(c.flow.warm, c.packet, g.end, c.sends().end);
    window::advance(c.sends(), c.receives(), g, conn.flag(Conn::kAckSeen, c.sender()));
    conn.set_flag(Conn::kAckSeen, c.sender());
}

void count_fins(const Case& c) {
    Conn& conn = c.conn();
    if (c.packet.flags.fin()) {
        conn.set_flag(Conn::kFinSeen, c.sender());
        c.cold().fin_end[c.sender()] = c.packet.seq_end();
    }
    // Only an ACK that comes after the FIN can mean it.
    const bool covered = conn.flag(Conn::kFinSeen, c.receiver()) && conn.flag(Conn::kAckSeen, c.sender()) &&
                         !before(c.sends().max_ack, c.cold().fin_end[c.receiver()]);
    if (covered) conn.set_flag(Conn::kFinAcked, c.receiver());
}

TcpState closing_state(const Conn& conn) {
    const bool both_seen = conn.flag(Conn::kFinSeen, 0) && conn.flag(Conn::kFinSeen, 1);
    const bool any_acked = conn.flag(Conn::kFinAcked, 0) || conn.flag(Conn::kFinAcked, 1);
    const bool both_acked = conn.flag(Conn::kFinAcked, 0) && conn.flag(Conn::kFinAcked, 1);
    if (both_acked) return TcpState::time_wait;
    if (both_seen) return TcpState::last_ack;
    return any_acked ? TcpState::close_wait : TcpState::fin_wait;
}

bool any_fin(const Conn& conn) { return conn.flag(Conn::kFinSeen, 0) || conn.flag(Conn::kFinSeen, 1); }
bool both_seen(const Conn& conn) { return conn.flag(Conn::kSeen, 0) && conn.flag(Conn::kSeen, 1); }

TcpState open_state(const Conn& conn) { return any_fin(conn) ? closing_state(conn) : TcpState::established; }

/// CLOSE is final, except where the RST answered a SYN in the responder's name, and the responder speaks.
TcpState after_close(const Case& c, bool inside) {
    const bool revived = inside && !c.by_originator() && c.conn().saved != TcpState::none;
    return revived ? open_state(c.conn()) : TcpState::close;
}

TcpState target(const Case& c, Next next, bool inside) {
    const Conn& conn = c.conn();
    switch (next) {
        case Next::closing:
            return closing_state(conn);
        case Next::close:
            return after_close(c, inside);
        case Next::syn_recv:
            return conn.mark(Conn::kSimultaneous) ? TcpState::established : TcpState::syn_recv;
        case Next::unverified:
            return both_seen(conn) ? open_state(conn) : TcpState::unverified;
        default:
            return TcpState::established;
    }
}

/// In LAST_ACK an ACK that follows a SYN answers that SYN and not the last FIN.
bool answers_syn(const Case& c) {
    return c.conn().state == TcpState::last_ack && !c.packet.flags.fin() && !c.by_originator() &&
           (c.cold().ignored_options & kExpectChallenge) != 0;
}

/// The ends still speak in the flow's own numbers: the SYN opened nothing, whoever may answer it later. (Of
/// its sender's, what was under way before it says nothing.)
bool disproves_syn(const Case& c, const window::Segment& g) {
    return !c.by_originator() || (g.end != g.seq && g.seq == c.sends().end);
}

void stop_expecting_challenge(Cold& cold) {
    cold.ignored_options = static_cast<std::uint8_t>(cold.ignored_options & ~kExpectChallenge);
}

/// A RST refused the connection before the responder had said anything: there are no windows to judge by.
/// What passes here belongs to an older connection, of which a RST will free its sender.
bool refused_early(const Conn& conn) {
    return conn.state == TcpState::close && !(known(conn.ends[0]) && known(conn.ends[1]));
}

}  // namespace

Step segment(const Case& c, Next next) {
    Conn& conn = c.conn();
    if (refused_early(conn)) return ignore(Reason::uncorroborated);
    const window::Segment g = window::segment_of(conn, c.packet);
    fill_unseen(c, g);
    const auto fit = c.unchecked() ? window::Fit::inside : window::fit(c.sends(), c.receives(), g);
    const bool inside = fit == window::Fit::inside;
    if (!inside) {
        const Step step = outside(c, g, fit);
        if (step.outcome != Outcome::accepted) return step;
    }
    if (!completes_handshake(c)) return refuse(Reason::invalid_ack_low);
    if (inside && disproves_syn(c, g)) conn.clear_mark(Conn::kIgnoredSyn);
    if (inside && answers_syn(c)) {
        stop_expecting_challenge(c.cold());
        return ack_for_syn_ack(c);
    }

    const bool were_both_seen = both_seen(conn);
    conn.set_flag(Conn::kSeen, c.sender());
    if (inside) move_windows(c, g);
    count_fins(c);
    stop_expecting_challenge(c.cold());
    const TcpState state = target(c, next, inside);
    if (state != TcpState::close) conn.saved = TcpState::none;
    // Repeats of the SYN in SYN_RECV have had their answer.
    if (is_embryonic(conn.state) && !is_embryonic(state)) conn.clear_mark(Conn::kIgnoredSyn);
    enter(c.flow, state, c.policy);
    const bool corroborated = conn.mark(Conn::kMidStream) && !were_both_seen && both_seen(conn);
    return {Outcome::accepted, Reason::none, corroborated && state != TcpState::close};
}

}  // namespace ajar::tcp
