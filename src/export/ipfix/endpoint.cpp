// getaddrinfo() and connect().
#include "export/ipfix/endpoint.hpp"

#include <fmt/format.h>
#include <netdb.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <memory>

namespace ajar::exporting::ipfix {

Result<Endpoint> look_up(const Collector& collector) {
    addrinfo hints{}, *found = nullptr;
    hints.ai_socktype = collector.kind == Collector::Kind::udp ? SOCK_DGRAM : SOCK_STREAM;
    const int error = ::getaddrinfo(collector.host.c_str(), collector.port.c_str(), &hints, &found);
    const std::unique_ptr<addrinfo, void (*)(addrinfo*)> list(found, ::freeaddrinfo);
    if (error != 0)
        return Error{fmt::format("cannot export to {}: {}", collector.name, ::gai_strerror(error))};
    Endpoint out;
    std::memcpy(&out.address, list->ai_addr, list->ai_addrlen);
    out.length = list->ai_addrlen;
    return out;
}

int connect_to(const Endpoint& to, int type) {
    const int fd = ::socket(to.address.ss_family, type | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
    if (fd < 0) return -1;
    // The kernel may grant less. A stream has a queue of ours before it, of which more is known.
    const int buffer = type == SOCK_STREAM ? 128 << 10 : 1 << 20;
    ::setsockopt(fd, SOL_SOCKET, SO_SNDBUF, &buffer, sizeof buffer);
    if (::connect(fd, reinterpret_cast<const sockaddr*>(&to.address), to.length) == 0 || errno == EINPROGRESS)
        return fd;
    const int error = errno;
    ::close(fd);
    errno = error;
    return -1;
}

}  // namespace ajar::exporting::ipfix
