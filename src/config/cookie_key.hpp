// The master key of SYN cookies, as a file that several appliances share.
#pragma once

#include <string>

#include "ajar/result.hpp"
#include "ajar/tcp/cookie_mac.hpp"

namespace ajar::config {

/// 32 hexadecimal digits, with or without a newline, in a file that nobody but its owner can read. The error
/// says which of that is not so.
Result<tcp::cookie::Secret> read_cookie_key(const std::string& path);

}  // namespace ajar::config
