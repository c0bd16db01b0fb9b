// Schemes and facilities.
#include "export/target.hpp"

#include <fmt/format.h>
#include <sys/un.h>

#include <algorithm>
#include <array>
#include <utility>

namespace ajar::exporting {
namespace {

constexpr std::string_view kUnix = "unix:", kSyslog = "syslog";
constexpr std::string_view kSyslogSocket = "/dev/log";

/// Those that a program may use, by RFC 5424's number.
constexpr std::array<std::pair<std::string_view, std::uint8_t>, 12> kFacilities = {{
    {"user", 1},
    {"daemon", 3},
    {"auth", 4},
    {"authpriv", 10},
    {"local0", 16},
    {"local1", 17},
    {"local2", 18},
    {"local3", 19},
    {"local4", 20},
    {"local5", 21},
    {"local6", 22},
    {"local7", 23},
}};

Result<Target> socket_at(std::string_view text) {
    const auto path = text.substr(kUnix.size());
    constexpr std::size_t kRoom = sizeof(sockaddr_un{}.sun_path) - 1;
    if (path.empty() || path.size() > kRoom)
        return Error{
            fmt::format("a UNIX socket has a path of 1 to {} characters, as in \"unix:/run/eve\"", kRoom)};
    return Target{std::string(text), Target::Kind::unix_socket, std::string(path), 0};
}

Result<Target> syslog_of(std::string_view text) {
    const auto name = text == kSyslog ? std::string_view("daemon") : text.substr(kSyslog.size() + 1);
    const auto* const row =
        std::find_if(kFacilities.begin(), kFacilities.end(), [&](const auto& f) { return f.first == name; });
    if (row == kFacilities.end())
        return Error{
            "syslog's facilities are user, daemon, auth, authpriv and local0 to local7, as in "
            "\"syslog:local5\""};
    return Target{std::string(text), Target::Kind::syslog, std::string(kSyslogSocket), row->second};
}

}  // namespace

Result<Target> parse_target(std::string_view text) {
    if (text == "-") return Target{std::string(text), Target::Kind::standard_output, {}, 0};
    if (text.starts_with(kUnix)) return socket_at(text);
    if (text == kSyslog || text.starts_with("syslog:")) return syslog_of(text);
    return Target{std::string(text), Target::Kind::path, std::string(text), 0};
}

}  // namespace ajar::exporting
