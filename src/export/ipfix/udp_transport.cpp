// Sending, and hearing that nobody listens.
#include "export/ipfix/udp_transport.hpp"

#include <fmt/format.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>

namespace ajar::exporting::ipfix {

Result<std::unique_ptr<Transport>> UdpTransport::open(const Collector& collector, Begin begin) {
    const auto to = look_up(collector);
    if (!to) return Error{to.error()};
    const int fd = connect_to(*to, SOCK_DGRAM);
    if (fd < 0) return Error{fmt::format("cannot export to {}: {}", collector.name, std::strerror(errno))};
    return std::unique_ptr<Transport>(new UdpTransport(fd, begin));
}

UdpTransport::~UdpTransport() { ::close(fd_); }

/// An ICMP error speaks of a datagram before this one, most likely of the last. Whoever listens next has to
/// hear the templates.
void UdpTransport::was_refused() {
    counts_.sent -= latest_;
    lose(latest_, "the collector's host refuses them");
    latest_ = 0;
    news_ = News::templates;
}

void UdpTransport::send(std::span<const std::uint8_t> message, std::uint32_t flows) {
    constexpr std::uint64_t kAtOnce = 4;
    for (int tries = 0; tries < 3; ++tries) {
        if (::send(fd_, message.data(), message.size(), MSG_DONTWAIT | MSG_NOSIGNAL) >= 0) {
            latest_ = flows;
            counts_.sent += flows;
            if (begin_ == Begin::anew && ++datagrams_ % kAtOnce == 0) ::usleep(1000);
            return;
        }
        if (errno == ECONNREFUSED) {
            was_refused();
        } else if (errno != EINTR) {
            break;
        }
    }
    lose(flows, std::strerror(errno));
}

}  // namespace ajar::exporting::ipfix
