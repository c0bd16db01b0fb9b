// `seed` as a person writes it: "random", or a number.
#include "config/seed.hpp"

#include <charconv>

namespace ajar::config {

std::optional<std::uint64_t> parse_seed(std::string_view text) {
    const bool hexadecimal = text.starts_with("0x");
    if (hexadecimal) text.remove_prefix(2);
    std::uint64_t out = 0;
    const auto [end, error] =
        std::from_chars(text.data(), text.data() + text.size(), out, hexadecimal ? 16 : 10);
    if (error != std::errc{} || end != text.data() + text.size()) return std::nullopt;
    return out;
}

const char* refuse_seed(std::string_view text) {
    if (text == "random" || parse_seed(text)) return nullptr;
    return "neither \"random\" nor a number below 2^64";
}

}  // namespace ajar::config
