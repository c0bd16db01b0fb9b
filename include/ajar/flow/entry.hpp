// The layout of a tracked flow: a hot line and a warm line, which every packet of it reads and writes.
//
// One layout serves the confirmed table and the embryonic store, so that a promotion is a copy. Per IPv4
// flow:
//
//   Entry, 128 bytes, aligned
//     0  sequence u32   readers' counter (seq_copy.hpp)
//     4  key      16    endpoints and zone
//    20  tick     u32   last packet that counts for the timer, 10 ms; of a free place: the next free one
//    24  ends     2x16  the window of each endpoint
//    56  state, saved state, timer class, roles, flags, scales, repeats, terms
//    64  warm line: counters, what the frames look like, times, history, initial numbers
//
// Beside it, each in an array of its own: what few flows need (flow/asides.hpp), and, where flow records are
// wanted, the record (flow/record.hpp).
//
// All numbers are in host byte order, sequence numbers absolute. Arrays of two are indexed by Side, the
// endpoint that sends: `ends[s].end` is what s has sent, `sent[s].packets` counts what s has sent. The writer
// works on a copy and publishes it word by word; nobody else writes.
#pragma once

#include <array>
#include <bit>
#include <cstdint>

#include "ajar/clock.hpp"
#include "ajar/flow/key.hpp"
#include "ajar/tcp/state.hpp"
#include "ajar/tcp/translate.hpp"

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
    // in CLOSE by an exact RST, where FINs mean nothing any more: its sender
    static constexpr std::uint8_t kCloser = kFinAcked;
    // options, per side likewise
    static constexpr std::uint8_t kScale = 0x01, kSack = 0x04, kTimestamps = 0x10, kLiberal = 0x40;
    // marks, per flow; kReborn: was established and is in its handshake again, under a SYN that was ignored
    // first. kTranslated: Ajar shook hands with the client in the server's place (tcp/translate.hpp)
    static constexpr std::uint8_t kSimultaneous = 0x01, kChallengeAck = 0x02, kIgnoredSyn = 0x04,
                                  kMidStream = 0x08, kReborn = 0x10, kFlagged = 0x20, kTunnelled = 0x40,
                                  kTranslated = 0x80;

    static constexpr unsigned kMostRepeats = 15;  ///< counted

    std::array<End, 2> ends{};
    TcpState state : 4 = TcpState::none;
    TcpState saved : 4 = TcpState::none;  ///< the state before an unverified RST, to return to
    TimerClass timer : 4 = TimerClass::untimed;
    bool originator_is_1 : 1 = false;
    bool last_is_1 : 1 = false;    ///< who sent the last packet that the machine accepted
    bool zero_window : 1 = false;  ///< which offered none; where it repeats, the peer's last before that
    /// Of an embryonic flow: it holds a place in the confirmed table. Of a confirmed one: its stamp is of the
    /// class `unacknowledged` (tracker/lifecycle.hpp).
    bool booked_or_short : 1 = false;
    std::uint8_t flags = 0;
    std::uint8_t options = 0;
    std::uint8_t marks = 0;
    std::uint8_t scales = 0;  ///< window scale of side 0 in the low, of side 1 in the high nibble
    std::uint8_t repeats : 4 =
        0;  ///< segments sent again by the last sender since the peer spoke: kMostRepeats
    bool suspected : 1 = false;    ///< it has a place in Suspicions, unless others have displaced it
    std::uint8_t terms : 3 = 0;    ///< of its service (policy/services.hpp)
    std::uint8_t unheard : 2 = 0;  ///< bit s: words of endpoint s pass elsewhere, at least some
    bool flagged : 1 = false;      ///< it was told of; with kFlagged it is timed accordingly, too

    [[nodiscard]] Side originator() const { return originator_is_1 ? 1 : 0; }
    void set_originator(Side s) { originator_is_1 = s != 0; }
    [[nodiscard]] Side last_side() const { return last_is_1 ? 1 : 0; }

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

/// What one endpoint has sent, and what its frames look like. 16 bytes.
struct Sent {
    std::uint64_t ip_bytes : 48 = 0;
    std::uint64_t ttl : 8 = 0;
    std::uint64_t tos : 8 = 0;
    std::uint32_t packets = 0;
    std::uint16_t link = 0;          ///< interned link header of its frames; 0 = none known
    std::uint8_t port : 2 = 0;       ///< 1 + Packet::port from which it speaks, 0 = not heard yet
    std::uint8_t stamp_top : 6 = 0;  ///< of a TSval that it has sent lately
    std::uint8_t letters = 0;        ///< which letters its history has (flow/history.hpp)

    static constexpr unsigned kStampTopAt = 26;  ///< in a TSval

    void set_stamp(std::uint32_t value) {
        stamp_top = static_cast<std::uint8_t>(value >> kStampTopAt) & 0x3fU;
    }
    void count(std::uint32_t bytes) {
        constexpr std::uint64_t kBits = (std::uint64_t{1} << 48U) - 1;
        ++packets;
        ip_bytes = (ip_bytes + bytes) & kBits;
    }
};
static_assert(sizeof(Sent) == 16);

/// Counters, times, history and initial numbers: the line beside the hot one. 64 bytes.
struct Warm {
    std::array<Sent, 2> sent{};
    std::uint64_t first_units : 48 = 0;  ///< of the first packet: first()
    std::uint64_t last_back : 16 = 0;  ///< how far the last segment ended below its sender's end, saturating
    std::uint32_t birth_ordinal = 0;   ///< low half of the first packet's
    std::array<std::uint8_t, 2>
        fin_back{};                      ///< how far s's FIN ends below its end (with kFinSeen), saturating
    std::uint16_t steps_high = 0;        ///< of the history, with steps_low (flow/history.hpp)
    std::uint64_t steps_low = 0;         ///< of a translated flow: translation()
    std::array<std::uint32_t, 2> isn{};  ///< SEQ of side s's SYN (mid-stream: of its first packet)

    /// Of a flow with kTranslated, which has no room for a history beside it.
    [[nodiscard]] tcp::Translation translation() const { return std::bit_cast<tcp::Translation>(steps_low); }
    void set_translation(tcp::Translation by) { steps_low = std::bit_cast<std::uint64_t>(by); }

    /// Time of the first packet, to 16 us, rounded down.
    [[nodiscard]] Time first() const {
        return Time(Duration(static_cast<std::int64_t>(first_units << kUnitBits)));
    }
    void set_first(Time t) {
        constexpr std::uint64_t kBits = (std::uint64_t{1} << 48U) - 1;
        first_units = (static_cast<std::uint64_t>(t.time_since_epoch().count()) >> kUnitBits) & kBits;
    }

    static constexpr unsigned kUnitBits = 14;
    static constexpr Duration kUnit{1U << kUnitBits};  ///< of first()
};
static_assert(sizeof(Warm) == 64);

/// An ICMP error said that the SYN does not reach its destination: noted where a FIN's place would be, which
/// nobody sends in SYN_SENT.
[[nodiscard]] inline bool unreachable(const Conn& conn, const Warm& warm) {
    return conn.state == TcpState::syn_sent && warm.fin_back[other(conn.originator())] != 0;
}
inline void set_unreachable(const Conn& conn, Warm& warm) { warm.fin_back[other(conn.originator())] = 1; }

/// SEQ + length of side s's FIN (with kFinSeen). Nothing comes after it, so it is the end, unless somebody
/// pretended a FIN.
[[nodiscard]] inline std::uint32_t fin_end(const Conn& conn, const Warm& warm, Side s) {
    return conn.ends[s].end - warm.fin_back[s];
}

/// IPv6 flow labels of what each side sends.
template <typename Key>
struct FlowLabels {
    std::array<std::uint32_t, 2> label{};
};
template <>
struct FlowLabels<KeyV4> {};

template <typename Key>
struct alignas(64) Entry {
    std::uint32_t sequence = 0;
    Key key{};
    Tick tick{};
    Conn conn{};
    Warm warm{};
    [[no_unique_address]] FlowLabels<Key> labels{};
};
static_assert(sizeof(Entry<KeyV4>) == 128 && sizeof(Entry<KeyV6>) == 192);

}  // namespace ajar
