// Hosts and ports.
#include "export/ipfix/collector.hpp"

#include <algorithm>
#include <charconv>

namespace ajar::exporting::ipfix {
namespace {

constexpr std::string_view kPort = "4739";

bool is_port(std::string_view text) {
    std::uint16_t n = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), n);
    return error == std::errc() && end == text.data() + text.size() && n != 0;
}

Error no_address() {
    return {
        "a collector is named like \"udp:192.0.2.9:4739\", \"tcp:[2001:db8::9]:4739\" or by a file's path"};
}

/// "HOST", "HOST:PORT", "[V6]" or "[V6]:PORT" into the two.
bool split(std::string_view text, std::string_view& host, std::string_view& port) {
    const bool bracketed = text.starts_with('[');
    const auto end = bracketed ? text.find(']') : text.find(':');
    if (bracketed && end == std::string_view::npos) return false;
    host = text.substr(bracketed ? 1 : 0, bracketed ? end - 1 : end);
    const auto rest =
        end == std::string_view::npos ? std::string_view() : text.substr(end + (bracketed ? 1 : 0));
    if (!rest.empty() && !rest.starts_with(':')) return false;
    port = rest.empty() ? kPort : rest.substr(1);
    return !host.empty() && is_port(port);
}

}  // namespace

Result<Collector> parse_collector(std::string_view text) {
    Collector out{std::string(text), Collector::Kind::file, std::string(text), {}};
    const bool udp = text.starts_with("udp:");
    if (!udp && !text.starts_with("tcp:")) return out;
    std::string_view host, port;
    if (!split(text.substr(4), host, port)) return no_address();
    out.kind = udp ? Collector::Kind::udp : Collector::Kind::tcp;
    out.host = host;
    out.port = port;
    return out;
}

}  // namespace ajar::exporting::ipfix
