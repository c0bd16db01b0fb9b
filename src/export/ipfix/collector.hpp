// Where IPFIX goes, in the words of the configuration.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "ajar/result.hpp"

namespace ajar::exporting::ipfix {

/// "udp:HOST:PORT", "tcp:HOST:PORT" (an IPv6 address in brackets; without a port IANA's 4739), or the path of
/// an IPFIX file (RFC 5655).
struct Collector {
    enum class Kind : std::uint8_t { udp, tcp, file };

    std::string name;  ///< as it was given
    Kind kind = Kind::file;
    std::string host;  ///< or the path
    std::string port;
};

Result<Collector> parse_collector(std::string_view text);

}  // namespace ajar::exporting::ipfix
