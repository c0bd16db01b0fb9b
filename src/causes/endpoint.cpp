// Endpoints out of events, and as text.
#include "causes/endpoint.hpp"

#include <arpa/inet.h>
#include <fmt/core.h>

namespace ajar::causes {

Endpoint client_of(const Event& event) { return {event.key.address[event.originator()], 0, event.family}; }

Endpoint server_of(const Event& event) {
    const Side responder = other(event.originator());
    return {event.key.address[responder], event.key.port[responder].value(), event.family};
}

std::string text_of(const Endpoint& endpoint) {
    std::array<char, INET6_ADDRSTRLEN> text{};
    const bool v4 = endpoint.family == Family::ipv4;
    inet_ntop(v4 ? AF_INET : AF_INET6, endpoint.address.data(), text.data(), text.size());
    if (endpoint.port == 0) return text.data();
    return v4 ? fmt::format("{}:{}", text.data(), endpoint.port)
              : fmt::format("[{}]:{}", text.data(), endpoint.port);
}

}  // namespace ajar::causes
