// The parts of the machine behind step(): who judges which event. Private to src/tcp.
#pragma once

#include "ajar/tcp/machine.hpp"
#include "ajar/tcp/transitions.hpp"

namespace ajar::tcp {

/// One segment under judgement: the flow, the packet, and who speaks to whom.
struct Case {
    const Flow& flow;
    const Packet& packet;
    const Policy& policy;

    [[nodiscard]] Conn& conn() const { return flow.conn; }
    [[nodiscard]] Aside& aside() const { return flow.aside; }
    [[nodiscard]] std::uint32_t isn(Side s) const { return flow.warm.isn[s]; }
    [[nodiscard]] Side sender() const { return packet.side; }
    [[nodiscard]] Side receiver() const { return other(packet.side); }
    [[nodiscard]] End& sends() const { return flow.conn.ends[sender()]; }
    [[nodiscard]] End& receives() const { return flow.conn.ends[receiver()]; }
    [[nodiscard]] bool by_originator() const { return packet.side == flow.conn.originator(); }
    [[nodiscard]] bool unchecked() const { return policy.window == WindowCheck::off; }
};

constexpr Step accept(Reason why = Reason::none) { return {Outcome::accepted, why, false}; }
constexpr Step ignore(Reason why = Reason::none) { return {Outcome::ignored, why, false}; }
constexpr Step refuse(Reason why) { return {Outcome::invalid, why, false}; }

constexpr Reason reason_of(window::Fit fit) {
    switch (fit) {
        case window::Fit::seq_high:
            return Reason::invalid_seq_high;
        case window::Fit::seq_low:
            return Reason::invalid_seq_low;
        case window::Fit::ack_high:
            return Reason::invalid_ack_high;
        case window::Fit::ack_low:
            return Reason::invalid_ack_low;
        case window::Fit::inside:
            break;
    }
    return Reason::none;
}

/// An end is known once it has offered a window (which counts as 1 when it is closed).
constexpr bool known(const End& e) { return e.max_win != 0; }

/// The options of a SYN, as side 0's bits of Conn::options: two of the three have one bit in both sets.
inline std::uint8_t options_of(const Packet& packet) {
    static_assert(Conn::kSack == TcpOptions::kSackPermitted && Conn::kTimestamps == TcpOptions::kTimestamps);
    static_assert(Conn::kScale == TcpOptions::kWindowScale >> 1U);
    const unsigned present = packet.options.present;
    return static_cast<std::uint8_t>((present & (Conn::kSack | Conn::kTimestamps)) |
                                     ((present >> 1U) & Conn::kScale));
}

/// Does `ack` acknowledge the SYN at `isn`, whole or without the data that came with it (TFO)?
constexpr bool acknowledges(std::uint32_t ack, std::uint32_t isn, std::uint32_t end) {
    return after(ack, isn) && !after(ack, end);
}

/// These states age from their beginning: what begins and what ends is soon over, or one end alone would drag
/// it out.
constexpr bool ages(TcpState s) {
    return s == TcpState::syn_recv || s == TcpState::last_ack || s == TcpState::time_wait ||
           s == TcpState::close;
}

/// Bits of Aside::options that are no options: in LAST_ACK, the next ACK answers the SYN; the
/// remembered SYN is side 1's; the challenge ACK went to side 1 (valid with kChallengeAck, and not the
/// SYN's: another SYN leaves it).
inline constexpr std::uint8_t kExpectChallenge = 0x80, kSynFromSide1 = 0x40, kChallengeToSide1 = 0x20;

/// Whose SYN the remembered one is. In a mid-stream flow nobody knows who opened it, so either end may.
/// Only asked where a SYN is remembered.
inline Side opener(const Case& c) {
    if (!c.conn().mark(Conn::kMidStream)) return c.conn().originator();
    return (c.aside().options & kSynFromSide1) != 0 ? Side{1} : Side{0};
}

/// Does the packet come from the end that the remembered SYN went to? False if there is no such SYN.
inline bool by_opened(const Case& c) { return c.conn().mark(Conn::kIgnoredSyn) && c.sender() != opener(c); }

/// Moves the flow to `state` and gives it that state's timer.
void enter(const Flow& flow, TcpState state, const Policy& policy);

// handshake.cpp
void open(const Flow& flow, const Packet& packet);  ///< what the first SYN says: ISN, end, window, options
void reply(const Flow& flow,
           const Packet& packet);      ///< what the peer's SYN or SYN-ACK adds: the options in force
Step first_syn_again(const Case& c);   ///< originator's SYN, SYN_SENT
Step crossing_syn(const Case& c);      ///< a SYN in the other direction, or again: SYN_SENT2
Step syn_ack(const Case& c);           ///< SYN_SENT or SYN_SENT2 -> SYN_RECV
Step crossing_syn_ack(const Case& c);  ///< originator's SYN-ACK, SYN_RECV
Step syn_again(const Case& c);         ///< its sender's own SYN, again, after the handshake began
Step syn_inside(const Case& c);        ///< another SYN inside a living flow
Step syn_ack_inside(const Case& c);    ///< a SYN-ACK likewise
Step ack_for_syn_ack(const Case& c);   ///< a challenge ACK

// segment.cpp
Step segment(const Case& c, Next next);  ///< FIN and ACK

// reset.cpp
Step reset(const Case& c);  ///< RST

}  // namespace ajar::tcp
