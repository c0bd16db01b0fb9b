// What the record says as a whole: Zeek's conn_state, where one connection ends and the next begins, its
// timers.
#include <array>
#include <string_view>
#include <utility>

#include "ajar/flow/record.hpp"
#include "flow/record_endpoint.hpp"

namespace ajar::record {
namespace {

using S = EndpointState;
using namespace std::string_view_literals;

/// Zeek's tcp_attempt_delay: an unanswered SYN is a connection of its own after this.
constexpr Duration kAttempt = std::chrono::seconds(5);

struct Pair {
    EndpointState originator, responder;
};

Pair states(const Record& record) {
    return {state_of(record, record.originator()), state_of(record, other(record.originator()))};
}

/// Nothing but mid-stream packets, or nothing at all.
bool silent(EndpointState s) { return s == S::inactive || s == S::partial; }

bool trying(Pair p) {
    return (p.originator == S::syn_sent || p.originator == S::syn_ack_sent) && p.responder == S::inactive;
}

/// Does the history say: a SYN, then a RST, and nothing of a handshake between?
bool syn_then_reset(const Record& record) {
    std::string_view h(record.history.data(), record.history_length);
    if (!h.empty() && h.front() == '^') h.remove_prefix(1);
    if (h.empty() || h.front() != 'S') return false;
    const auto stop = h.find_first_of("HAFGIQR", 1);
    return stop != std::string_view::npos && h[stop] == 'R';
}

std::string_view responder_reset(const Record& record, EndpointState originator) {
    if (originator == S::syn_sent || originator == S::syn_ack_sent) return "REJ"sv;
    if (originator == S::reset && !sent_payload(record, 0) && !sent_payload(record, 1)) return "REJ"sv;
    return silent(originator) ? "RSTRH"sv : "RSTR"sv;
}

std::string_view originator_reset(const Record& record, EndpointState responder) {
    if (!silent(responder)) return "RSTO"sv;
    return syn_then_reset(record) ? "RSTOS0"sv : "OTH"sv;
}

bool is_closed(const Record& record) {
    return ((record.stream[0] | record.stream[1]) & Stream::kClosed) != 0;
}

/// A SYN (or, of a half connection, a SYN-ACK) that is not part of the connection under way.
bool other_handshake(const Record& record, const Packet& packet) {
    if (!packet.flags.syn()) return false;
    const Side originator = record.originator();
    const Side responder = other(originator);
    const Pair p = states(record);
    if (packet.flags.ack() && p.originator != S::inactive) return false;
    if (is_closed(record)) return true;
    if (packet.seq == record.begin[packet.flags.ack() ? responder : originator]) return false;
    // The SYN of a SYN-ACK that was seen first.
    return packet.flags.ack() || p.originator != S::syn_ack_sent || p.responder != S::inactive ||
           packet.seq != record.begin[responder];
}

}  // namespace

std::string_view conn_state(const Record& record) {
    const Pair p = states(record);
    if (p.responder == S::reset) return responder_reset(record, p.originator);
    if (p.originator == S::reset) return originator_reset(record, p.responder);
    if (p.originator == S::closed && p.responder == S::closed) return "SF"sv;
    if (p.originator == S::closed) return silent(p.responder) ? "SH"sv : "S2"sv;
    if (p.responder == S::closed) return silent(p.originator) ? "SHR"sv : "S3"sv;
    if (p.originator == S::syn_sent && p.responder == S::inactive) return "S0"sv;
    if (p.originator == S::established && p.responder == S::established) return "S1"sv;
    return "OTH"sv;
}

std::uint8_t letters_of(const Record& record, Side s) {
    using Brief = history::Letter;
    constexpr std::array<std::pair<std::uint8_t, std::uint8_t>, 7> kSame = {
        {{Letter::kSyn, Brief::kSyn},
         {Letter::kAck, Brief::kAck},
         {Letter::kData, Brief::kData},
         {Letter::kFin, Brief::kFin},
         {Letter::kRst, Brief::kRst},
         {Letter::kFinRst, Brief::kOdd},
         {Letter::kMultiFlag, Brief::kOdd}}};
    std::uint8_t out = 0;
    for (const auto& [ours, brief] : kSame)
        if ((record.letters[s] & ours) != 0) out |= brief;
    return out;
}

bool begins_another(Flow flow, const Packet& packet) {
    const auto age = packet.time.time_since_epoch() - Duration(flow.record.first_ns);
    const bool given_up = trying(states(flow.record)) && age >= kAttempt;
    return given_up || other_handshake(flow.record, packet);
}

TimerClass zeek_timer(Flow flow) {
    const Record& record = flow.record;
    const Pair p = states(record);
    if (marked(record, Connection::kOver)) return TimerClass::zeek_closing;
    if (trying(p)) return TimerClass::attempt;
    const bool nothing_yet = p.originator == S::inactive && p.responder == S::inactive;
    const bool dead_end = p.originator == S::reset || p.responder == S::reset ||
                          p.originator == S::inactive || p.responder == S::inactive;
    if (nothing_yet) return TimerClass::zeek_reset;
    if (is_closed(record) && dead_end && !marked(record, Connection::kCloseDeferred))
        return TimerClass::zeek_reset;
    return TimerClass::established;
}

bool zeek_renews(TimerClass timer) {
    return timer == TimerClass::established || timer == TimerClass::zeek_reset;
}

}  // namespace ajar::record
