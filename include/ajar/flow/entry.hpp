// The layout of a tracked flow: a hot line, a warm line, and cold lines that ordinary packets leave alone.
//
// One layout serves the confirmed table and the embryonic store, so that a promotion is a copy. Per IPv4
// flow:
//
//   Entry, 128 bytes, aligned                           Cold, 128 bytes, in an array of its own
//     0  sequence u32   readers' counter (seq_copy.hpp)   0  birth ordinal, history, record state
//     4  key      16    endpoints and zone               26  states and letters, TOS, what was sent
//    20  tick     u32   last packet that counts for      80  what the machine remembers of SYNs, FINs and
//                       the timer, 10 ms                      challenge ACKs
//    24  ends     2x16  the window of each endpoint     112  timestamps, flow labels
//    56  state, saved state, timer class, flags, scales
//    64  warm line: times, counters, last segment, link headers
//
// All numbers are in host byte order, sequence numbers absolute. Arrays of two are indexed by Side, the
// endpoint that sends: `ends[s].end` is what s has sent, `packets[s]` counts what s has sent. The writer
// works on a copy and publishes it word by word; nobody else writes.
#pragma once

#include <array>
#include <cstdint>

#include "ajar/clock.hpp"
#include "ajar/flow/key.hpp"
#include "ajar/tcp/state.hpp"

namespace ajar {

/// The window of one endpoint X (van Rooij, "Real stateful TCP packet filtering in IP Filter", 2000).
struct End {
    std::uint32_t end = 0;      ///< highest SEQ + length that X has sent
    std::uint32_t max_end = 0;  ///< highest ACK + window that X's peer has granted: X may send up to here
    std::uint32_t max_win = 0;  ///< largest window that X has offered, scaled
    std::uint32_t max_ack = 0;  ///< highest ACK that X has sent, which is X's RCV.NXT (valid with kAckSeen)
};
static_assert(sizeof(End) == 16);

/// What the TCP machine reads and writes for an ordinary packet. 40 bytes, in the hot line.
struct Conn {
    // flags, per side in bits 0 (side 0) and 1 (side 1)
    static constexpr std::uint8_t kSeen = 0x01, kAckSeen = 0x04, kFinSeen = 0x10, kFinAcked = 0x40;
    // options, per side likewise
    static constexpr std::uint8_t kScale = 0x01, kSack = 0x04, kTimestamps = 0x10, kLiberal = 0x40;
    // marks, per flow; kReborn: was established and is in its handshake again, under a SYN that was ignored
    // first
    static constexpr std::uint8_t kSimultaneous = 0x01, kChallengeAck = 0x02, kIgnoredSyn = 0x04,
                                  kMidStream = 0x08, kReborn = 0x10, kFlagged = 0x20, kTunnelled = 0x40,
                                  kReservation = 0x80;

    std::array<End, 2> ends{};
    TcpState state = TcpState::none;
    TcpState saved = TcpState::none;  ///< the state before an unverified RST, to return to
    TimerClass timer = TimerClass::free;
    Side originator = 0;
    std::uint8_t flags = 0;
    std::uint8_t options = 0;
    std::uint8_t marks = 0;
    std::uint8_t scales = 0;  ///< window scale of side 0 in the low, of side 1 in the high nibble

    /// `mask` is one of the per-side constants above.
    [[nodiscard]] bool flag(std::uint8_t mask, Side s) const { return (flags & (mask << s)) != 0; }
    void set_flag(std::uint8_t mask, Side s) { flags = static_cast<std::uint8_t>(flags | (mask << s)); }
    void clear_flag(std::uint8_t mask, Side s) { flags = static_cast<std::uint8_t>(flags & ~(mask << s)); }
    [[nodiscard]] bool option(std::uint8_t mask, Side s) const { return (options & (mask << s)) != 0; }
    void set_option(std::uint8_t mask, Side s) { options = static_cast<std::uint8_t>(options | (mask << s)); }
    void clear_option(std::uint8_t mask, Side s) {
        options = static_cast<std::uint8_t>(options & ~(mask << s));
    }
    [[nodiscard]] bool mark(std::uint8_t mask) const { return (marks & mask) != 0; }
    void set_mark(std::uint8_t mask) { marks = static_cast<std::uint8_t>(marks | mask); }
    void clear_mark(std::uint8_t mask) { marks = static_cast<std::uint8_t>(marks & ~mask); }
    [[nodiscard]] std::uint8_t scale(Side s) const {
        return static_cast<std::uint8_t>((scales >> (4U * s)) & 0xfU);
    }
    void set_scale(Side s, std::uint8_t v) {
        scales = static_cast<std::uint8_t>((scales & ~(0xfU << (4U * s))) | ((v & 0xfU) << (4U * s)));
    }
};
static_assert(sizeof(Conn) == 40);

/// Counters, times and the last segment: the line that ordinary packets write beside the hot one. 64 bytes.
struct Warm {
    std::int64_t first_ns = 0;  ///< Time of the first packet
    std::int64_t last_ns = 0;   ///< Time of the last one, whatever its verdict, until both ends have closed
    std::array<std::uint64_t, 2> ip_bytes{};
    std::array<std::uint32_t, 2> packets{};
    std::uint32_t last_seq = 0;  ///< of the last packet that the machine accepted
    std::uint32_t last_ack = 0;
    std::uint32_t last_end = 0;
    std::uint16_t last_win = 0;  ///< unscaled
    Side last_side = 0;
    std::uint8_t retransmissions = 0;  ///< by its sender since the peer spoke, saturating
    std::array<std::uint16_t, 2>
        link{};  ///< interned link header of the frames that side s sends; 0 = none known
    std::array<std::uint8_t, 2> ttl{};
    std::array<std::uint8_t, 2> port{};  ///< 1 + Packet::port from which side s speaks, 0 = not heard yet
};
static_assert(sizeof(Warm) == 64);

inline constexpr std::size_t kHistoryLength = 16;

/// Zeek's endpoint states (flow/record.hpp), the vocabulary of conn_state.
enum class EndpointState : std::uint8_t {
    inactive,
    syn_sent,
    syn_ack_sent,
    partial,
    established,
    closed,
    reset
};

/// The record of a flow in Zeek's terms, and what the machine must remember of unusual segments. 128 bytes.
/// The record's fields are written by flow/record alone (src/flow/record_endpoint.hpp says what they mean).
struct alignas(64) Cold {
    std::uint64_t birth_ordinal = 0;
    std::array<char, kHistoryLength> history{};  ///< Zeek's letters, upper case = originator
    std::uint8_t history_length = 0;
    std::uint8_t flagged_for = 0;  ///< Reason of the latest flag, 0 = none
    // the record; arrays of two by Side
    std::array<std::uint8_t, 2> endpoint{};  ///< EndpointState now in the low, before in the high nibble
    std::array<std::uint8_t, 2> letters{};   ///< which once-only letters were written
    std::array<std::uint8_t, 2> stream{};    ///< what is known of the byte stream that the side sends
    std::uint8_t record_marks = 0;           ///< of the connection
    std::uint8_t bad_checksums = 0;          ///< side 0 in the low, side 1 in the high nibble, saturating
    std::array<std::uint8_t, 2> tos{};       ///< of the side's last packet
    std::array<std::uint8_t, 2> last_fin{}, last_syn{}, last_rst{};  ///< hashes of the last one's number
    std::array<std::uint8_t, 2> gaps{}, repeats{}, zero_windows{};   ///< saturating
    std::uint32_t missed = 0;                      ///< bytes acknowledged and never seen, saturating
    std::array<std::uint32_t, 2> begin{};          ///< number of the SYN, seen or presumed
    std::array<std::uint32_t, 2> last{};           ///< end of the highest segment
    std::array<std::uint32_t, 2> next_in_order{};  ///< end of what was seen, or given up, without a hole
    std::uint32_t above = 0;                       ///< begin of what was seen beyond a hole
    // the machine's memory
    std::array<std::uint32_t, 2> isn{};      ///< SEQ of side s's SYN (mid-stream: of its first packet)
    std::array<std::uint32_t, 2> fin_end{};  ///< SEQ + length of side s's FIN (valid with kFinSeen)
    std::uint32_t ignored_seq = 0, ignored_end = 0;  ///< of a SYN remembered (valid with kIgnoredSyn)
    std::uint16_t ignored_window = 0;
    std::uint8_t ignored_scale = 0, ignored_options = 0;
    std::uint32_t challenge_ack = 0;
    std::array<std::uint32_t, 2> flow_label{};

    static constexpr std::uint8_t kFromSide1 = 0x80;  ///< of record_marks
    /// Of the record, for all its life but the corrections of its first packets. The machine's own
    /// (Conn::originator) changes when a SYN of the other end is answered inside a living flow.
    [[nodiscard]] Side originator() const { return (record_marks & kFromSide1) != 0 ? 1 : 0; }
    void set_originator(Side s) {
        record_marks = static_cast<std::uint8_t>((record_marks & ~kFromSide1) | (s == 0 ? 0 : kFromSide1));
    }
};
static_assert(sizeof(Cold) == 128);

template <typename Key>
struct alignas(64) Entry {
    std::uint32_t sequence = 0;
    Key key{};
    Tick tick{};
    Conn conn{};
    Warm warm{};
};
static_assert(sizeof(Entry<KeyV4>) == 128 && sizeof(Entry<KeyV6>) == 192);

}  // namespace ajar
