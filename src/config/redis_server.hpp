// Where Redis listens, and the names that appliances have there.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "ajar/result.hpp"
#include "config/listen.hpp"

namespace ajar::config {

/// One of both.
struct RedisServer {
    std::string path;    ///< of a UNIX socket; empty: at `at`
    ListenAddress at{};  ///< in numbers: no lookup of a name ever holds up whoever connects
};

/// "unix:/run/redis/redis.sock", "192.0.2.1:6379", "[2001:db8::1]:6379".
std::optional<RedisServer> parse_redis_server(std::string_view text);

// Why `text` is none, as the option table wants it; null if it is one.

const char* refuse_redis_server(std::string_view text);
const char* refuse_plain_name(std::string_view text);

/// The first line of a password's file. The error says what is wrong, and nothing of what is in it.
Result<std::string> read_password(const std::string& path);

/// What "auto" is, or the name itself.
std::string box_name(const std::string& name);

/// False: this program was built without hiredis.
bool can_share();

/// 1 to 64 letters, digits, dots, - and _: what may stand in logs, tables and keys as it is.
bool is_plain_name(std::string_view text);

}  // namespace ajar::config
