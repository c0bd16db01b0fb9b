// A connection that was flagged, as a part of a page: explained in sentences, drawn as a ladder, its packets
// as a table.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "explain/story.hpp"
#include "page/markup.hpp"

namespace ajar::page {

/// Whether it is there at a glance (and on paper), or closed until somebody wants to know.
enum class Shown : std::uint8_t { closed, open };

/// Its one line says when, who and what: `headline` is what.
Markup markup_of(const explain::Story& story, std::string_view headline, Shown shown = Shown::closed);

}  // namespace ajar::page
