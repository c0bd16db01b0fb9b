// Which known word was meant by a misspelt one.
#pragma once

#include <span>
#include <string_view>

namespace ajar::config {

/// Insertions, deletions, replacements and swaps of neighbours that turn `a` into `b`. Letter case is free.
std::size_t edit_distance(std::string_view a, std::string_view b);

/// The candidate with the fewest edits; empty if none is near enough to be worth a mention.
std::string_view nearest(std::string_view word, std::span<const std::string_view> candidates);

}  // namespace ajar::config
