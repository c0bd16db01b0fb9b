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
    Duration answered{0};      ///< when the last ACK passed; 0 = none yet
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
    now_ = std::max(now_, flight.answered);
    speaker_ = peer(from);
}

void Script::send_segment(End from, std::uint32_t bytes, bool push, Flight& flight) {
    const std::uint8_t flags = TcpFlags::kAck | (push ? TcpFlags::kPsh : std::uint8_t{0});
    const Step s = emit(from, flags, bytes);
    const bool second = (++flight.number % 2) == 0;
    if (flight.hole) {
        flight.answered = acknowledge(s, flight.hole->seq, flight.hole->seq + flight.hole->payload);
    } else if (rng_.chance(trouble_.loss)) {
        flight.hole = s;
        if (rng_.chance(500'000)) out_.steps.pop_back();  // lost before the box: it never passed
    } else {
        if (second) disturb(s);
        deliver(s);
        if (second || push) flight.answered = acknowledge(s, s.seq + s.payload, 0);
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
    auto again = *flight.hole;
    const auto after_timeout = again.at + kRetransmissionTimeout;
    now_ = flight.answered > again.at ? flight.answered + turnaround(from) : after_timeout;
    again.at = now_;
    again.ts_value = timestamp(from, now_);
    out_.steps.push_back(again);
    deliver(again);
    flight.answered = acknowledge(again, snd_nxt(from), 0);
}

/// The peer's ACK for `segment`, passing while later segments are on their way; `sack_left` = 0 for none.
Duration Script::acknowledge(const Step& segment, std::uint32_t ack, std::uint32_t sack_left) {
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
    out_.steps.push_back(s);
    return s.at;
}

}  // namespace ajar::gen
