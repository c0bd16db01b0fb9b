// Where records go, in the words of the configuration: a file, standard output, a UNIX socket, syslog.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "ajar/result.hpp"

namespace ajar::exporting {

/// "-", "unix:PATH", "syslog" (facility daemon) or "syslog:FACILITY"; anything else is a path. A file whose
/// name looks like one of these is written with "./" before it.
struct Target {
    enum class Kind : std::uint8_t { standard_output, path, unix_socket, syslog };

    std::string name;  ///< as it was given
    Kind kind = Kind::path;
    std::string path;           ///< of a file, a named pipe or a socket
    std::uint8_t facility = 0;  ///< of syslog (RFC 5424 6.2.1)
};

Result<Target> parse_target(std::string_view text);

/// Can two outputs share it? Each has its own connection to a socket, and its lines stay whole.
constexpr bool is_shareable(const Target& target) {
    return target.kind == Target::Kind::unix_socket || target.kind == Target::Kind::syslog;
}

}  // namespace ajar::exporting
