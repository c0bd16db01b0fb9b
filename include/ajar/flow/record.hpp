// The record of a flow in Zeek's vocabulary: endpoint states, history letters, conn_state, counts.
//
// It stands beside the TCP machine and never changes a verdict. Zeek's own boundaries between two connections
// of one tuple, and its timers, apply only with Boundaries::zeek.
#pragma once

#include <string_view>

#include "ajar/flow/entry.hpp"
#include "ajar/packet/packet.hpp"
#include "ajar/tcp/machine.hpp"

namespace ajar::record {

/// The first packet of a flow: chooses the originator (Conn::originator), endpoint states, first letters,
/// counts.
void begin(tcp::Flow flow, const Packet& packet);

/// Each later packet of it, valid or not.
void update(tcp::Flow flow, const Packet& packet);

/// Zeek's conn_state: S0, S1, SF, REJ, S2, S3, RSTO, RSTR, RSTOS0, RSTRH, SH, SHR or OTH.
std::string_view conn_state(const Conn& conn, const Cold& cold);

/// With Boundaries::zeek: does this packet begin another connection on the flow's tuple?
bool begins_another(tcp::Flow flow, const Packet& packet);

/// With Boundaries::zeek: the timer that applies now.
TimerClass zeek_timer(tcp::Flow flow);

}  // namespace ajar::record
