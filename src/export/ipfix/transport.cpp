// Which transport a collector needs.
#include "export/ipfix/transport.hpp"

#include "export/ipfix/file_transport.hpp"
#include "export/ipfix/tcp_transport.hpp"
#include "export/ipfix/udp_transport.hpp"

namespace ajar::exporting::ipfix {

Result<std::unique_ptr<Transport>> open_transport(const Collector& collector, Begin begin,
                                                  const Patience& patience) {
    switch (collector.kind) {
        case Collector::Kind::udp:
            return UdpTransport::open(collector, begin);
        case Collector::Kind::tcp:
            return TcpTransport::open(collector, begin, patience);
        default:
            return FileTransport::open(collector.host, begin);
    }
}

}  // namespace ajar::exporting::ipfix
