// What a configuration names and this machine does not have: CPUs, captures, folders.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "config/clash.hpp"
#include "confine/user.hpp"

namespace ajar::config {

/// Looks, and changes nothing. Only before a start: a running appliance needs its files no more.
std::vector<Clash> absent(const Config& config);

/// Why this file cannot be written, or null; also for "-" and no file at all. Creates nothing.
const char* refuse_output(const std::string& path);

/// Whom it becomes; nobody where it stays who it is, or cannot (absent() says why).
std::optional<confine::User> user_of(const Config& config);

}  // namespace ajar::config
