// Reading a frame.
#include "dataplane/intake.hpp"

#include "ajar/packet/parse.hpp"
#include "dataplane/checksum.hpp"

namespace ajar::dataplane {

void read_frame(const rte_mbuf* m, std::uint32_t wire_length, const PortState& port, const Wiring& wiring,
                const Policy& policy, Scratch& scratch, Packet& out) {
    const bool zeek = policy.boundaries == Boundaries::zeek;
    const ParseOptions options{.port_pair = port.pair,
                               .decapsulate = wiring.decapsulate,
                               .zone_from_vlan = !zeek,
                               .lenient = zeek,
                               .captured = wiring.packet_clock,
                               .verify_ip_checksum = must_verify_ip(m, policy.checksums)};
    parse(head_of(m, scratch), wire_length, options, out);
    out.port = port.side;
    // What follows the IP packet is padding; what is missing of it, a capture cut off.
    out.truncated = out.l3_offset + out.ip_length > rte_pktmbuf_pkt_len(m);
    out.checksum = policy.checksums == ChecksumPolicy::verify ? verify_tcp(m, out) : Checksum::unknown;
    wiring.steering.identify(out);
}

}  // namespace ajar::dataplane
