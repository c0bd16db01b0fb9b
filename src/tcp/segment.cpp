// How do FINs and ACKs move a flow, once its handshake allows them?
#include "tcp/parts.hpp"

namespace ajar::tcp {
namespace {

struct Ends {
    End sends, receives;
};

/// The ends that the segment is judged by. Mid-stream flows begin with one end known: what the other is told
/// to have sent, it has sent; and with `loose`, its own first segment is believed.
Ends ends_of(const Case& c, const window::Segment& g) {
    const Conn& conn = c.conn();
    Ends e{c.sends(), c.receives()};
    if (!conn.mark(Conn::kMidStream)) return e;
    if (!conn.flag(Conn::kAckSeen, c.receiver())) e.receives.end = later_of(e.receives.end, g.sack);
    if (conn.flag(Conn::kAckSeen, c.sender())) return e;
    if (g.sack == e.receives.end + 1) ++e.receives.end;  // picked up by a keep-alive, SEQ = SND.NXT-1
    if (conn.state == TcpState::unverified) return e;
    e.sends.end = g.end;
    e.sends.max_end = g.end + std::max(g.win, 1U);
    return e;
}

/// Data that the receiver has long acknowledged comes again when those ACKs were lost behind us. Dropping it
/// would stall both ends. True for all that lies within what the sender has sent in the flow's life.
bool old_data(const Case& c, const window::Segment& g) {
    const std::uint32_t isn = c.isn(c.sender());
    const std::uint32_t sent = c.sends().end - isn;
    return g.seq - isn <= sent && g.end - isn <= sent;
}

/// The operator does not trust the windows: a flow that still goes on is kept alive by what lies outside of
/// them.
Step pass_liberally(const Conn& conn) {
    const bool open = conn.state >= TcpState::established && conn.state <= TcpState::close_wait;
    return open && conn.saved == TcpState::none ? Step{.outside = true} : ignore();
}

/// A segment outside of the windows may pass, but it moves nothing.
Step outside(const Case& c, const window::Segment& g, window::Fit fit) {
    const bool guessed =
        c.conn().state == TcpState::unverified || c.conn().option(Conn::kLiberal, c.sender());
    if (c.conn().state != TcpState::unverified && guessed) c.conn().set_flag(Conn::kSeen, c.sender());
    if (guessed) return ignore(Reason::uncorroborated);
    if (c.policy.window == WindowCheck::liberal) return pass_liberally(c.conn());
    if (fit == window::Fit::seq_low && old_data(c, g)) return ignore(Reason::old_data);
    return refuse(reason_of(fit));
}

/// An ACK completes the handshake only if it acknowledges the peer's SYN: 66000 numbers below it will not do.
bool completes_handshake(const Case& c) {
    return c.conn().state != TcpState::syn_recv || c.unchecked() || after(c.packet.ack, c.isn(c.receiver()));
}

/// An end has moved on: its FIN, if it has sent one, has not.
void leave_fin_behind(const Case& c, Side s, std::uint32_t before_it) {
    auto& back = c.flow.warm.fin_back[s];
    back = static_cast<std::uint8_t>(std::min(back + (c.conn().ends[s].end - before_it), 0xffU));
}

void move_windows(const Case& c, const window::Segment& g) {
    Conn& conn = c.conn();
    const std::uint32_t sent = c.sends().end;
    window::advance(c.sends(), c.receives(), g, conn.flag(Conn::kAckSeen, c.sender()));
    leave_fin_behind(c, c.sender(), sent);
    conn.set_flag(Conn::kAckSeen, c.sender());
    // A pure ACK has the number that its sender will use next: what the peer acknowledges can be judged by
    // it. (Data may have been sent again, with more behind it that nobody saw.)
    const bool shows_next = g.seq == g.end && g.end == c.sends().end;
    if (shows_next && conn.flag(Conn::kAckSeen, c.receiver()))
        conn.clear_option(Conn::kLiberal, c.receiver());
}

void count_fins(const Case& c) {
    Conn& conn = c.conn();
    if (c.packet.flags.fin()) {
        conn.set_flag(Conn::kFinSeen, c.sender());
        c.flow.warm.fin_back[c.sender()] =
            static_cast<std::uint8_t>(std::min(c.sends().end - c.packet.seq_end(), 0xffU));
    }
    // Only an ACK that comes after the FIN can mean it.
    const bool covered = conn.flag(Conn::kFinSeen, c.receiver()) && conn.flag(Conn::kAckSeen, c.sender()) &&
                         !before(c.sends().max_ack, fin_end(conn, c.flow.warm, c.receiver()));
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
/// Both ends have sent a segment that fitted.
bool corroborated(const Conn& conn) { return conn.flag(Conn::kAckSeen, 0) && conn.flag(Conn::kAckSeen, 1); }

TcpState open_state(const Conn& conn) { return any_fin(conn) ? closing_state(conn) : TcpState::established; }

/// CLOSE is final, except where the RST answered a SYN in the responder's name, and the responder speaks, or
/// the SYN's sender goes on with data: neither has forgotten the connection.
TcpState after_close(const Case& c, const window::Segment& g) {
    const bool speaks = by_opened(c) || g.end != g.seq;
    const bool revived = speaks && c.conn().saved != TcpState::none;
    return revived ? open_state(c.conn()) : TcpState::close;
}

TcpState target(const Case& c, const window::Segment& g, Next next) {
    const Conn& conn = c.conn();
    switch (next) {
        case Next::closing:
            return closing_state(conn);
        case Next::close:
            return after_close(c, g);
        case Next::syn_recv:
            return conn.mark(Conn::kSimultaneous) ? TcpState::established : TcpState::syn_recv;
        case Next::unverified:
            return corroborated(conn) ? open_state(conn) : TcpState::unverified;
        default:
            return TcpState::established;
    }
}

/// In LAST_ACK an ACK that follows a SYN answers that SYN and not the last FIN.
bool answers_syn(const Case& c) {
    return c.conn().state == TcpState::last_ack && !c.packet.flags.fin() && by_opened(c) &&
           (c.aside().options & kExpectChallenge) != 0;
}

/// The ends still speak in the flow's own numbers: the SYN opened nothing, whoever may answer it later. (Of
/// its sender's, what was under way before it says nothing.)
bool disproves_syn(const Case& c, const window::Segment& g) {
    return by_opened(c) || (g.end != g.seq && g.seq == c.sends().end);
}

void stop_expecting_challenge(Aside& aside) {
    aside.options = static_cast<std::uint8_t>(aside.options & ~kExpectChallenge);
}

Step take_challenge(const Case& c) {
    stop_expecting_challenge(c.aside());
    return ack_for_syn_ack(c);
}

/// A RST refused the connection before the responder had said anything: there are no windows to judge by.
/// What passes here belongs to an older connection, of which a RST will free its sender.
bool refused_early(const Conn& conn) {
    return conn.state == TcpState::close && !(known(conn.ends[0]) && known(conn.ends[1]));
}

/// Some states age from their beginning, and what is repeated in vain keeps no connection alive.
bool renews(const Case& c, TcpState old_state, TimerClass old_timer) {
    const Conn& conn = c.conn();
    if (conn.state != old_state || conn.timer != old_timer) return true;
    if (ages(conn.state)) return false;
    const bool waits = conn.state >= TcpState::established && conn.state <= TcpState::close_wait;
    return !waits || !detail::unanswered(conn, c.policy);
}

/// A segment that its receiver will believe.
Step take(const Case& c, const window::Segment& g, const Ends& ends, Next next) {
    Conn& conn = c.conn();
    const TcpState old_state = conn.state;
    const TimerClass old_timer = conn.timer;
    const bool was_corroborated = corroborated(conn);
    if (conn.mark(Conn::kMidStream) && !conn.flag(Conn::kAckSeen, c.sender()))
        c.flow.warm.isn[c.sender()] = g.seq;
    detail::count_repeat(conn, c.flow.warm, c.packet, g.end, c.sends().end);
    const std::uint32_t received = c.receives().end;
    c.sends() = ends.sends;
    c.receives() = ends.receives;
    leave_fin_behind(c, c.receiver(), received);
    move_windows(c, g);
    count_fins(c);
    stop_expecting_challenge(c.aside());

    const TcpState state = target(c, g, next);
    if (state != TcpState::close) conn.saved = TcpState::none;
    // Repeats of the SYN in SYN_RECV have had their answer.
    if (is_embryonic(old_state) && !is_embryonic(state)) conn.clear_mark(Conn::kIgnoredSyn);
    enter(c.flow, state, c.policy);
    Step step = renews(c, old_state, old_timer) ? accept() : ignore();
    const bool picked_up = conn.mark(Conn::kMidStream) && !was_corroborated && corroborated(conn);
    step.established_now = picked_up && state != TcpState::close;
    return step;
}

}  // namespace

Step segment(const Case& c, Next next) {
    Conn& conn = c.conn();
    if (refused_early(conn)) return ignore(Reason::uncorroborated);
    const window::Segment g = window::segment_of(conn, c.packet);
    const Ends ends = ends_of(c, g);
    const auto fit = c.unchecked() ? window::Fit::inside : window::fit(ends.sends, ends.receives, g);
    if (fit != window::Fit::inside) return outside(c, g, fit);
    if (!completes_handshake(c)) return refuse(Reason::invalid_ack_low);
    conn.set_flag(Conn::kSeen, c.sender());
    const bool disproved = disproves_syn(c, g);
    const Step step = answers_syn(c) ? take_challenge(c) : take(c, g, ends, next);
    if (disproved) conn.clear_mark(Conn::kIgnoredSyn);  // only now: what was asked of the SYN is settled
    return step;
}

}  // namespace ajar::tcp
