// Collectors' addresses, looked up once: a resolver may take seconds.
#pragma once

#include <sys/socket.h>

#include "ajar/result.hpp"
#include "export/ipfix/collector.hpp"

namespace ajar::exporting::ipfix {

struct Endpoint {
    sockaddr_storage address{};
    socklen_t length = 0;
};

/// May wait for a resolver, so before anything runs.
Result<Endpoint> look_up(const Collector& collector);

/// A socket to it that never blocks. For a stream the connection may still be under way. -1 with errno.
int connect_to(const Endpoint& to, int type);

}  // namespace ajar::exporting::ipfix
