// `seed` as a person writes it: "random", or a number.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

namespace ajar::config {

/// Decimal or 0x hexadecimal, below 2^64. None for anything else, "random" among it.
std::optional<std::uint64_t> parse_seed(std::string_view text);
/// Why `text` is no seed; null if it is one.
const char* refuse_seed(std::string_view text);

}  // namespace ajar::config
