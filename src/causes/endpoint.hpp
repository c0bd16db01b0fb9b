// One end of a connection as a report names it: an address, and a port where that matters.
#pragma once

#include <array>
#include <cstdint>
#include <functional>
#include <string>
#include <string_view>

#include "ajar/event.hpp"

namespace ajar::causes {

struct Endpoint {
    std::array<std::uint8_t, 16> address{};  ///< IPv4 in the first four bytes
    std::uint16_t port = 0;                  ///< 0: any
    Family family = Family::ipv4;

    // clang-tidy 14 takes the 0 that it compares with for a null pointer.
    friend auto operator<=>(const Endpoint&, const Endpoint&) = default;  // NOLINT(modernize-use-nullptr)
};

struct EndpointHash {
    std::size_t operator()(const Endpoint& e) const {
        const std::string_view bytes(reinterpret_cast<const char*>(e.address.data()), e.address.size());
        return std::hash<std::string_view>{}(bytes) ^ e.port * 0x9e3779b97f4a7c15ULL;
    }
};

/// The client's address without its port, which changes with every connection.
Endpoint client_of(const Event& event);
/// The server's address and port.
Endpoint server_of(const Event& event);
/// "10.0.0.1:80", "[2001:db8::1]:80", or the address alone.
std::string text_of(const Endpoint& endpoint);

}  // namespace ajar::causes
