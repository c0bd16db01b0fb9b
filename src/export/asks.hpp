// Who asked for connections, of whom, in one second: for a person, and as JSON.
#pragma once

#include <string>
#include <string_view>

#include "ajar/flow/asks.hpp"
#include "export/text.hpp"

namespace ajar::exporting {

/// Connections asked for in a second: fewer are no flood.
inline constexpr std::uint64_t kWorthTelling = 1000;

/// "192.0.2.7:80", "[2001:db8::7]:443", "10.0.0.1", "2001:db8::/64", "10.0.0.0/24"; no quotes.
void put_name(Text& out, const CountKey& key);
std::string name_text(const CountKey& key);

/// Those of the r-th kind that stand out: a fiftieth of all and more, three at most, with their counts and
/// what these may be wrong by. If nobody does, what everybody stays below. `count` makes a number's text.
std::string outstanding(const Asks& asked, std::size_t r, std::string (*count)(std::uint64_t));

/// A paragraph about the busiest second; empty where even that had few.
std::string busiest_text(const Asks& asked);
/// An object: the first ten of each kind with their bounds, but for those who may be there by chance.
std::string asks_json(const Asks& asked);

}  // namespace ajar::exporting
