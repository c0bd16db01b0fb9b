// How long control remembers, and how often it looks.
#pragma once

#include "ajar/clock.hpp"
#include "ajar/tcp/cookie.hpp"

namespace ajar {

/// What is half open and not answered is forgotten within one to two of these.
inline constexpr Duration kGeneration = std::chrono::seconds(5);
/// Cookies are sealed for one period and accepted for one more.
inline constexpr Duration kLinger = 2 * tcp::cookie::kPeriod;
/// A look at samples takes milliseconds in a flood: soon when something grew, else now and then.
inline constexpr Duration kLookSoon = std::chrono::milliseconds(100), kLookAgain = std::chrono::seconds(1);

}  // namespace ajar
