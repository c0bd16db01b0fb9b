// The TCP machine: one segment of a known flow in, its verdict and the flow's next state out.
//
// The law: BEHAVIOUR of a middlebox that sees both directions. An event class is taken from the flags (RST
// first, then SYN, FIN, ACK), the table next[state][direction][event] proposes a state, and window tracking
// (tcp/window.hpp) may veto. Time never enters: timers are the tracker's.
#pragma once

#include <cstdint>

#include "ajar/flow/entry.hpp"
#include "ajar/packet/packet.hpp"
#include "ajar/policy/policy.hpp"
#include "ajar/reason.hpp"

namespace ajar::tcp {

enum class Outcome : std::uint8_t {
    accepted,  ///< legal; the flow was updated and its timer is to be renewed
    ignored,  ///< passed and remembered, but renews nothing (a SYN inside a living flow, an inexact RST, ...)
    invalid,  ///< `reason` says why; the flow's state and windows are untouched
    reopen,   ///< the flow is over and this SYN begins a new one on the same tuple: end it, then begin()
};

struct Step {
    Outcome outcome = Outcome::accepted;
    Reason reason = Reason::none;
    bool established_now = false;  ///< the packet completed the handshake (or corroborated a mid-stream flow)
};

/// What the machine works on: a writer's own copy of the flow (flow/seq_copy.hpp).
struct Flow {
    Conn& conn;
    Warm& warm;
    Cold& cold;
};

/// Judges `packet`, which some flow's tuple matches, and updates the flow. Does not touch times, counters,
/// record or tick. Sets conn.state, conn.saved and conn.timer (the class that applies from now on).
Step step(Flow flow, const Packet& packet, const Policy& policy);

/// May this packet begin a flow? accepted: begin() it; invalid otherwise, with the reason.
Step admit(const Packet& packet, const Policy& policy);

/// Initialises a flow from its first packet: SYN -> SYN_SENT, others -> UNVERIFIED or ESTABLISHED by policy.
void begin(Flow flow, const Packet& packet, const Policy& policy);

}  // namespace ajar::tcp
