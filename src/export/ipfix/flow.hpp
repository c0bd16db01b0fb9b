// A flow that has ended, in the terms of IPFIX: one record for both directions (a biflow, RFC 5103), whose
// forward direction is the initiator's.
#pragma once

#include <array>
#include <cstdint>

#include "ajar/event.hpp"

namespace ajar::exporting::ipfix {

/// IANA's flowEndReason (136).
enum class EndReason : std::uint8_t {
    idle_timeout = 1,
    active_timeout = 2,
    end_of_flow = 3,
    forced_end = 4,
    lack_of_resources = 5,
};
/// Of a reason of Fate::end.
EndReason end_reason(Reason reason);

/// Arrays of two: forward, then reverse. Host byte order; addresses as they stand in packets.
struct Flow {
    Family family = Family::ipv4;
    std::array<Ipv6Address, 2> address{};  ///< of initiator and responder; IPv4 in the first four bytes
    std::array<std::uint16_t, 2> port{};
    std::uint64_t first_ms = 0,
                  last_ms = 0;  ///< of the epoch: the first and the last packet of either direction
    std::uint64_t id = 0;
    std::array<std::uint64_t, 2> bytes{};  ///< of IP packets, headers included
    std::array<std::uint64_t, 2> packets{};
    std::array<std::uint16_t, 2> control_bits{};  ///< SYN, ACK, FIN and RST (RFC 7125); of PSH, URG, ECE and
                                                  ///< CWR no flow keeps a note
    std::array<std::uint8_t, 2> service_class{};  ///< of the last packets
    std::array<std::uint32_t, 2> interface {};    ///< ports in their order, from 1; 0: not known
    std::uint16_t vlan = 0;                       ///< the outer tag's; 0: none
    EndReason end = EndReason::idle_timeout;
};

/// Of a flow_end. `last_ms` is exact where flow records are kept; else it is that of the last packet that
/// counted for the flow's timer, to 10 ms.
Flow flow_of(const Event& end);

}  // namespace ajar::exporting::ipfix
