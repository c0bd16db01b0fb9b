// What an unusual packet adds to the record, step by step in the order in which Zeek's analyser takes them.
#include "flow/record_closely.hpp"

#include "flow/record_endpoint.hpp"
#include "flow/record_letters.hpp"
#include "flow/record_stream.hpp"
#include "flow/record_transitions.hpp"

namespace ajar::record {
namespace {

/// A SYN or RST that jumps farther than this from its sender's last number is not believed.
constexpr std::int32_t kLargestJump = 1 << 20;
/// Sequence space that the segment takes; data in a RST is a message, not part of the stream.
std::uint32_t stream_end(const Packet& packet) {
    return packet.flags.rst() ? packet.seq_end() - packet.payload : packet.seq_end();
}

/// Without the SYN of its first side a connection is partial, and without any SYN of the second.
void judge_beginning(Endpoint e, TcpFlags flags) {
    if (e.marked(Stream::kSeen)) return;
    if (e.originates()) unmark(e.record, Connection::kPartial);
    const bool syn = flags.syn() && !(e.originates() && flags.ack());
    if (!syn) mark(e.record, Connection::kPartial);
}

/// Where the sender's stream begins, if this packet tells.
void place_stream(Endpoint e, const Packet& packet) {
    const bool syn = packet.flags.syn();
    switch (e.state()) {
        case EndpointState::inactive:
            // As if a SYN had been seen; and the first packet is no retransmission.
            if (syn) {
                start_stream(e, packet.seq, stream_end(packet));
            } else {
                start_stream(e, packet.seq - 1, packet.seq);
            }
            return;
        case EndpointState::closed:
            return;
        case EndpointState::reset:
            // A RST that came first may have been forged: the SYN knows better.
            if (syn && e.before() == EndpointState::inactive) start_stream(e, packet.seq, stream_end(packet));
            return;
        case EndpointState::syn_sent:
        case EndpointState::syn_ack_sent:
            if (syn && packet.seq != e.begin()) start_stream(e, packet.seq, stream_end(packet));
            return;
        case EndpointState::established:
        case EndpointState::partial:
            if (syn) start_stream(e, packet.seq, stream_end(packet));
            return;
    }
}

/// A closed window is news unless it comes with or after a RST, or after the peer's FIN.
void note_window(Endpoint e, const Packet& packet) {
    if (packet.window != 0 || packet.flags.rst() || e.is(EndpointState::reset)) return;
    if (!e.peer().is(EndpointState::closed)) append_scaled(e, 'W', e.record.zero_windows);
}

/// Takes the ACK for the peer's stream. Returns false if it lies before the stream's beginning.
bool take_ack(Endpoint peer, const Packet& packet) {
    if (peer.is(EndpointState::inactive)) {
        start_stream(peer, packet.ack - 1, packet.ack - 1);
        return true;
    }
    const std::int32_t offset = distance(packet.ack, peer.begin());
    if (offset < 0) return false;
    const bool broken = packet.ack == 0 && offset > kLargestJump;
    if (offset > 1 && !packet.flags.rst() && !broken) peer.mark(Stream::kAcked);
    return true;
}

void advance_last(Endpoint e, const Packet& packet) {
    const TcpFlags f = packet.flags;
    const std::uint32_t end = stream_end(packet);
    const std::int32_t step = distance(end, e.last());
    if ((f.syn() || f.rst()) && (step > kLargestJump || step < -kLargestJump)) return;
    // Where only a SYN was seen so far, a FIN is believed whatever its number: more than 2 GB may lie
    // between.
    const bool lone_fin = f.fin() && e.last() == e.begin() + 1;
    if (e.is(EndpointState::reset) && !lone_fin) return;
    if (lone_fin || step > 0) {
        e.last() = end;
    } else if (packet.payload != 0) {
        append_scaled(e, 'T', e.record.repeats);
    }
}

void slide_beginning(Endpoint e) {
    const bool far = distance(e.last(), e.begin()) > static_cast<std::int32_t>(kLongStream);
    if (far && e.warm.sent[e.side].ip_bytes > kLongStream) e.begin() += kLongStream / 2;
}

void take_data(Endpoint e, const Packet& packet, bool below_beginning) {
    const bool stream_data =
        packet.payload != 0 && !packet.flags.rst() && !below_beginning && !packet.truncated;
    if (stream_data) data_sent(e, packet.seq + (packet.flags.syn() ? 1U : 0U), packet.payload);
}

void note_time(Flow flow, const Packet& packet) {
    constexpr std::uint8_t kClosed = Stream::kClosed;
    if ((flow.record.stream[0] & flow.record.stream[1] & kClosed) != 0) return;
    flow.record.last_ns = packet.time.time_since_epoch().count();
}

}  // namespace

void look_closely(Flow flow, const Packet& packet) {
    const Endpoint e = endpoint(flow, packet.side);
    const TcpFlags f = packet.flags;
    reconsider_roles(e, packet);
    judge_beginning(e, f);
    place_stream(e, packet);
    const std::int32_t offset = distance(packet.seq, e.begin());
    append_for(e, packet, offset);
    note_window(e, packet);
    note_time(flow, packet);
    if (f.fin()) e.mark(Stream::kFin);
    const bool acks = f.ack() && take_ack(e.peer(), packet);
    advance_last(e, packet);
    const bool closes = transit(e, packet);
    if (acks) {
        acknowledged(e.peer(), packet.ack);
        check_end(e.peer());
    }
    e.mark(Stream::kSeen);
    take_data(e, packet, offset < 0);
    check_end(e);
    if (closes) close(e);
    slide_beginning(e);
}

}  // namespace ajar::record
