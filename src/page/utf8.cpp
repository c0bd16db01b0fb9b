// Decoding UTF-8, strictly.
#include "page/utf8.hpp"

#include <cstdint>

namespace ajar::page {
namespace {

struct Form {
    std::size_t bytes = 0;    // 0: no first byte of a character
    std::uint32_t begin = 0;  // the bits of the first byte
    std::uint32_t least = 0;  // smaller ones have a shorter form
};

Form form_of(unsigned char first) {
    if (first < 0x80) return {1, first, 0};
    if ((first & 0xe0U) == 0xc0) return {2, first & 0x1fU, 0x80};
    if ((first & 0xf0U) == 0xe0) return {3, first & 0x0fU, 0x800};
    if ((first & 0xf8U) == 0xf0) return {4, first & 0x07U, 0x10000};
    return {};
}

bool is_control(std::uint32_t code) { return code < 0x20 || (code >= 0x7f && code < 0xa0); }

/// Marks, embeddings, overrides and isolates, and what ends a line or has no width.
bool turns_direction(std::uint32_t code) {
    return (code >= 0x200b && code <= 0x200f) || (code >= 0x2028 && code <= 0x202e) ||
           (code >= 0x2060 && code <= 0x206f) || code == 0x061c || code == 0xfeff;
}

bool may_be_shown(std::uint32_t code) {
    const bool surrogate = code >= 0xd800 && code < 0xe000;
    return code <= 0x10ffff && !surrogate && !is_control(code) && !turns_direction(code);
}

}  // namespace

Character first_character(std::string_view text) {
    const auto byte = [&](std::size_t i) { return static_cast<unsigned char>(text[i]); };
    const Form form = form_of(byte(0));
    if (form.bytes == 0 || form.bytes > text.size()) return {};
    std::uint32_t code = form.begin;
    for (std::size_t i = 1; i < form.bytes; ++i) {
        if ((byte(i) & 0xc0U) != 0x80) return {};
        code = code << 6U | (byte(i) & 0x3fU);
    }
    return code < form.least ? Character{} : Character{form.bytes, may_be_shown(code)};
}

std::size_t characters_in(std::string_view text) {
    std::size_t n = 0;
    for (; !text.empty(); ++n) text.remove_prefix(first_character(text).bytes);
    return n;
}

}  // namespace ajar::page
