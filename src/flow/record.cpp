// The record of a flow: what each packet adds to it.
//
// An ordinary packet (in order, established, nothing to write) takes the short way: a few compares, and
// stores to the numbers that it moves. Everything else is looked at closely (record_closely.cpp).
#include "ajar/flow/record.hpp"

#include <bit>

#include "flow/record_closely.hpp"
#include "flow/record_endpoint.hpp"
#include "flow/record_letters.hpp"
#include "flow/record_ports.hpp"

namespace ajar::record {
namespace {

void clear(tcp::Flow flow) {
    Cold& cold = flow.cold;
    cold.history = {};
    cold.history_length = cold.record_marks = cold.bad_checksums = 0;
    cold.endpoint = cold.letters = cold.stream = {};
    cold.last_fin = cold.last_syn = cold.last_rst = {};
    cold.gaps = cold.repeats = cold.zero_windows = {};
    cold.begin = cold.last = cold.next_in_order = {};
    cold.missed = cold.above = 0;
    flow.warm.packets = {};
    flow.warm.ip_bytes = {};
}

void count(Warm& warm, const Packet& packet) {
    ++warm.packets[packet.side];
    warm.ip_bytes[packet.side] += packet.ip_length;
}

/// An ACK or data without anything that ever gets a letter of its own.
bool is_plain(const Packet& packet) {
    return (packet.flags.bits & ~TcpFlags::kPsh) == TcpFlags::kAck && packet.window != 0 && !packet.truncated;
}

/// Both sides' bytes at once; `twice` is a mask for that.
std::uint16_t both(const std::array<std::uint8_t, 2>& sides) { return std::bit_cast<std::uint16_t>(sides); }
constexpr std::uint16_t twice(std::uint8_t mask) { return static_cast<std::uint16_t>(mask * 0x0101U); }

/// Both ends established, nothing missing, nothing closing.
bool is_smooth(const Cold& cold) {
    constexpr auto kEstablished = twice(static_cast<std::uint8_t>(EndpointState::established));
    constexpr auto kUnusual = twice(Stream::kFin | Stream::kHole | Stream::kGivenUp);
    return (both(cold.endpoint) & twice(0x0f)) == kEstablished && (both(cold.stream) & kUnusual) == 0;
}

/// Does the packet carry on where its sender's stream stands, with a letter that was written before?
bool continues(const Cold& cold, const Packet& packet) {
    const Side s = packet.side;
    const bool in_order = packet.seq == cold.last[s] && packet.seq == cold.next_in_order[s];
    if (packet.payload == 0) return in_order && (cold.letters[s] & Letter::kAck) != 0;
    const bool followed = (cold.stream[s] & Stream::kAcked) != 0;
    return in_order && followed && (cold.letters[s] & Letter::kData) != 0 &&
           packet.seq + packet.payload - cold.begin[s] <= kLongStream;
}

/// Does it acknowledge only what was seen, and not the peer's first data?
bool acknowledges_seen(const Cold& cold, const Packet& packet) {
    const Side p = other(packet.side);
    const std::uint32_t from_begin = packet.ack - cold.begin[p];
    const bool within = from_begin <= cold.next_in_order[p] - cold.begin[p];
    return within && (from_begin <= 1 || (cold.stream[p] & Stream::kAcked) != 0);
}

void set(std::uint8_t& marks, std::uint8_t mask) { marks = static_cast<std::uint8_t>(marks | mask); }
void clear(std::uint8_t& marks, std::uint8_t mask) { marks = static_cast<std::uint8_t>(marks & ~mask); }

void carry_on(tcp::Flow flow, const Packet& packet) {
    Cold& cold = flow.cold;
    const Side s = packet.side;
    const Side p = other(s);
    if (packet.payload != 0) {
        cold.last[s] = cold.next_in_order[s] = packet.seq + packet.payload;
        set(cold.stream[s], Stream::kUnacked);
    }
    const bool all_acked = packet.ack == cold.next_in_order[p];
    if (all_acked && (cold.stream[p] & Stream::kUnacked) != 0) clear(cold.stream[p], Stream::kUnacked);
    flow.warm.last_ns = packet.time.time_since_epoch().count();
}

bool is_ordinary(const Cold& cold, const Packet& packet) {
    return is_plain(packet) && is_smooth(cold) && continues(cold, packet) && acknowledges_seen(cold, packet);
}

}  // namespace

void begin(tcp::Flow flow, const Packet& packet) {
    clear(flow);
    const bool flipped = responder_spoke_first(packet);
    flow.cold.set_originator(flipped ? other(packet.side) : packet.side);
    flow.conn.originator = flow.cold.originator();
    if (flipped) append({flow.conn, flow.cold, packet.side}, '^');
    flow.warm.first_ns = flow.warm.last_ns = packet.time.time_since_epoch().count();
    if (!packet.headless) update(flow, packet);
}

void update(tcp::Flow flow, const Packet& packet) {
    if (packet.checksum == Checksum::bad) return append_bad_checksum({flow.conn, flow.cold, packet.side});
    count(flow.warm, packet);
    if (is_ordinary(flow.cold, packet)) {
        carry_on(flow, packet);
    } else {
        look_closely(flow, packet);
    }
}

}  // namespace ajar::record
