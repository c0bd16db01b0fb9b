// How people write prefixes and ports: "203.0.113.0/24", "2001:db8::1", "8000-8099"; both directions.
#pragma once

#include <string>
#include <string_view>

#include "ajar/policy/services.hpp"
#include "ajar/result.hpp"

namespace ajar::config {

/// An address alone is a prefix of all its bits. Bits behind the prefix must be zero.
Result<Prefix> parse_prefix(std::string_view text);
std::string format_prefix(const Prefix& prefix);
/// Is each address of the one in the other?
bool is_within(const Prefix& inner, const Prefix& outer);

/// "443" or "8000-8099".
Result<PortRange> parse_ports(std::string_view text);
std::string format_ports(const PortRange& ports);

}  // namespace ajar::config
