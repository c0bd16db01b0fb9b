// Options in words: which values a field takes, and the value it has, as TOML writes it.
#pragma once

#include <span>
#include <string>
#include <string_view>

#include "config/option.hpp"

namespace ajar::config {

/// A TOML basic string.
std::string in_quotes(std::string_view text);
/// "a", "b" or "c", each quoted.
std::string one_of(std::span<const std::string_view> names);

/// Which values the field takes: "128 to 1Gi", "\"strict\", \"liberal\" or \"off\"".
std::string describe(const Number& number);
std::string describe(const Span& span);
std::string describe(const Field& field);
/// An array of the first two names.
std::string example(const Choices& choices);

/// The effective value.
std::string toml_value(const Field& field, const Config& config);

}  // namespace ajar::config
