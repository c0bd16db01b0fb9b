// Writing elements.
#include "page/markup.hpp"

#include <algorithm>
#include <array>
#include <cassert>

#include "page/utf8.hpp"

namespace ajar::page {
namespace {

/// A new line between these would be a blank that is seen, or that belongs to their text.
constexpr std::array<std::string_view, 13> kInline = {
    "a", "b", "code", "em", "span", "strong", "summary", "td", "th", "text", "button", "dt", "dd"};

bool is_inline(std::string_view element) {
    return std::find(kInline.begin(), kInline.end(), element) != kInline.end();
}

std::string_view entity_of(char c) {
    switch (c) {
        case '&':
            return "&amp;";
        case '<':
            return "&lt;";
        case '>':
            return "&gt;";
        case '"':
            return "&quot;";
        case '\'':
            return "&#39;";
        default:
            return {};
    }
}

}  // namespace

std::string escaped(std::string_view text) {
    constexpr std::string_view kReplacement = "\xef\xbf\xbd";
    std::string out;
    out.reserve(text.size());
    while (!text.empty()) {
        const Character next = first_character(text);
        const auto entity = entity_of(text.front());
        if (!entity.empty())
            out += entity;
        else
            out += next.shown ? text.substr(0, next.bytes) : kReplacement;
        text.remove_prefix(next.bytes);
    }
    return out;
}

void Markup::begin(std::string_view element, Attributes attributes) {
    text_ += '<';
    text_ += element;
    for (const auto& [name, value] : attributes) put(name, value);
}

void Markup::put(std::string_view attribute, std::string_view value) {
    text_ += ' ';
    text_ += attribute;
    text_ += "=\"";
    text_ += escaped(value);
    text_ += '"';
}

Markup& Markup::open(std::string_view element, Attributes attributes) {
    begin(element, attributes);
    text_ += '>';
    open_.emplace_back(element);
    return *this;
}

Markup& Markup::attribute(std::string_view name, std::string_view value) {
    assert(text_.ends_with('>') && !text_.ends_with("/>"));
    text_.pop_back();
    put(name, value);
    text_ += '>';
    return *this;
}

Markup& Markup::close() {
    assert(!open_.empty());
    text_ += "</";
    text_ += open_.back();
    text_ += is_inline(open_.back()) ? ">" : ">\n";
    open_.pop_back();
    return *this;
}

Markup& Markup::leaf(std::string_view element, Attributes attributes) {
    begin(element, attributes);
    text_ += "/>";
    return *this;
}

Markup& Markup::text(std::string_view words) {
    text_ += escaped(words);
    return *this;
}

Markup& Markup::element(std::string_view name, Attributes attributes, std::string_view words) {
    return open(name, attributes).text(words).close();
}

Markup& Markup::add(const Markup& whole) {
    assert(whole.whole());
    text_ += whole.text_;
    return *this;
}

}  // namespace ajar::page
