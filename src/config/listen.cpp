// Taking an address and its port apart.
#include "config/listen.hpp"

#include <arpa/inet.h>

#include <charconv>

namespace ajar::config {
namespace {

std::optional<std::uint16_t> port_of(std::string_view text) {
    std::uint16_t out = 0;
    const auto* const end = text.data() + text.size();
    const auto [at, fault] = std::from_chars(text.data(), end, out);
    if (fault != std::errc() || at != end || out == 0) return std::nullopt;
    return out;
}

bool is_address(int family, const std::string& text) {
    in6_addr bytes{};
    return inet_pton(family, text.c_str(), &bytes) == 1;
}

}  // namespace

std::optional<ListenAddress> parse_listen(std::string_view text) {
    const auto colon = text.rfind(':');
    if (colon == std::string_view::npos) return std::nullopt;
    const auto port = port_of(text.substr(colon + 1));
    auto host = text.substr(0, colon);
    const bool bracketed = host.starts_with('[') && host.ends_with(']') && host.size() > 2;
    if (bracketed) host = host.substr(1, host.size() - 2);
    ListenAddress out{std::string(host), port.value_or(0)};
    if (!port || !is_address(bracketed ? AF_INET6 : AF_INET, out.address)) return std::nullopt;
    return out;
}

const char* refuse_listen(std::string_view text) {
    if (text.empty() || text == "auto" || parse_listen(text)) return nullptr;
    return "neither an address in numbers with a port (\"127.0.0.1:9293\", \"[::1]:9293\"), nor \"auto\"";
}

}  // namespace ajar::config
