// HTML and SVG that are well formed, and in which nothing foreign is ever more than text.
//
// Whoever writes markup here writes elements, attributes and text, and the last two are always escaped. There
// is no way to put a string in as it is: what was in a capture, a file's name or a configuration cannot
// become an element, an attribute or a script.
#pragma once

#include <initializer_list>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace ajar::page {

/// For element content and for attributes in double quotes. What is not UTF-8, what is a control character,
/// and what would turn the direction of reading becomes U+FFFD.
std::string escaped(std::string_view text);

class Markup {
public:
    using Attributes = std::initializer_list<std::pair<std::string_view, std::string_view>>;

    /// Names of elements and attributes are the program's own and are taken as they are.
    Markup& open(std::string_view element, Attributes attributes = {});
    /// One more of the element that was opened last, of which nothing else has been written yet.
    Markup& attribute(std::string_view name, std::string_view value);
    /// The innermost that is open.
    Markup& close();
    /// An element without content: <meta/>, <line/>.
    Markup& leaf(std::string_view element, Attributes attributes = {});
    Markup& text(std::string_view words);
    Markup& element(std::string_view name, Attributes attributes, std::string_view words);
    Markup& element(std::string_view name, std::string_view words) { return element(name, {}, words); }
    /// All of another one, of which nothing is open.
    Markup& add(const Markup& whole);

    [[nodiscard]] bool whole() const { return open_.empty(); }
    [[nodiscard]] bool empty() const { return text_.empty(); }
    /// Of a whole one.
    [[nodiscard]] const std::string& markup() const { return text_; }

private:
    friend class Assets;
    void begin(std::string_view element, Attributes attributes);
    void put(std::string_view attribute, std::string_view value);

    std::string text_;
    std::vector<std::string> open_;
};

}  // namespace ajar::page
