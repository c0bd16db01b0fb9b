// Does a segment lie inside the windows of its flow, and how does it move them?
//
// After Guido van Rooij, "Real stateful TCP packet filtering in IP Filter" (2000). S is the sender's End, R
// the receiver's; a window is scaled, except in a SYN:
//
//     I    seq <= S.max_end                         no further than R has granted
//     II   end >= S.end - R.max_win                 not wholly before what R may still lack
//     III  ack <= R.end                             nothing acknowledged that R has not sent; SACK counts
//     IV   ack >= R.end - max(66000, S.max_win)     no older than the data that R may have in flight
//
// 66000 is a whole unscaled window: it lets a late duplicate pass on a flow that never used more. All
// comparisons are serial.
#pragma once

#include <algorithm>
#include <cstdint>

#include "ajar/flow/entry.hpp"
#include "ajar/packet/packet.hpp"
#include "ajar/tcp/serial.hpp"

namespace ajar::tcp::window {

inline constexpr std::uint32_t kOldestAck = 66000;
/// Assumed for a flow whose SYNs nobody saw: the largest there is (RFC 7323 2.3).
inline constexpr std::uint8_t kUnknownScale = 14;
/// No window can be larger, whatever SACK blocks and segments beyond the granted claim.
inline constexpr std::uint32_t kLargestWindow = 65535U << kUnknownScale;

/// What the checks need of a segment.
struct Segment {
    std::uint32_t seq, end;
    std::uint32_t ack;
    std::uint32_t sack;  ///< the later of ack and the highest SACK edge
    std::uint32_t win;   ///< bytes, scaled
};

enum class Fit : std::uint8_t { inside, seq_high, seq_low, ack_high, ack_low };

/// `scale` of its sender's window; `permitted`: its receiver has permitted SACK.
inline Segment make_segment(const Packet& packet, std::uint32_t end, unsigned scale, bool permitted) {
    const bool sack = permitted && packet.options.has(TcpOptions::kSack);
    const std::uint32_t right = sack ? later_of(packet.ack, packet.options.sack_right) : packet.ack;
    return {packet.seq, end, packet.ack, right, std::uint32_t{packet.window} << scale};
}

/// `packet` has the ACK bit.
inline Segment segment_of(const Conn& conn, const Packet& packet) {
    return make_segment(packet, packet.seq_end(), packet.flags.syn() ? 0 : conn.scale(packet.side),
                        conn.option(Conn::kSack, other(packet.side)));
}

/// The same for one that has neither SYN nor FIN. `conn`: a Conn or its Facts (flow/entry_words.hpp).
template <typename Facts>
Segment plain_segment_of(const Facts& conn, const Packet& packet) {
    return make_segment(packet, packet.seq + packet.payload, conn.scale(packet.side),
                        conn.option(Conn::kSack, other(packet.side)));
}

constexpr std::uint32_t oldest_ack(const End& s, const End& r) {
    return r.end - std::max(kOldestAck, s.max_win);
}

/// Checks in the order in which a fault is named; II needs a receiver that was seen.
[[gnu::always_inline]] constexpr Fit fit(const End& s, const End& r, const Segment& g) {
    if (after(g.seq, s.max_end)) return Fit::seq_high;
    if (after(g.sack, r.end)) return Fit::ack_high;
    if (r.max_win != 0 && before(g.end, s.end - r.max_win)) return Fit::seq_low;
    if (before(g.ack, oldest_ack(s, r))) return Fit::ack_low;
    return Fit::inside;
}

/// The segment was accepted: moves both windows. Returns nothing that can go back, every number only grows.
[[gnu::always_inline]] constexpr void advance(End& s, End& r, const Segment& g, bool ack_seen) {
    s.max_win = std::min(std::max(s.max_win, g.win + (g.sack - g.ack)), kLargestWindow);
    // What was sent beyond the granted shows a larger window, once: sent again, it shows nothing more.
    const std::uint32_t edge = later_of(s.max_end, s.end);
    if (r.max_win != 0 && after(g.end, edge))
        r.max_win = std::min(r.max_win + (g.end - edge), kLargestWindow);
    s.end = later_of(s.end, g.end);
    s.max_ack = ack_seen ? later_of(s.max_ack, g.ack) : g.ack;
    // A closed window still lets one byte through: the probe that asks whether it has opened.
    r.max_end = later_of(r.max_end, g.sack + std::max(g.win, 1U));
}

}  // namespace ajar::tcp::window
