// How values are appended to a line of JSON: no allocation once the buffer has grown, no locale, no rounding.
#pragma once

#include <fmt/format.h>

#include <cstdint>
#include <string_view>

#include "ajar/clock.hpp"
#include "ajar/flow/key.hpp"

namespace ajar::exporting {

using Text = fmt::memory_buffer;

inline void put(Text& out, std::string_view s) { out.append(s.data(), s.data() + s.size()); }

inline void put_number(Text& out, std::uint64_t n) {
    const fmt::format_int digits(n);
    out.append(digits.data(), digits.data() + digits.size());
}

/// With quotes; control characters, quotes and backslashes escaped, other bytes as they are.
void put_quoted(Text& out, std::string_view s);

/// Seconds with six digits after the point, rounded towards the past: "1700000000.123456".
void put_seconds(Text& out, Duration d);

/// ISO 8601 in UTC with microseconds, as Suricata writes it: 2023-11-14T22:13:20.123456+0000.
void put_iso_time(Text& out, Time t);

/// Dotted quad, or RFC 5952; no quotes. An IPv4 address stands in the first four bytes.
void put_address(Text& out, Family family, const Ipv6Address& address);

/// 18 characters, "C" first, as Zeek's uids look; different for different flow ids.
void put_uid(Text& out, std::uint64_t flow_id);

}  // namespace ajar::exporting
