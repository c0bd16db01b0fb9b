// How values are appended to a line of JSON.
#include "export/text.hpp"

#include <array>

namespace ajar::exporting {
namespace {

constexpr std::string_view kDigits62 = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";

/// Exactly `width` digits, leading zeros included.
void put_padded(Text& out, std::uint64_t n, int width) {
    std::array<char, 20> digits{};
    for (int i = width; i-- > 0; n /= 10)
        digits[static_cast<std::size_t>(i)] = static_cast<char>('0' + n % 10);
    put(out, {digits.data(), static_cast<std::size_t>(width)});
}

/// The finaliser of splitmix64: a bijection, so that different ids stay different.
constexpr std::uint64_t mix(std::uint64_t x) {
    x = (x ^ (x >> 30U)) * 0xbf58476d1ce4e5b9ULL;
    x = (x ^ (x >> 27U)) * 0x94d049bb133111ebULL;
    return x ^ (x >> 31U);
}

void put_base62(Text& out, std::uint64_t n, int width) {
    for (int i = 0; i < width; ++i, n /= 62) out.push_back(kDigits62[n % 62]);
}

void put_escaped(Text& out, char c) {
    switch (c) {
        case '"':
            return put(out, "\\\"");
        case '\\':
            return put(out, "\\\\");
        case '\n':
            return put(out, "\\n");
        case '\t':
            return put(out, "\\t");
        default:
            break;
    }
    if (static_cast<unsigned char>(c) >= 0x20) return out.push_back(c);
    put(out, "\\u00");
    out.push_back("0123456789abcdef"[c >> 4]);
    out.push_back("0123456789abcdef"[c & 0xf]);
}

}  // namespace

void put_quoted(Text& out, std::string_view s) {
    out.push_back('"');
    for (const char c : s) put_escaped(out, c);
    out.push_back('"');
}

void put_seconds(Text& out, Duration d) {
    auto us = std::chrono::floor<std::chrono::microseconds>(d).count();
    if (us < 0) {
        out.push_back('-');
        us = -us;
    }
    put_number(out, static_cast<std::uint64_t>(us / 1'000'000));
    out.push_back('.');
    put_padded(out, static_cast<std::uint64_t>(us % 1'000'000), 6);
}

void put_iso_time(Text& out, Time t) {
    const auto day = std::chrono::floor<std::chrono::days>(t);
    const std::chrono::year_month_day date(day);
    const auto us =
        static_cast<std::uint64_t>(std::chrono::floor<std::chrono::microseconds>(t - day).count());
    const auto s = us / 1'000'000;
    put_padded(out, static_cast<std::uint64_t>(static_cast<int>(date.year())), 4);
    out.push_back('-');
    put_padded(out, static_cast<unsigned>(date.month()), 2);
    out.push_back('-');
    put_padded(out, static_cast<unsigned>(date.day()), 2);
    out.push_back('T');
    put_padded(out, s / 3600, 2);
    out.push_back(':');
    put_padded(out, s / 60 % 60, 2);
    out.push_back(':');
    put_padded(out, s % 60, 2);
    out.push_back('.');
    put_padded(out, us % 1'000'000, 6);
    put(out, "+0000");
}

void put_uid(Text& out, std::uint64_t flow_id) {
    out.push_back('C');
    put_base62(out, mix(flow_id + 0x9e3779b97f4a7c15ULL), 11);  // 62^11 > 2^64: all of it
    put_base62(out, mix(flow_id ^ 0xd1b54a32d192ed03ULL), 6);
}

}  // namespace ajar::exporting
