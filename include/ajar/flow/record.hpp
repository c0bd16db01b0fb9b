// The record of a flow in Zeek's vocabulary: endpoint states, history letters, conn_state, counts, times.
//
// It stands beside the TCP machine and never changes a verdict. Zeek's own boundaries between two connections
// of one tuple, and its timers, apply only with Boundaries::zeek; there every TCP packet belongs to a
// connection, also those that tcp::admit() would not let begin a flow.
#pragma once

#include <string_view>

#include "ajar/flow/entry.hpp"
#include "ajar/packet/packet.hpp"
#include "ajar/tcp/machine.hpp"

namespace ajar::record {

/// The first packet of a flow: chooses the originator (Cold::originator(), and the machine's), endpoint
/// states, first letters, counts, Warm::first_ns and last_ns. Whatever record the flow had before is
/// forgotten. A headless packet opens a record with nothing in it.
void begin(tcp::Flow flow, const Packet& packet);

/// Each later packet of it, valid or not, but none that is headless. Where a SYN-ACK came first, the
/// originator may change once more. Warm::last_ns stands still when both ends have closed: what trails
/// belongs to no duration.
void update(tcp::Flow flow, const Packet& packet);

/// Zeek's conn_state: S0, S1, SF, REJ, S2, S3, RSTO, RSTR, RSTOS0, RSTRH, SH, SHR or OTH.
std::string_view conn_state(const Cold& cold);

/// With Boundaries::zeek: does this packet begin another connection on the flow's tuple?
bool begins_another(tcp::Flow flow, const Packet& packet);

/// With Boundaries::zeek: the timer that applies now: attempt, established, zeek_closing or zeek_reset.
TimerClass zeek_timer(tcp::Flow flow);

/// Does a packet start this timer of Zeek's anew, or does it run from the moment it began to apply?
bool zeek_renews(TimerClass timer);

}  // namespace ajar::record
