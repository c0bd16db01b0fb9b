// A TCP socket that listens.
#pragma once

#include <string>

#include "config/listen.hpp"
#include "descriptor.hpp"

namespace ajar::http {

struct Listening {
    Descriptor fd{};
    bool taken = false;   ///< somebody else listens there
    std::string error{};  ///< why there is no fd: names the address and what to do
};

/// Non-blocking. Never shared with another process, whatever it asks for.
Listening listen_at(const config::ListenAddress& at);
/// The port that it has.
std::uint16_t port_of(const Descriptor& fd);

}  // namespace ajar::http
