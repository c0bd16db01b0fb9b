// The record of a flow: what each packet adds to it.
//
// An ordinary packet (in order, established, nothing to write) takes the short way: a few compares, and
// stores to the numbers that it moves. Everything else is looked at closely (record_closely.cpp).
#include "ajar/flow/record.hpp"

#include <bit>

#include "flow/record_closely.hpp"
#include "flow/record_endpoint.hpp"
#include "flow/record_letters.hpp"
#include "flow/server_ports.hpp"

namespace ajar::record {
namespace {

/// An ACK or data without anything that ever gets a letter of its own.
bool is_plain(const Packet& packet) {
    return (packet.flags.bits & ~TcpFlags::kPsh) == TcpFlags::kAck && packet.window != 0 && !packet.truncated;
}

/// Both sides' bytes at once; `twice` is a mask for that.
std::uint16_t both(const std::array<std::uint8_t, 2>& sides) { return std::bit_cast<std::uint16_t>(sides); }
constexpr std::uint16_t twice(std::uint8_t mask) { return static_cast<std::uint16_t>(mask * 0x0101U); }

/// Both ends established, nothing missing, nothing closing.
bool is_smooth(const Record& record) {
    constexpr auto kEstablished = twice(static_cast<std::uint8_t>(EndpointState::established));
    constexpr auto kUnusual = twice(Stream::kFin | Stream::kHole | Stream::kGivenUp);
    return (both(record.endpoint) & twice(0x0f)) == kEstablished && (both(record.stream) & kUnusual) == 0;
}

/// Does the packet carry on where its sender's stream stands, with a letter that was written before?
bool continues(const Record& record, const Packet& packet) {
    const Side s = packet.side;
    const bool in_order = packet.seq == record.last[s] && packet.seq == record.next_in_order[s];
    if (packet.payload == 0) return in_order && (record.letters[s] & Letter::kAck) != 0;
    const bool followed = (record.stream[s] & Stream::kAcked) != 0;
    return in_order && followed && (record.letters[s] & Letter::kData) != 0 &&
           packet.seq + packet.payload - record.begin[s] <= kLongStream;
}

/// Does it acknowledge only what was seen, and not the peer's first data?
bool acknowledges_seen(const Record& record, const Packet& packet) {
    const Side p = other(packet.side);
    const std::uint32_t from_begin = packet.ack - record.begin[p];
    const bool within = from_begin <= record.next_in_order[p] - record.begin[p];
    return within && (from_begin <= 1 || (record.stream[p] & Stream::kAcked) != 0);
}

void set(std::uint8_t& marks, std::uint8_t mask) { marks = static_cast<std::uint8_t>(marks | mask); }
void clear(std::uint8_t& marks, std::uint8_t mask) { marks = static_cast<std::uint8_t>(marks & ~mask); }

void carry_on(Flow flow, const Packet& packet) {
    Record& record = flow.record;
    const Side s = packet.side;
    const Side p = other(s);
    if (packet.payload != 0) {
        record.last[s] = record.next_in_order[s] = packet.seq + packet.payload;
        set(record.stream[s], Stream::kUnacked);
    }
    const bool all_acked = packet.ack == record.next_in_order[p];
    if (all_acked && (record.stream[p] & Stream::kUnacked) != 0) clear(record.stream[p], Stream::kUnacked);
    record.last_ns = packet.time.time_since_epoch().count();
}

bool is_ordinary(const Record& record, const Packet& packet) {
    return is_plain(packet) && is_smooth(record) && continues(record, packet) &&
           acknowledges_seen(record, packet);
}

}  // namespace

void begin(Flow flow, const Packet& packet) {
    flow.record = {};
    const bool flipped = responder_spoke_first(packet);
    flow.record.set_originator(flipped ? other(packet.side) : packet.side);
    if (flipped) append(endpoint(flow, packet.side), '^');
    flow.record.first_ns = flow.record.last_ns = packet.time.time_since_epoch().count();
}

void update(Flow flow, const Packet& packet) {
    if (packet.checksum == Checksum::bad) return append_bad_checksum(endpoint(flow, packet.side));
    if (is_ordinary(flow.record, packet)) {
        carry_on(flow, packet);
    } else {
        look_closely(flow, packet);
    }
}

}  // namespace ajar::record
