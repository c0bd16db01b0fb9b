// socket, bind, listen. Not the library's: it lets two processes share a port, and swallows what went wrong.
#include "http/listen.hpp"

#include <arpa/inet.h>
#include <fmt/format.h>
#include <netinet/in.h>
#include <sys/socket.h>

#include <cerrno>
#include <cstring>

namespace ajar::http {
namespace {

constexpr int kBacklog = 64;

struct Address {
    sockaddr_storage bytes{};
    socklen_t size = 0;
};

Address address_of(const config::ListenAddress& at) {
    Address out;
    if (at.ipv6()) {
        auto& to = reinterpret_cast<sockaddr_in6&>(out.bytes);
        to.sin6_family = AF_INET6;
        to.sin6_port = htons(at.port);
        inet_pton(AF_INET6, at.address.c_str(), &to.sin6_addr);
        out.size = sizeof to;
    } else {
        auto& to = reinterpret_cast<sockaddr_in&>(out.bytes);
        to.sin_family = AF_INET;
        to.sin_port = htons(at.port);
        inet_pton(AF_INET, at.address.c_str(), &to.sin_addr);
        out.size = sizeof to;
    }
    return out;
}

Listening fail(const config::ListenAddress& at) {
    const int why = errno;
    const char* hint = "";
    if (why == EADDRINUSE) hint = "; somebody listens there already: name another port";
    if (why == EADDRNOTAVAIL) hint = "; this machine has no such address";
    if (why == EACCES) hint = "; ports below 1024 are for root";
    const auto name = at.ipv6() ? fmt::format("[{}]", at.address) : at.address;
    return {
        Descriptor(), why == EADDRINUSE,
        fmt::format("[http] listen: cannot listen at {}:{}: {}{}", name, at.port, std::strerror(why), hint)};
}

}  // namespace

Listening listen_at(const config::ListenAddress& at) {
    const int family = at.ipv6() ? AF_INET6 : AF_INET;
    Descriptor fd(socket(family, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0));
    const int yes = 1;
    if (fd.get() < 0) return fail(at);
    setsockopt(fd.get(), SOL_SOCKET, SO_REUSEADDR, &yes, sizeof yes);
    if (at.ipv6()) setsockopt(fd.get(), IPPROTO_IPV6, IPV6_V6ONLY, &yes, sizeof yes);
    const auto address = address_of(at);
    if (bind(fd.get(), reinterpret_cast<const sockaddr*>(&address.bytes), address.size) != 0) return fail(at);
    if (listen(fd.get(), kBacklog) != 0) return fail(at);
    return {std::move(fd), false, {}};
}

std::uint16_t port_of(const Descriptor& fd) {
    sockaddr_in6 address{};  // in both families the port stands there
    socklen_t size = sizeof address;
    getsockname(fd.get(), reinterpret_cast<sockaddr*>(&address), &size);
    return ntohs(address.sin6_port);
}

}  // namespace ajar::http
