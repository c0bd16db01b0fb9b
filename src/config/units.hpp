// How people write numbers: "5s", "1M", "64Ki", "64MiB", "25%"; both directions.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "ajar/clock.hpp"
#include "ajar/result.hpp"

namespace ajar::config {

inline constexpr std::uint64_t kMi = 1U << 20U, kGi = 1U << 30U;

/// "250ms", "5s", "1.5m", "2h4m", "15d". Units d, h, m, s, ms, us, ns, larger ones first. A bare number is
/// refused: it says nothing.
Result<Duration> parse_duration(std::string_view text);
/// The shortest text that parse_duration() reads back to the same value.
std::string format_duration(Duration value);

/// "1000000", "1_000_000", "1M", "1Mi", "1.5k", "64MiB". k, M, G, T are powers of 1000, Ki, Mi, Gi, Ti of
/// 1024; a final B (bytes) may follow.
Result<std::uint64_t> parse_count(std::string_view text);
std::string format_count(std::uint64_t value);
/// The same with a final B after the unit: "64MiB".
std::string format_bytes(std::uint64_t value);

/// "25%" or "25".
Result<std::uint64_t> parse_percent(std::string_view text);

}  // namespace ajar::config
