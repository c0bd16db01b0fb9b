// Which port looks like a server's.
//
// Zeek takes the set from its configuration (likely_server_ports), so it differs between installations. This
// one holds the ports of the protocols that Zeek knows, corrected by what Zeek's own records of flows between
// two such ports show.
#include "flow/server_ports.hpp"

#include <algorithm>
#include <array>

namespace ajar {
namespace {

constexpr auto kServerPorts = std::to_array<std::uint16_t>(
    {21,   22,   23,   25,   43,   53,   79,   80,   81,   110,  135,  139,  143,  179,  389,
     443,  445,  502,  587,  631,  636,  990,  993,  995,  1080, 1434, 1883, 3128, 3268, 3306,
     3389, 5060, 5222, 5223, 5269, 5432, 6379, 6666, 6667, 6668, 6669, 8000, 8080, 8888, 20000});
static_assert(std::is_sorted(kServerPorts.begin(), kServerPorts.end()));

bool is_server_port(std::uint16_t port) {
    return std::binary_search(kServerPorts.begin(), kServerPorts.end(), port);
}

std::uint16_t port_of(const Packet& packet, Side s) {
    return (packet.family == Family::ipv4 ? packet.v4.port[s] : packet.v6.port[s]).value();
}

}  // namespace

bool responder_spoke_first(const Packet& packet) {
    if (packet.flags.syn() && !packet.flags.ack()) return false;
    const std::uint16_t from = port_of(packet, packet.side);
    const std::uint16_t to = port_of(packet, other(packet.side));
    if (!is_server_port(from)) return false;
    // Both look like servers: a SYN-ACK may be a stealth scan, else the lower port is the better guess.
    if (is_server_port(to)) return !packet.flags.syn() && from < to;
    return true;
}

}  // namespace ajar
