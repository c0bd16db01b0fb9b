// A flow as the control plane looks at it, whether it was listed or told in an event.
#pragma once

#include <cstdint>

#include "ajar/event.hpp"
#include "ajar/tracker.hpp"

namespace ajar::control {

/// Sides as everywhere; the originator is "the client".
struct Seen {
    Family family = Family::ipv4;
    KeyV6 key{};  ///< IPv4 addresses in the first four bytes
    Conn conn{};
    Warm warm{};
    Time first{};                  ///< packet
    Time last{};                   ///< packet that counts for its timer
    Reason reason = Reason::none;  ///< of its latest flag, where that is remembered; of an event: its own
    std::uint32_t worker = 0;
    std::uint8_t partition = 0;
    std::uint64_t flow_id = 0;

    [[nodiscard]] Side client() const { return conn.originator(); }
    [[nodiscard]] Side server() const { return other(conn.originator()); }
    [[nodiscard]] std::uint16_t port(Side s) const { return key.port[s].value(); }
    [[nodiscard]] std::uint64_t packets() const {
        return std::uint64_t{warm.sent[0].packets} + warm.sent[1].packets;
    }
    [[nodiscard]] std::uint64_t bytes() const { return warm.sent[0].ip_bytes + warm.sent[1].ip_bytes; }
    [[nodiscard]] bool flagged() const { return conn.flagged || conn.mark(Conn::kFlagged); }
    /// VLAN IDs, outside in; 0: none. Inside a tunnel the zone knows none.
    [[nodiscard]] std::uint16_t vlan(bool inner) const {
        if (conn.mark(Conn::kTunnelled)) return 0;
        return static_cast<std::uint16_t>((inner ? key.zone : key.zone >> 12U) & 0xfffU);
    }
};

Seen seen_of(const Tracker::Snapshot& flow, Time now);
Seen seen_of(const Event& event);

}  // namespace ajar::control
