// The record of a flow in Zeek's vocabulary: endpoint states, history letters, conn_state, counts, times.
//
// It stands beside the TCP machine, in an array of its own, for those who want flow records; without it a
// flow has a history in brief (flow/history.hpp). It never changes a verdict. Zeek's own boundaries between
// two connections of one tuple, and its timers, apply only with Boundaries::zeek; there every TCP packet
// belongs to a connection, also those that tcp::admit() would not let begin a flow.
#pragma once

#include <array>
#include <cstdint>
#include <string_view>

#include "ajar/flow/entry.hpp"
#include "ajar/flow/history.hpp"
#include "ajar/packet/packet.hpp"

namespace ajar {

/// Zeek's endpoint states, the vocabulary of conn_state.
enum class EndpointState : std::uint8_t {
    inactive,
    syn_sent,
    syn_ack_sent,
    partial,
    established,
    closed,
    reset
};

/// Written by flow/record alone (src/flow/record_endpoint.hpp says what the fields mean). Arrays of two by
/// Side. 128 bytes.
struct alignas(64) Record {
    std::int64_t first_ns = 0;  ///< Time of the first packet
    std::int64_t last_ns = 0;   ///< Time of the last one, whatever its verdict, until both ends have closed
    std::array<char, kHistoryLength> history{};  ///< Zeek's letters, upper case = originator
    std::uint8_t history_length = 0;
    std::uint8_t marks = 0;                  ///< of the connection
    std::uint8_t bad_checksums = 0;          ///< side 0 in the low, side 1 in the high nibble, saturating
    std::array<std::uint8_t, 2> endpoint{};  ///< EndpointState now in the low, before in the high nibble
    std::array<std::uint8_t, 2> letters{};   ///< which once-only letters were written
    std::array<std::uint8_t, 2> stream{};    ///< what is known of the byte stream that the side sends
    std::array<std::uint8_t, 2> last_fin{}, last_syn{}, last_rst{};  ///< hashes of the last one's number
    std::array<std::uint8_t, 2> gaps{}, repeats{}, zero_windows{};   ///< saturating
    std::uint32_t missed = 0;                      ///< bytes acknowledged and never seen, saturating
    std::array<std::uint32_t, 2> begin{};          ///< number of the SYN, seen or presumed
    std::array<std::uint32_t, 2> last{};           ///< end of the highest segment
    std::array<std::uint32_t, 2> next_in_order{};  ///< end of what was seen, or given up, without a hole
    std::uint32_t above = 0;                       ///< begin of what was seen beyond a hole

    static constexpr std::uint8_t kFromSide1 = 0x80;  ///< of marks
    /// For all of the record's life but the corrections of its first packets. The machine has its own
    /// (Conn::originator()), which can change when a SYN is answered inside a living flow.
    [[nodiscard]] Side originator() const { return (marks & kFromSide1) != 0 ? 1 : 0; }
    void set_originator(Side s) {
        marks = static_cast<std::uint8_t>((marks & ~kFromSide1) | (s == 0 ? 0 : kFromSide1));
    }
    [[nodiscard]] std::string_view history_text() const { return {history.data(), history_length}; }
};
static_assert(sizeof(Record) == 128);

}  // namespace ajar

namespace ajar::record {

/// What a record is written from: a writer's own copy of the flow.
struct Flow {
    const Conn& conn;
    const Warm& warm;
    Record& record;
};

/// Before the first packet of a flow: chooses the originator. Whatever record the flow had is forgotten.
void begin(Flow flow, const Packet& packet);

/// Each packet of it, also the first, valid or not, but none that is headless. Where a SYN-ACK came first,
/// the originator may change once more. Record::last_ns stands still when both ends have closed: what trails
/// belongs to no duration.
void update(Flow flow, const Packet& packet);

/// What side `s` has said, in the letters of a history in brief (history::Letter).
std::uint8_t letters_of(const Record& record, Side s);

/// Zeek's conn_state: S0, S1, SF, REJ, S2, S3, RSTO, RSTR, RSTOS0, RSTRH, SH, SHR or OTH.
std::string_view conn_state(const Record& record);

/// With Boundaries::zeek: does this packet begin another connection on the flow's tuple?
bool begins_another(Flow flow, const Packet& packet);

/// With Boundaries::zeek: the timer that applies now: attempt, established, zeek_closing or zeek_reset.
TimerClass zeek_timer(Flow flow);

/// Does a packet start this timer of Zeek's anew, or does it run from the moment it began to apply?
bool zeek_renews(TimerClass timer);

}  // namespace ajar::record
