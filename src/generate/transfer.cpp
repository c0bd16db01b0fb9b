// How data crosses: flights that double, an ACK for every second segment, and what loss, reordering and
// duplicates do to them.
#include <algorithm>
#include <optional>

#include "ajar/packet/packet.hpp"
#include "generate/script.hpp"

namespace ajar::gen {
namespace {

constexpr std::uint32_t kFirstFlight = 10;  ///< segments (RFC 6928)
constexpr std::uint32_t kWindow = 60'000;   ///< bytes; below every window that fill_options() advertises
constexpr Duration kRetransmissionTimeout = std::chrono::milliseconds(220);

}  // namespace

struct Script::Flight {
    std::uint32_t number = 0;  ///< segments so far
    std::optional<Step> hole;  ///< the one that was lost; at most one a flight
    Step last;                 ///< segment
    Duration answered{0};      ///< when the last ACK passed; 0 = none yet
    bool heard = false;        ///< it came back to the sender
};

std::uint32_t Script::segment_size() const {
    const std::uint32_t mss = std::min(ends_[0].stack.mss, ends_[1].stack.mss);
    return (agreed_ & TcpOptions::kTimestamps) != 0 ? mss - 12 : mss;
}

void Script::send(End from, std::uint32_t bytes) {
    for (auto flight = kFirstFlight * segment_size(); bytes > 0; flight *= 2) {
        flight = std::min(flight, kWindow);
        const auto n = std::min(bytes, flight);
        send_flight(from, n);
        bytes -= n;
    }
}

void Script::send_flight(End from, std::uint32_t bytes) {
    Flight flight;
    while (bytes > 0) {
        const auto n = std::min(bytes, segment_size());
        bytes -= n;
        send_segment(from, n, bytes == 0, flight);
    }
    if (flight.hole) repair(from, flight);
    hear_last(from, flight);
    now_ = std::max(now_, flight.answered);
    speaker_ = peer(from);
}

void Script::send_segment(End from, std::uint32_t bytes, bool push, Flight& flight) {
    const std::uint8_t flags = TcpFlags::kAck | (push ? TcpFlags::kPsh : std::uint8_t{0});
    const Step s = emit(from, flags, bytes);
    const bool second = (++flight.number % 2) == 0;
    flight.last = s;
    question_[index(from)] = s;
    if (flight.hole) {
        acknowledge(s, flight.hole->seq, flight.hole->seq + flight.hole->payload, flight);
    } else if (rng_.chance(trouble_.loss)) {
        flight.hole = s;
        if (rng_.chance(500'000)) out_.steps.pop_back();
    } else {
        if (second) disturb(s);
        deliver(s);
        if (second || push) acknowledge(s, s.seq + s.payload, 0, flight);
    }
}

/// Swaps a pair of segments on their way, or repeats one.
void Script::disturb(const Step& segment) {
    if (rng_.chance(trouble_.reorder)) {
        const auto n = out_.steps.size();
        // The last two steps of this direction; ACKs of the peer may stand between.
        for (auto i = n - 1; i-- > 0;) {
            if (out_.steps[i].from != segment.from) continue;
            std::swap(out_.steps[i].at, out_.steps[n - 1].at);
            break;
        }
    }
    if (rng_.chance(trouble_.duplicate)) out_.steps.push_back(segment);
}

/// Fast retransmission after duplicate ACKs, the timeout where none came back.
void Script::repair(End from, Flight& flight) {
    const auto after_timeout = flight.hole->at + kRetransmissionTimeout;
    now_ = flight.answered > flight.hole->at ? flight.answered + turnaround(from) : after_timeout;
    send_again(*flight.hole, flight);
}

/// The end of a flight is acknowledged, as often as it has to be said again for that.
void Script::hear_last(End from, Flight& flight) {
    for (Duration wait = kRetransmissionTimeout; !flight.heard; wait *= 2) {
        now_ = std::max(now_, flight.answered) + wait;
        flight.last.from = from;
        send_again(flight.last, flight);
    }
}

void Script::send_again(Step segment, Flight& flight) {
    Step& again = put_again(segment);
    deliver(again);
    const Step sent = again;
    for (Duration wait = kRetransmissionTimeout; !passes(); wait *= 2) {
        now_ += wait;
        put_again(segment);
    }
    acknowledge({.at = now_, .from = sent.from, .seq = sent.seq, .payload = sent.payload}, snd_nxt(sent.from),
                0, flight);
}

/// The peer's ACK for `segment`, passing while later segments are on their way; `sack_left` = 0 for none. It
/// may be lost, too.
void Script::acknowledge(const Step& segment, std::uint32_t ack, std::uint32_t sack_left, Flight& flight) {
    const auto who = peer(segment.from);
    Step s;
    s.at = segment.at + turnaround(who);
    s.from = who;
    s.flags = TcpFlags::kAck;
    s.seq = snd_nxt(who);
    s.ack = ack;
    fill_options(s);
    if (sack_left != 0 && (agreed_ & TcpOptions::kSackPermitted) != 0) {
        s.options |= TcpOptions::kSack;
        s.sack_left = sack_left;
        s.sack_right = segment.seq + segment.payload;
    }
    flight.heard = !lost();
    const bool seen = flight.heard || rng_.chance(500'000);
    if (seen) out_.steps.push_back(s);
    if (seen && flight.heard && struck(trouble_.duplicate)) out_.steps.push_back(s);
    if (flight.heard) flight.answered = s.at;
}

}  // namespace ajar::gen
