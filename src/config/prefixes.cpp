// Prefixes and ports from text and to text.
#include "config/prefixes.hpp"

#include <arpa/inet.h>
#include <fmt/format.h>

#include <array>
#include <charconv>

#include "config/domain.hpp"

namespace ajar::config {
namespace {

/// Digits and nothing else.
template <typename T>
bool parse_whole(std::string_view text, T& out) {
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), out);
    return error == std::errc() && end == text.data() + text.size();
}

unsigned width_of(Family family) { return family == Family::ipv4 ? 32 : 128; }

Ipv6Address cut(const Prefix& prefix) {
    Ipv6Address out{};
    for (unsigned i = 0; i < prefix.bits; ++i)
        out[i / 8] = static_cast<std::uint8_t>(out[i / 8] | (prefix.address[i / 8] & (0x80U >> i % 8)));
    return out;
}

std::string format_address(const Prefix& prefix) {
    std::array<char, INET6_ADDRSTRLEN> text{};
    inet_ntop(prefix.family == Family::ipv4 ? AF_INET : AF_INET6, prefix.address.data(), text.data(),
              text.size());
    return text.data();
}

}  // namespace

Result<Prefix> parse_prefix(std::string_view text) {
    const auto slash = text.find('/');
    const std::string address(text.substr(0, slash));
    Prefix prefix;
    if (inet_pton(AF_INET, address.c_str(), prefix.address.data()) == 1) {
        prefix.family = Family::ipv4;
    } else if (inet_pton(AF_INET6, address.c_str(), prefix.address.data()) == 1) {
        prefix.family = Family::ipv6;
    } else {
        return Error{in_quotes(text) + " is no prefix; write \"203.0.113.0/24\" or \"2001:db8::/48\""};
    }
    unsigned bits = width_of(prefix.family);
    if (slash != std::string_view::npos &&
        (!parse_whole(text.substr(slash + 1), bits) || bits > width_of(prefix.family)))
        return Error{
            fmt::format("{}: the length is a number from 0 to {}", in_quotes(text), width_of(prefix.family))};
    prefix.bits = static_cast<std::uint8_t>(bits);
    Prefix whole = prefix;
    whole.address = cut(prefix);
    if (whole == prefix) return prefix;
    return Error{fmt::format("{} has bits behind its length; write {}", in_quotes(text),
                             in_quotes(format_prefix(whole)))};
}

std::string format_prefix(const Prefix& prefix) {
    return fmt::format("{}/{}", format_address(prefix), prefix.bits);
}

bool is_within(const Prefix& inner, const Prefix& outer) {
    return inner.family == outer.family && inner.bits >= outer.bits &&
           cut({outer.family, outer.bits, inner.address}) == cut(outer);
}

Result<PortRange> parse_ports(std::string_view text) {
    const auto dash = text.find('-');
    PortRange ports;
    bool good = parse_whole(text.substr(0, dash), ports.first);
    ports.last = ports.first;
    if (dash != std::string_view::npos) good &= parse_whole(text.substr(dash + 1), ports.last);
    if (good && ports.first <= ports.last) return ports;
    return Error{in_quotes(text) + " is no port; write \"443\" or \"8000-8099\""};
}

std::string format_ports(const PortRange& ports) {
    return ports.first == ports.last ? fmt::format("{}", ports.first)
                                     : fmt::format("{}-{}", ports.first, ports.last);
}

}  // namespace ajar::config
