// A story laid out: for a terminal, and as JSON.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

#include "explain/story.hpp"

namespace ajar::explain {

struct Look {
    std::size_t width = 100;  ///< no line of text is longer, unless a word is
    bool bold = false;        ///< titles, by escape sequences
};

std::string page_of(const Story& story, const Look& look);

/// One object, in one line: `uid`, `client`, `server`, `facts`, `events`, `knows`, `timeline`, `history`.
std::string json_of(const Story& story);

/// "SYN ACK".
std::string flags_text(TcpFlags flags);

/// `text` in lines of at most `width` characters, each indented by so many blanks, newline at the end.
std::string wrapped(std::string_view text, std::size_t indent, std::size_t width);

}  // namespace ajar::explain
