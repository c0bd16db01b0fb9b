// Where a file holds something outside of quotes and comments that TOML does not allow there: not ASCII.
#pragma once

#include <optional>
#include <string_view>

#include "config/document.hpp"

namespace ajar::config {

/// The first such byte. Asked before toml++ is, which in version 3.3 runs into __builtin_unreachable() on an
/// umlaut between keys.
std::optional<Place> bare_foreign_text(std::string_view text);

}  // namespace ajar::config
