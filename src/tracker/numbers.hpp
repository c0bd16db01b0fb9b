// Whose numbers are they? The tracker counts as the server does; the client of a translated flow knows the
// server's numbers as counted from the cookie.
#pragma once

#include <optional>

#include "ajar/flow/entry.hpp"
#include "ajar/packet/packet.hpp"
#include "ajar/tcp/serial.hpp"

namespace ajar::tracker {

/// The client's cookie was valid, and its server has not answered yet. (Zeek's boundaries, whose timer it
/// is, know no cookies.)
inline bool awaits_server(const Conn& conn) {
    return conn.mark(Conn::kTranslated) && conn.timer == TimerClass::attempt;
}

/// Its ends cannot understand each other without us, and have not said all that they have to say.
inline bool needs_us(const Conn& conn) {
    return conn.mark(Conn::kTranslated) && conn.state != TcpState::time_wait && conn.state != TcpState::close;
}

/// While the server has not answered, its ISN is the cookie, and the place of the translation holds what its
/// SYN will need, and what the client was told.
struct Promise {
    static constexpr std::uint32_t kMostLead = 0x7fff;

    std::uint16_t mss = 0;
    bool ecn = false;
    std::uint32_t lead = 0;   ///< ms by which the TSval of the cookie's answer was ahead of our clock
    std::uint32_t stamp = 0;  ///< the client's latest TSval

    static Promise of(const Warm& warm) {
        const auto [low, high] = warm.translation();
        return {static_cast<std::uint16_t>(low), (low >> 16U & 1U) != 0, low >> 17U, high};
    }
    [[nodiscard]] tcp::Translation packed() const {
        return {mss | (ecn ? 1U << 16U : 0U) | lead << 17U, stamp};
    }
};

/// As `to` knows it, a number of its peer's sequence space.
inline std::uint32_t as_known_to(Side to, std::uint32_t number, const Conn& conn, const Warm& warm) {
    const bool foreign = conn.mark(Conn::kTranslated) && !awaits_server(conn) && to == conn.originator();
    return foreign ? number - warm.translation().seq : number;
}

/// What `s` expects to receive next, by its own count: the only SEQ at which it heeds a RST.
inline std::optional<std::uint32_t> expected_by(Side s, const Conn& conn, const Warm& warm) {
    if (awaits_server(conn)) return warm.isn[other(s)] + 1;
    if (!conn.flag(Conn::kAckSeen, s)) return std::nullopt;
    return as_known_to(s, conn.ends[s].max_ack, conn, warm);
}

/// What `s` expects once all that its peer has sent has arrived; nothing where it says that it has.
inline std::optional<std::uint32_t> expected_behind_data(Side s, const Conn& conn, const Warm& warm) {
    if (awaits_server(conn) || !conn.flag(Conn::kAckSeen, s) || !conn.flag(Conn::kSeen, other(s)))
        return std::nullopt;
    const std::uint32_t end = conn.ends[other(s)].end;
    if (!tcp::after(end, conn.ends[s].max_ack)) return std::nullopt;
    return as_known_to(s, end, conn, warm);
}

/// The packet of a translated flow, its numbers as the server counts.
inline Packet as_server_counts(const Packet& packet, const tcp::Translation& by, bool from_client) {
    Packet out = packet;
    if (!from_client) return out;
    out.ack += by.seq;
    out.options.sack_right += by.seq;
    if (out.options.ts_echo != 0) out.options.ts_echo += by.stamp;
    return out;
}

}  // namespace ajar::tracker
