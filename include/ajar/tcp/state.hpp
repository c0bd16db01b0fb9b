// The TCP states of a tracked flow, the classes of its timers, and their names.
#pragma once

#include <array>
#include <cstdint>
#include <string_view>

namespace ajar {

/// Names and meanings are Linux nf_conntrack's; `unverified` is a mid-stream flow that nobody has
/// corroborated yet.
enum class TcpState : std::uint8_t {
    none,
    syn_sent,
    syn_sent2,  ///< simultaneous open
    syn_recv,
    established,
    fin_wait,
    close_wait,
    last_ack,
    time_wait,
    close,
    unverified,
};
inline constexpr std::array<std::string_view, 11> kTcpStateNames = {
    "NONE",       "SYN_SENT", "SYN_SENT2", "SYN_RECV", "ESTABLISHED", "FIN_WAIT",
    "CLOSE_WAIT", "LAST_ACK", "TIME_WAIT", "CLOSE",    "UNVERIFIED"};
inline constexpr std::size_t kTcpStateCount = kTcpStateNames.size();
constexpr std::string_view name(TcpState s) { return kTcpStateNames[static_cast<std::size_t>(s)]; }

/// A flow is embryonic until its handshake is complete (or corroborated): it lives in the embryonic store.
constexpr bool is_embryonic(TcpState s) { return s <= TcpState::syn_recv || s == TcpState::unverified; }

/// Which timeout applies to a flow: 4 bits, so at most 16. The first four are those of the embryonic store; a
/// healthy connection goes to and fro between the next two, and none of those below 8 are `untimed`
/// (flow/entry_words.hpp).
enum class TimerClass : std::uint8_t {
    syn_sent,    ///< a SYN, no answer; also simultaneous open
    syn_recv,    ///< a SYN-ACK, not acknowledged
    mid_stream,  ///< picked up, one direction seen
    attempt,     ///< the record boundaries of `profile = "zeek"`: embryonic
    established,
    unacknowledged,  ///< data unanswered, k retransmissions, or a zero window
    fin_wait,        ///< half closed: one FIN
    close_wait,      ///< half closed: the FIN is acknowledged
    last_ack,        ///< both FINs seen, not both acknowledged
    time_wait,
    close,           ///< after an exact RST
    unverified_rst,  ///< after an inexact one
    zeek_closing,    ///< the record boundaries of `profile = "zeek"`: confirmed
    zeek_partial,
    zeek_reset,
    untimed,  ///< no timer of the tables: no flow here, or one that is probed (flow/probes.hpp)
};
inline constexpr std::size_t kTimerClassCount = 16;
inline constexpr std::size_t kEmbryonicClassCount = 4;
inline constexpr std::array<std::string_view, kTimerClassCount> kTimerClassNames = {
    "syn_sent",     "syn_recv",     "mid_stream", "attempt",   "established", "unacknowledged",
    "fin_wait",     "close_wait",   "last_ack",   "time_wait", "close",       "unverified_rst",
    "zeek_closing", "zeek_partial", "zeek_reset", "untimed"};
constexpr std::string_view name(TimerClass c) { return kTimerClassNames[static_cast<std::size_t>(c)]; }

}  // namespace ajar
