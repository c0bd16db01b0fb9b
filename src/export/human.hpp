// Numbers as people read them: 1,234,567, 8.2 MB, 2 min 5 s.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "ajar/clock.hpp"

namespace ajar::exporting {

std::string human_count(std::uint64_t n);
/// 12345678 -> "12.3M": for numbers that change while one looks.
std::string human_short(double n);
std::string human_bytes(std::uint64_t n);
/// Three digits at most, from nanoseconds to days.
std::string human_duration(Duration d);
/// "1 flow", "2 flows".
std::string counted(std::uint64_t n, std::string_view one, std::string_view many);
/// "a, b, c".
std::string listed(const std::vector<std::string>& names);
/// UTC, to the microsecond.
std::string utc_text(Time t);
/// Likewise to the second.
std::string utc_seconds(Time t);

}  // namespace ajar::exporting
