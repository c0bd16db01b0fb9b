// The endpoint states of a record, after Zeek's: INACTIVE -> SYN_SENT, ESTABLISHED, PARTIAL -> CLOSED, RESET.
//
// Sequence numbers are checked for neither FIN nor RST. The peer's state changes with the sender's: a SYN-ACK
// establishes both.
#include "flow/record_transitions.hpp"

#include <utility>

#include "flow/record_letters.hpp"
#include "flow/record_stream.hpp"

namespace ajar::record {
namespace {

using S = EndpointState;

void exchange_roles(Endpoint e) {
    e.record.set_originator(other(e.record.originator()));
    std::swap(e.record.letters[0],
              e.record.letters[1]);  // what was written belongs to the roles, not to the sides
    unmark(e.record, Connection::kPartial);
}

/// A SYN-ACK was seen before its SYN (two capture interfaces): the SYN's sender is the originator after all.
void take_origin(Endpoint e) {
    exchange_roles(e);
    append(e, '^');
    e.peer().enter(S::established);
}

void first_syn(Endpoint e, TcpFlags flags) {
    if (e.originates()) {
        e.enter(flags.ack() ? S::syn_ack_sent : S::syn_sent);
        return;
    }
    if (!flags.ack() && e.peer().is(S::syn_ack_sent)) take_origin(e);
    if (e.peer().is(S::syn_sent)) e.peer().enter(S::established);
    e.enter(S::established);
}

/// A first packet without control flags: mid-stream, or the ACK of a handshake whose SYN was missed.
void first_plain(Endpoint e, const Packet& packet) {
    const bool early_ack = !e.originates() && packet.payload == 0 && e.peer().is(S::syn_sent);
    if (early_ack) return;  // some stacks acknowledge a SYN before they answer it
    if (packet.flags.ack() && e.peer().is(S::established)) {
        e.enter(S::established);
        unmark(e.record, Connection::kPartial);
        e.mark(Stream::kSeen);
    } else {
        e.enter(S::partial);
    }
}

bool from_inactive(Endpoint e, const Packet& packet) {
    const TcpFlags f = packet.flags;
    if (f.syn()) first_syn(e, f);
    if (f.fin()) e.enter(S::closed);
    if (f.rst()) e.enter(S::reset);
    if (e.is(S::inactive)) first_plain(e, packet);
    return f.fin() || f.rst();
}

bool from_syn_sent(Endpoint e, TcpFlags f) {
    if (f.fin()) e.enter(S::closed);
    if (f.rst()) e.enter(S::reset);
    return f.fin() || f.rst();
}

bool from_established(Endpoint e, TcpFlags f) {
    const Endpoint peer = e.peer();
    if (f.syn() && !f.ack() && e.is(S::partial) && peer.is(S::inactive)) e.enter(S::syn_sent);
    if (f.fin() && !f.rst()) {
        e.enter(S::closed);
        // The peer's RST came after its FIN: that was a normal end.
        if (peer.is(S::reset) && peer.before() == S::closed) peer.enter(S::closed);
    }
    if (f.rst()) e.enter(S::reset);
    return f.fin() || f.rst();
}

bool from_closed(Endpoint e, TcpFlags f) {
    if (!f.rst() || e.peer().is(S::closed)) return false;
    e.enter(S::reset);
    return !e.marked(Stream::kClosed);
}

}  // namespace

void reconsider_roles(Endpoint e, const Packet& packet) {
    const TcpFlags f = packet.flags;
    const bool goes_on = !f.syn() && !f.fin() && !f.rst() && (f.ack() || packet.payload != 0);
    if (!goes_on || e.record.history_length != 1 || e.record.history[0] != 'H') return;
    exchange_roles(e);
    e.record.history[0] = '^';
    e.record.history[1] = 'h';
    e.record.history_length = 2;
    endpoint({e.conn, e.warm, e.record}, e.record.originator()).mark(Stream::kSeen);
}

bool transit(Endpoint e, const Packet& packet) {
    switch (e.state()) {
        case S::inactive:
            return from_inactive(e, packet);
        case S::syn_sent:
        case S::syn_ack_sent:
            return from_syn_sent(e, packet.flags);
        case S::established:
        case S::partial:
            return from_established(e, packet.flags);
        case S::closed:
            return from_closed(e, packet.flags);
        case S::reset:
            break;
    }
    return false;
}

void close(Endpoint e) {
    if (data_pending(e)) {
        mark(e.record, Connection::kCloseDeferred);
        return;
    }
    unmark(e.record, Connection::kCloseDeferred);
    if (e.marked(Stream::kClosed)) return;
    e.mark(Stream::kClosed);
    const Endpoint peer = e.peer();
    if (e.is(S::reset) || peer.marked(Stream::kClosed) || peer.is(S::inactive))
        mark(e.record, Connection::kOver);
}

void check_end(Endpoint e) {
    const bool closing = e.marked(Stream::kFin) || e.is(S::closed) || e.is(S::reset);
    if (!closing || e.marked(Stream::kAllSeen) || data_pending(e)) return;
    e.mark(Stream::kAllSeen);
    if (!marked(e.record, Connection::kCloseDeferred)) return;
    close(e);
    unmark(e.record, Connection::kCloseDeferred);
}

}  // namespace ajar::record
