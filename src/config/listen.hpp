// Where the HTTP server listens: an address and a port in words.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace ajar::config {

/// What "auto" means: on this machine alone, at the number of TCP's RFC.
inline constexpr std::string_view kDefaultListen = "127.0.0.1:9293";

struct ListenAddress {
    std::string address;  ///< a number, IPv6 without its brackets: no name has to be resolved
    std::uint16_t port = 0;
    [[nodiscard]] bool ipv6() const { return address.find(':') != std::string::npos; }

    friend bool operator==(const ListenAddress&, const ListenAddress&) = default;
};

/// "192.0.2.1:9293", "[2001:db8::1]:9293", "0.0.0.0:9293".
std::optional<ListenAddress> parse_listen(std::string_view text);
/// Why `text` is neither that, nor "auto", nor empty; null if it is.
const char* refuse_listen(std::string_view text);

}  // namespace ajar::config
