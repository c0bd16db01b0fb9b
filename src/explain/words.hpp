// How ends, times and numbers are called in a sentence.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "explain/incident.hpp"

namespace ajar::explain {

constexpr std::string_view the(Role r) { return r == kClient ? "the client" : "the server"; }

/// "22:13:20.123456", of UTC.
std::string clock_text(Time t);
/// "2023-11-14".
std::string day_text(Time t);
/// To the second, which is as much as a timer knows of its beginning: "22:13:20", with its day where that is
/// not the day of `beside`.
std::string about(Time t, Time beside);

/// "once", "twice", "5 times".
std::string times(unsigned n);

/// With a capital at its beginning.
std::string sentence_from(std::string text);

}  // namespace ajar::explain
