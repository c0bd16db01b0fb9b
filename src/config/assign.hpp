// One value of a file into the field that an option names, or what is wrong with it.
#pragma once

#include <optional>
#include <string>

#include "config/document.hpp"
#include "config/option.hpp"

namespace ajar::config {

/// Sets the option's field in `config`. Returns what is wrong in a sentence without place and key, and leaves
/// the field as it was then.
std::optional<std::string> assign(const Option& option, const Value& value, Config& config);

}  // namespace ajar::config
