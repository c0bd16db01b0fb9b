// Where does a character of UTF-8 end, and may it be shown?
#pragma once

#include <cstddef>
#include <string_view>

namespace ajar::page {

struct Character {
    std::size_t bytes = 1;  ///< that it takes; of what is no character, 1
    bool shown = false;     ///< it is one, and neither a control character nor one that turns the direction
};

/// The first one of a text that is not empty (RFC 3629: the shortest form, no surrogates, up to U+10FFFF).
Character first_character(std::string_view text);

/// How many there are.
std::size_t characters_in(std::string_view text);

}  // namespace ajar::page
