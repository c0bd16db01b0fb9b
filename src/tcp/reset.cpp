// Will the receiver of this RST believe it? (RFC 9293 3.10.7.3 and .4, RFC 5961 3)
//
// A receiver in SYN_SENT looks at the RST's ACK, any other one at its SEQ alone: exact means its RCV.NXT,
// which is the highest ACK that it has sent. A RST that directly follows its sender's own last segment
// becomes exact on its way. One inside the window but not exact earns a challenge ACK, and the sender, if it
// is genuine, an exact RST after it: so such a RST only arms a timer. Data in a RST (RFC 9293 3.5.3) changes
// nothing.
#include "tcp/parts.hpp"

namespace ajar::tcp {
namespace {

constexpr bool handshake(TcpState s) { return s >= TcpState::syn_sent && s <= TcpState::syn_recv; }

Step close(const Case& c, TcpState saved) {
    Conn& conn = c.conn();
    conn.saved = saved;
    conn.set_flag(Conn::kSeen, c.sender());
    if (saved == TcpState::none) {
        conn.clear_flag(Conn::kCloser, c.receiver());
        conn.set_flag(Conn::kCloser, c.sender());
    }
    enter(c.flow, TcpState::close, c.policy);
    return accept();
}

/// The responder does not know the connection that a SYN reached: it never had it, or has lost it.
bool answers_remembered_syn(const Case& c) {
    return by_opened(c) && c.packet.flags.ack() && c.packet.ack == c.aside().end;
}

bool answers_challenge(const Case& c) {
    const Side challenged = (c.aside().options & kChallengeToSide1) != 0 ? 1 : 0;
    return c.conn().mark(Conn::kChallengeAck) && c.sender() == challenged &&
           c.packet.seq == c.aside().challenge_ack;
}

/// The receiver's SYN is refused.
bool refuses_syn(const Case& c) {
    return c.conn().flag(Conn::kSeen, c.receiver()) && c.packet.flags.ack() &&
           acknowledges(c.packet.ack, c.isn(c.receiver()), c.receives().end);
}

/// The last segment, or the one with the highest number: they differ when the last was sent again. (An end of
/// which only a challenge ACK was heard has no number yet: SEQ 0 would do.)
bool follows_own_segment(const Case& c) {
    const bool last =
        c.conn().last_side() == c.sender() && c.packet.seq == c.sends().end - c.flow.warm.last_back;
    const bool highest = known(c.sends()) && c.packet.seq == c.sends().end;
    return c.conn().flag(Conn::kSeen, c.sender()) && (last || highest);
}

/// What an exact RST need not have, any other must: an ACK inside the window, if it has one at all (RFC 9293
/// lets a stack send ACK 0).
window::Fit fit_of(const Case& c) {
    window::Segment g = window::segment_of(c.conn(), c.packet);
    if (!c.packet.flags.ack() || c.packet.ack == 0) g.ack = g.sack = c.receives().end;
    return window::fit(c.sends(), c.receives(), g);
}

/// The receiver has not acknowledged anything, so its RCV.NXT is not known.
Step reset_unacknowledged(const Case& c) {
    if (follows_own_segment(c)) return close(c, TcpState::none);
    if (!handshake(c.conn().state)) return refuse(Reason::invalid_rst);
    return refuses_syn(c) ? close(c, TcpState::none) : refuse(Reason::invalid_rst);
}

/// Armed once, so that a train of inexact RSTs does not prolong anything, and only to shorten a life.
Step leave_unverified(const Case& c) {
    Conn& conn = c.conn();
    const auto timeout = [&](TimerClass t) { return c.policy.timeouts[static_cast<std::size_t>(t)]; };
    const bool shortens = !ages(conn.state) && timeout(TimerClass::unverified_rst) < timeout(conn.timer);
    if (is_embryonic(conn.state) || conn.saved != TcpState::none || !shortens)
        return ignore(Reason::unverified_rst);
    conn.saved = conn.state;
    conn.timer = TimerClass::unverified_rst;
    return accept(Reason::unverified_rst);
}

}  // namespace

void give_up_verification(const Flow& flow, const Policy& policy) {
    flow.conn.saved = TcpState::none;
    enter(flow, flow.conn.state, policy);
}

Step reset(const Case& c) {
    const Conn& conn = c.conn();
    // Until the responder speaks again, it is as likely that somebody else answered in its name.
    if (answers_remembered_syn(c)) return close(c, is_embryonic(conn.state) ? TcpState::none : conn.state);
    if (c.unchecked() || answers_challenge(c)) return close(c, TcpState::none);
    if (!conn.flag(Conn::kAckSeen, c.receiver())) return reset_unacknowledged(c);

    const std::uint32_t expected = c.receives().max_ack;
    if (c.packet.seq == expected) return close(c, TcpState::none);
    if (before(c.packet.seq, expected)) return refuse(Reason::invalid_rst);
    if (follows_own_segment(c)) return close(c, TcpState::none);
    const window::Fit fit = fit_of(c);
    return fit == window::Fit::inside ? leave_unverified(c) : refuse(reason_of(fit));
}

}  // namespace ajar::tcp
