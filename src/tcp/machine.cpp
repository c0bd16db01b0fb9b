// What happens to a segment that is no ordinary one? Looks up the table and hands it to the part that judges
// it.
#include "ajar/tcp/machine.hpp"

#include "tcp/parts.hpp"

namespace ajar::tcp {

void enter(const Flow& flow, TcpState state, const Policy& policy) {
    flow.conn.state = state;
    flow.conn.timer = state == TcpState::established
                          ? detail::established_timer(flow.conn.ends[0], flow.conn.ends[1], flow.conn, policy)
                          : timer_of(state);
}

namespace {

/// In a simultaneous open both ends opened and both answered: a SYN-ACK is the responder's, whoever sent it.
/// (In SYN_RECV the originator's still has to answer the responder's SYN.) In a mid-stream flow nobody knows
/// who opened: a SYN is the originator's and a SYN-ACK the responder's.
Direction direction_of(const Conn& conn, Side sender, Event event) {
    const bool answered = event == Event::syn_ack && conn.state != TcpState::syn_recv;
    if (conn.mark(Conn::kSimultaneous) && answered) return Direction::responder;
    if (conn.mark(Conn::kMidStream) && event == Event::syn) return Direction::originator;
    if (conn.mark(Conn::kMidStream) && event == Event::syn_ack) return Direction::responder;
    return sender == conn.originator() ? Direction::originator : Direction::responder;
}

/// A SYN that its sender has sent before in this connection: late, or sent twice. It neither opens nor
/// offends.
bool repeats_syn(const Case& c) {
    const TcpState state = c.conn().state;
    return state >= TcpState::syn_recv && state <= TcpState::time_wait && !c.conn().mark(Conn::kMidStream) &&
           c.conn().flag(Conn::kSeen, c.sender()) && c.packet.seq == c.isn(c.sender());
}

/// A RST that answered a SYN may be as forged as the SYN: until it has run its time, the old flow may go on.
Step syn_after_end(const Case& c) {
    const bool answered = c.conn().state == TcpState::close && c.conn().saved != TcpState::none;
    return answered ? syn_inside(c) : Step{Outcome::reopen, Reason::none, false};
}

Step judge(const Case& c, Next next, Event event) {
    switch (next) {
        case Next::invalid:
            return refuse(Reason::invalid_state);
        case Next::reopen:
            return syn_after_end(c);
        case Next::reset:
            return reset(c);
        case Next::challenge:
            return ack_for_syn_ack(c);
        case Next::syn_sent:
            return first_syn_again(c);
        case Next::syn_sent2:
            return crossing_syn(c);
        case Next::ignore:
            if (event == Event::syn) return syn_inside(c);
            return event == Event::syn_ack ? syn_ack_inside(c) : ignore();
        case Next::syn_recv:
            if (event == Event::ack) return segment(c, next);
            return c.conn().state == TcpState::syn_recv ? crossing_syn_ack(c) : syn_ack(c);
        case Next::established:
        case Next::closing:
        case Next::close:
        case Next::unverified:
            return segment(c, next);
    }
    return refuse(Reason::invalid_state);
}

}  // namespace

Step detail::step_cold(const Flow& flow, const Packet& packet, const Policy& policy) {
    if (!legal(packet.flags)) return refuse(Reason::invalid_flags);
    const Case c{flow, packet, policy};
    const Event event = event_of(packet.flags);
    const TcpState old_state = flow.conn.state;
    if (event == Event::syn && repeats_syn(c)) return syn_again(c);

    const Direction direction = direction_of(flow.conn, packet.side, event);
    Step step = judge(c, next_of(old_state, direction, event), event);

    const TcpState state = flow.conn.state;
    if (is_embryonic(old_state) && !is_embryonic(state) && state != TcpState::close)
        step.established_now = true;
    if (step.established_now) flow.conn.clear_mark(Conn::kReborn);
    return step;
}

}  // namespace ajar::tcp
