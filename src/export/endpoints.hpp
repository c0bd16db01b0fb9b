// Who is who in an event: originator and responder with their addresses, ports and tags.
#pragma once

#include "ajar/event.hpp"
#include "export/text.hpp"

namespace ajar::exporting {

inline Side responder(const Event& e) { return other(e.originator()); }

inline void put_endpoint(Text& out, const Event& e, Side side) {
    put_address(out, e.family, e.key.address[side]);
}

/// VLAN IDs from the zone, 0 = none. Inside a tunnel the zone says nothing about tags.
struct Tags {
    std::uint16_t outer = 0, inner = 0;
};
inline Tags tags_of(const Event& e) {
    if (e.conn.mark(Conn::kTunnelled)) return {};
    return {static_cast<std::uint16_t>((e.key.zone >> 12U) & 0xfffU),
            static_cast<std::uint16_t>(e.key.zone & 0xfffU)};
}

}  // namespace ajar::exporting
