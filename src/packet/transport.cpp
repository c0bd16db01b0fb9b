// Which IP protocols other than TCP the parser knows, and what it calls the rest.
#include "packet/network.hpp"
#include "packet/parser.hpp"

namespace ajar::parser {

Reason uncommon_transport(Parser& p, std::uint8_t protocol) {
    switch (protocol) {
        case ip_protocol::kUdp:
            return udp(p);
        case ip_protocol::kIcmp:
            return p.out.family == Family::ipv4 ? icmp(p) : Reason::not_tcp;
        case ip_protocol::kIcmpv6:
            return p.out.family == Family::ipv6 ? icmpv6(p) : Reason::not_tcp;
        case ip_protocol::kIpip:
        case ip_protocol::kIpv6:
            return ip_in_ip(p, protocol);
        case ip_protocol::kGre:
            return gre(p);
        case ip_protocol::kEsp:
            return Reason::encrypted;
        case ip_protocol::kAh:
            return extensions(p, protocol);
        default:
            return Reason::not_tcp;
    }
}

}  // namespace ajar::parser
