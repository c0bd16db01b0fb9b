// The byte stream of one endpoint, without its bytes.
//
// One hole is kept exactly, [next, above); data beyond a second one counts as joined to what lies above the
// first. That can only make later gaps look fewer, never more.
#include "flow/record_stream.hpp"

#include <algorithm>

#include "flow/record_letters.hpp"

namespace ajar::record {
namespace {

/// Zeek's tcp_max_initial_window and tcp_max_above_hole_without_any_acks: where no ACK was ever seen, what is
/// in order is not kept for one beyond this, and what lies above a hole ends the following of the stream.
constexpr std::int32_t kMostWithoutAck = 16384;

bool was_established(Endpoint e) {
    return e.is(EndpointState::established) ||
           (e.is(EndpointState::closed) && e.before() == EndpointState::established);
}

/// In other states a gap may be an artefact: of numbers in RSTs, of a beginning not seen.
void note_gap(Endpoint e, std::uint32_t length) {
    if (!was_established(e) || !was_established(e.peer())) return;
    append_scaled(e, 'G', e.record.gaps);
    const std::uint32_t room = UINT32_MAX - e.record.missed;
    e.record.missed += std::min(length, room);
}

/// What lies above the hole has become the next in order.
void close_hole(Endpoint e) {
    e.unmark(Stream::kHole);
    if (distance(e.top(), e.next()) > 0) e.next() = e.top();
    e.mark(Stream::kUnacked);
}

void deliver(Endpoint e, std::uint32_t end) {
    e.next() = end;
    e.mark(Stream::kUnacked);
    if (e.marked(Stream::kHole) && distance(e.record.above, end) <= 0) close_hole(e);
    if (!e.marked(Stream::kAcked) && distance(e.last(), e.begin()) > kMostWithoutAck)
        e.unmark(Stream::kUnacked);
}

/// Data beyond a hole. While the peer has the one hole that is kept, this one is passed over.
void keep_above_hole(Endpoint e, std::uint32_t seq, std::uint32_t end) {
    if (e.peer().marked(Stream::kHole)) return deliver(e, end);
    if (!e.marked(Stream::kHole) || distance(seq, e.record.above) < 0) e.record.above = seq;
    e.mark(Stream::kHole);
}

void give_up(Endpoint e) {
    e.unmark(Stream::kHole | Stream::kUnacked);
    e.mark(Stream::kGivenUp);
}

/// Everything below `ack` arrived at the peer, seen here or not.
void skip_to(Endpoint e, std::uint32_t ack) {
    if (e.marked(Stream::kHole) && distance(e.record.above, ack) < 0) {
        note_gap(e, e.record.above - e.next());
        close_hole(e);
    }
    if (distance(ack, e.next()) <= 0) return;
    if (!e.marked(Stream::kGivenUp)) note_gap(e, ack - e.next());
    e.next() = ack;
    if (e.marked(Stream::kHole) && e.record.above == ack) close_hole(e);
}

}  // namespace

void start_stream(Endpoint e, std::uint32_t begin, std::uint32_t last) {
    const std::uint32_t in_order = e.marked(Stream::kSeen) ? e.next() - e.begin() : 1;
    e.begin() = begin;
    e.last() = last;
    e.next() = begin + in_order;
    e.unmark(Stream::kAcked);
}

void data_sent(Endpoint e, std::uint32_t seq, std::uint32_t length) {
    if (e.marked(Stream::kGivenUp)) return;
    const std::uint32_t end = seq + length;
    if (distance(end, e.next()) <= 0) return;
    if (distance(seq, e.next()) <= 0) {
        deliver(e, end);
    } else {
        keep_above_hole(e, seq, end);
    }
    const bool beyond = e.marked(Stream::kHole) && distance(e.top(), e.next()) > kMostWithoutAck;
    if (beyond && !e.marked(Stream::kAcked)) give_up(e);
}

void acknowledged(Endpoint e, std::uint32_t ack) {
    if (e.marked(Stream::kFin) && distance(ack, e.fin()) > 0) ack = e.fin();  // a FIN is no data
    // One octet before a first packet that was a keep-alive is no gap, nor is the presumed SYN.
    const bool presumed = marked(e.record, Connection::kPartial) && distance(ack, e.begin()) <= 2;
    if (distance(ack, e.next()) > 0 && !presumed) skip_to(e, ack);
    if (distance(ack, e.next()) >= 0) e.unmark(Stream::kUnacked);
}

bool data_pending(Endpoint e) {
    if (e.marked(Stream::kGivenUp)) return false;
    const std::int32_t missing = distance(e.last(), e.next());
    if (missing < 0) return false;
    if (missing > 1) return true;  // one may be the FIN
    const Endpoint peer = e.peer();
    return !e.is(EndpointState::reset) && peer.marked(Stream::kUnacked | Stream::kHole);
}

}  // namespace ajar::record
