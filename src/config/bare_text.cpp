// Where a file holds something outside of quotes and comments that TOML does not allow there: a walk over its
// quotes.
#include "config/bare_text.hpp"

#include <algorithm>

namespace ajar::config {
namespace {

constexpr std::string_view kByteOrderMark = "\xef\xbb\xbf";

Place place_at(std::string_view text, std::size_t at) {
    const auto before = text.substr(0, at);
    const auto line = std::count(before.begin(), before.end(), '\n');
    const auto start = before.rfind('\n');  // npos + 1 is 0
    return {static_cast<std::uint32_t>(line + 1), static_cast<std::uint32_t>(at - (start + 1) + 1)};
}

/// From the opening quote at `at` to behind the closing one; the end of the line or of the text where none
/// comes.
std::size_t skip_line_string(std::string_view text, std::size_t at) {
    const char quote = text[at++];
    for (; at < text.size() && text[at] != '\n'; ++at) {
        if (text[at] == quote) return at + 1;
        if (text[at] == '\\' && quote == '"') ++at;
    }
    return at;
}

/// The same for three quotes. Up to two more may stand before the closing three.
std::size_t skip_block_string(std::string_view text, std::size_t at) {
    const char quote = text[at];
    std::size_t quotes = 0;
    for (at += 3; at < text.size(); ++at) {
        if (text[at] == quote) {
            if (++quotes == 5) return at + 1;
            continue;
        }
        if (quotes >= 3) return at;
        quotes = 0;
        if (text[at] == '\\' && quote == '"') ++at;
    }
    return at;
}

std::size_t skip_string(std::string_view text, std::size_t at) {
    const std::string_view three = text[at] == '"' ? "\"\"\"" : "'''";
    return text.substr(at).starts_with(three) ? skip_block_string(text, at) : skip_line_string(text, at);
}

}  // namespace

std::optional<Place> bare_foreign_text(std::string_view text) {
    std::size_t at = text.starts_with(kByteOrderMark) ? kByteOrderMark.size() : 0;
    while (at < text.size()) {
        const char c = text[at];
        if (c == '#')
            at = std::min(text.find('\n', at), text.size());
        else if (c == '"' || c == '\'')
            at = skip_string(text, at);
        else if (static_cast<unsigned char>(c) >= 0x80)
            return place_at(text, at);
        else
            ++at;
    }
    return std::nullopt;
}

}  // namespace ajar::config
