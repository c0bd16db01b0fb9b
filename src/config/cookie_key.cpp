// Reading and refusing key files.
#include "config/cookie_key.hpp"

#include <fmt/format.h>

#include <charconv>

#include "config/secret_file.hpp"

namespace ajar::config {
namespace {

constexpr std::size_t kDigits = 16;

bool read_half(std::string_view digits, std::uint64_t& out) {
    const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), out, 16);
    return error == std::errc{} && end == digits.data() + digits.size() && digits.size() == kDigits;
}

}  // namespace

Result<tcp::cookie::Secret> read_cookie_key(const std::string& path) {
    auto file = open_secret(path, "the key of the cookies");
    if (!file) return Error{file.error()};
    std::string text(2 * kDigits + 2, '\0');
    file->read(text.data(), static_cast<std::streamsize>(text.size()));
    text.resize(static_cast<std::size_t>(file->gcount()));
    while (!text.empty() && (text.back() == '\n' || text.back() == '\r')) text.pop_back();
    tcp::cookie::Secret secret{};
    const std::string_view digits = text;
    if (digits.size() != 2 * kDigits || !read_half(digits.substr(0, kDigits), secret[0]) ||
        !read_half(digits.substr(kDigits), secret[1]))
        return Error{fmt::format(
            "{}: no key: 32 hexadecimal digits are wanted, as `openssl rand -hex 16` prints them", path)};
    return secret;
}

}  // namespace ajar::config
