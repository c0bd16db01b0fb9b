// Telling sockets from addresses, and plain names from others.
#include "config/redis_server.hpp"

#include <fmt/format.h>
#include <sys/un.h>
#include <unistd.h>

#include <algorithm>
#include <array>

#include "config/secret_file.hpp"

namespace ajar::config {
namespace {

constexpr std::string_view kUnix = "unix:";
constexpr std::size_t kMostName = 64;

bool is_plain(char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' ||
           c == '_' || c == '.';
}

}  // namespace

bool is_plain_name(std::string_view text) {
    return !text.empty() && text.size() <= kMostName && std::all_of(text.begin(), text.end(), is_plain);
}

std::optional<RedisServer> parse_redis_server(std::string_view text) {
    if (text.starts_with(kUnix)) {
        const auto path = text.substr(kUnix.size());
        if (path.empty() || path.size() >= sizeof(sockaddr_un::sun_path)) return std::nullopt;
        return RedisServer{std::string(path), {}};
    }
    auto at = parse_listen(text);
    if (!at) return std::nullopt;
    return RedisServer{{}, std::move(*at)};
}

Result<std::string> read_password(const std::string& path) {
    auto file = open_secret(path, "the password");
    if (!file) return Error{file.error()};
    std::string line;
    std::getline(*file, line);
    while (!line.empty() && line.back() == '\r') line.pop_back();
    if (line.empty()) return Error{fmt::format("{}: its first line is no password", path)};
    return line;
}

/// What is no plain name in a machine's name becomes one.
std::string box_name(const std::string& name) {
    if (name != "auto") return name;
    std::array<char, kMostName + 1> host{};
    if (gethostname(host.data(), host.size() - 1) != 0 || host[0] == '\0') return "ajar";
    std::string out(host.data());
    for (char& c : out)
        if (!is_plain(c)) c = '-';
    return out;
}

bool can_share() { return AJAR_SHARES != 0; }

const char* refuse_redis_server(std::string_view text) {
    if (text.empty() || parse_redis_server(text)) return nullptr;
    return "no server: it is named like \"unix:/run/redis/redis.sock\", \"192.0.2.1:6379\" or "
           "\"[2001:db8::1]:6379\"";
}

const char* refuse_plain_name(std::string_view text) {
    return is_plain_name(text) ? nullptr : "no name of 1 to 64 letters, digits, dots, - and _";
}

}  // namespace ajar::config
