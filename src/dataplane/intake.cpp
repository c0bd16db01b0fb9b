// Reading a frame.
#include "dataplane/intake.hpp"

#include "ajar/packet/parse.hpp"
#include "dataplane/checksum.hpp"

namespace ajar::dataplane {

void read_frame(const rte_mbuf* m, std::uint32_t wire_length, const PortState& port, const Wiring& wiring,
                ChecksumPolicy checksums, Scratch& scratch, Packet& out) {
    const ParseOptions options{.port_pair = port.pair,
                               .decapsulate = wiring.decapsulate,
                               .verify_ip_checksum = must_verify_ip(m, checksums)};
    parse(head_of(m, scratch), wire_length, options, out);
    out.port = port.side;
    out.checksum = checksums == ChecksumPolicy::verify ? verify_tcp(m, out) : Checksum::unknown;
    identify(out, wiring.key, wiring.steer);
}

}  // namespace ajar::dataplane
