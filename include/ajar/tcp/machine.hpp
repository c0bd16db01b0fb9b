// The TCP machine: one segment of a known flow in, its verdict and the flow's next state out.
//
// The table of tcp/transitions.hpp proposes a state, window tracking (tcp/window.hpp) may veto it, and the
// numbers of FINs, RSTs and remembered SYNs settle what a table cannot say. Time never enters: timers are the
// tracker's. An ordinary segment of an established flow is judged here, inline; all else in src/tcp.
#pragma once

#include <algorithm>
#include <cstdint>

#include "ajar/flow/asides.hpp"
#include "ajar/flow/entry.hpp"
#include "ajar/packet/packet.hpp"
#include "ajar/policy/policy.hpp"
#include "ajar/reason.hpp"
#include "ajar/tcp/window.hpp"

namespace ajar::tcp {

enum class Outcome : std::uint8_t {
    accepted,  ///< legal; the flow was updated and its timer is to be renewed (by an inexact RST: armed)
    ignored,  ///< passes, but renews nothing: a repeated SYN or SYN-ACK, a SYN inside a living flow, a repeat
              ///< that nobody answers, whatever comes in the states that age from their beginning
    invalid,  ///< `reason` says why; the flow's state and windows are untouched
    reopen,   ///< the flow is over and this SYN begins a new one on the same tuple: end it, then begin()
};

struct Step {
    Outcome outcome = Outcome::accepted;
    Reason reason = Reason::none;
    bool established_now = false;  ///< the packet completed the handshake (or corroborated a mid-stream flow)
    bool outside = false;          ///< accepted although it lies outside of the windows: it proves nothing
};

/// What the machine works on: a writer's own copy of the flow (flow/seq_copy.hpp).
struct Flow {
    Conn& conn;
    Warm& warm;
    Aside& aside;
};

/// Judges `packet`, which some flow's tuple matches, and updates the flow. Does not touch times, counters,
/// history or tick. Sets conn.state, conn.saved and conn.timer (the class that applies from now on).
///
/// A confirmed flow may return to SYN_RECV: its endpoints opened anew under a SYN that was ignored at first.
/// So the state does not tell in which store a flow lives; until that handshake is complete it has kReborn.
Step step(const Flow& flow, const Packet& packet, const Policy& policy);

/// Of SYN, FIN, RST and ACK none but this one.
constexpr bool is_only(TcpFlags flags, std::uint8_t one) {
    constexpr std::uint8_t kinds = TcpFlags::kSyn | TcpFlags::kFin | TcpFlags::kRst | TcpFlags::kAck;
    return (flags.bits & kinds) == one;
}

/// A SYN as nearly all flows begin with it: whatever the policy, admit() would accept it.
constexpr bool is_first_syn(TcpFlags flags) { return is_only(flags, TcpFlags::kSyn); }

/// May this packet begin a flow? accepted: begin() it; invalid otherwise, with the reason.
Step admit(const Packet& packet, const Policy& policy);

/// Initialises a flow from its first packet: SYN -> SYN_SENT, others -> UNVERIFIED or ESTABLISHED by policy.
/// Overwrites conn (but for the tracker's marks) and, in warm, what the machine keeps there; the aside is
/// empty.
void begin(const Flow& flow, const Packet& packet, const Policy& policy);

/// The unverified-RST timer ran out, and neither end has said a word: the flow goes back to the timer of its
/// state, whose end decides. The tick stays, so it counts from the RST.
void give_up_verification(const Flow& flow, const Policy& policy);

namespace detail {

Step step_cold(const Flow& flow, const Packet& packet, const Policy& policy);

/// A segment that can only move windows: pure ACK or data, both ends known, no number guessed, no RST and no
/// SYN hanging over the flow.
inline bool ordinary(const Conn& conn, TcpFlags flags) {
    constexpr std::uint8_t both = 3U * (Conn::kSeen | Conn::kAckSeen);
    constexpr std::uint8_t guessed = 3U * Conn::kLiberal;
    return conn.state == TcpState::established && is_only(flags, TcpFlags::kAck) &&
           conn.saved == TcpState::none && (conn.flags & both) == both && (conn.options & guessed) == 0 &&
           !conn.mark(Conn::kIgnoredSyn);
}

/// `sent`: its sender's end, this segment included.
inline void note_last(Conn& conn, Warm& warm, const Packet& packet, std::uint32_t end, std::uint32_t sent,
                      unsigned repeats = 0) {
    conn.last_is_1 = packet.side != 0;
    conn.zero_window = packet.window == 0;
    conn.repeats = std::min(repeats, Conn::kMostRepeats) & Conn::kMostRepeats;
    warm.last_back = static_cast<std::uint16_t>(std::min(sent - end, 0xffffU));
}

/// Segments that ask the peer for an answer, and bring nothing new, since the peer last spoke: data and FINs
/// sent again, keep-alives (SEQ = SND.NXT-1). What else they carry does not matter, or one end alone could
/// keep a flow alive by changing it. The segment ends at `end`; `sent` is its sender's end before it,
/// `before_it` how many its sender had sent.
constexpr unsigned repeats_with(const Packet& packet, std::uint32_t end, std::uint32_t sent,
                                unsigned before_it) {
    if (after(end, sent)) return 0;
    const bool asks = end != packet.seq || before(packet.seq, sent);
    return before_it + (asks ? 1U : 0U);
}

inline void count_repeat(Conn& conn, Warm& warm, const Packet& packet, std::uint32_t end,
                         std::uint32_t sent) {
    const bool goes_on = conn.last_side() == packet.side;
    const unsigned before_it = goes_on ? conn.repeats : 0U;
    const unsigned repeats = repeats_with(packet, end, sent, before_it);
    const bool peer_offered_none = conn.zero_window && (!goes_on || before_it != 0);
    note_last(conn, warm, packet, end, later_of(sent, end), repeats);
    if (repeats != 0) conn.zero_window = peer_offered_none;
}

/// Repeats that nobody answers do not show that the flow lives: its timer runs from when they became too
/// many.
inline bool unanswered(const Conn& conn, const Policy& policy) {
    return conn.repeats >= policy.retransmissions;
}

/// Has each end acknowledged all that the other has sent?
constexpr bool settled(const End& a, const End& b) { return a.end == b.max_ack && b.end == a.max_ack; }

/// The timer of an ESTABLISHED flow: shorter while something is due from one of its ends.
inline TimerClass established_timer(const End& a, const End& b, const Conn& conn, const Policy& policy) {
    const bool waits = !settled(a, b) || conn.zero_window || unanswered(conn, policy);
    return waits ? TimerClass::unacknowledged : TimerClass::established;
}

/// Judges and takes an ordinary segment; false when it lies outside of the windows. The ends are told apart
/// for the compiler, which would otherwise read each again after a write to the other.
inline bool take_ordinary(Conn& conn, Warm& warm, End& __restrict sender, End& __restrict receiver,
                          const Packet& packet, const Policy& policy) {
    const window::Segment segment = window::plain_segment_of(conn, packet);
    if (window::fit(sender, receiver, segment) != window::Fit::inside) [[unlikely]]
        return false;
    count_repeat(conn, warm, packet, segment.end, sender.end);
    window::advance(sender, receiver, segment, true);
    conn.timer = established_timer(sender, receiver, conn, policy);
    return true;
}

}  // namespace detail

inline Step step(const Flow& flow, const Packet& packet, const Policy& policy) {
    Conn& conn = flow.conn;
    End& sender = conn.ends[packet.side];
    End& receiver = conn.ends[other(packet.side)];
    const bool ordinary = detail::ordinary(conn, packet.flags) && policy.window != WindowCheck::off;
    const TimerClass timer = conn.timer;
    if (ordinary && detail::take_ordinary(conn, flow.warm, sender, receiver, packet, policy)) [[likely]] {
        const bool renews = !detail::unanswered(conn, policy) || conn.timer != timer;
        return {renews ? Outcome::accepted : Outcome::ignored, Reason::none, false};
    }
    return detail::step_cold(flow, packet, policy);
}

}  // namespace ajar::tcp
