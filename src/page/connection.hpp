// A connection that was flagged, evicted, refused or found half open: told from its events, as `ajar explain`
// tells them from an event file.
#pragma once

#include <cstdint>
#include <span>
#include <string_view>

#include "ajar/event.hpp"
#include "page/markup.hpp"
#include "page/story.hpp"

namespace ajar::page {

/// Does it tell of a connection in trouble?
constexpr bool is_trouble(EventKind kind) {
    return kind == EventKind::flagged || kind == EventKind::evicted || kind == EventKind::refused ||
           kind == EventKind::half_open;
}

/// What stands over a connection: the verdict about it, or else the first flag, eviction or refusal. Of one
/// event at least.
const Event& headline_of(std::span<const Event> events);

struct Telling {
    std::span<const Event> events;  ///< by time
    std::uint64_t left_out = 0;     ///< further ones, for which there was no room,
    std::string_view all_are_in{};  ///< and where they are: "the event file (--events)"
    /// Stands over it with its sentence already; none: its line says what the Reason means.
    Reason above = Reason::none;
    Shown shown = Shown::closed;
};

/// Nothing where there is nothing to tell.
Markup markup_of(const Telling& telling);

}  // namespace ajar::page
