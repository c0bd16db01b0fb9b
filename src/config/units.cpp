// How people write numbers. All arithmetic is integral: "0.1s" is exactly 100 ms, and nothing overflows
// unseen.
#include "config/units.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cctype>
#include <limits>
#include <span>

namespace ajar::config {
namespace {

struct Unit {
    std::string_view name;
    std::uint64_t factor;
};

constexpr std::array<Unit, 7> kTimeUnits = {{{"d", 86'400'000'000'000},
                                             {"h", 3'600'000'000'000},
                                             {"m", 60'000'000'000},
                                             {"s", 1'000'000'000},
                                             {"ms", 1'000'000},
                                             {"us", 1'000},
                                             {"ns", 1}}};
constexpr std::array<Unit, 10> kCountUnits = {{{"", 1},
                                               {"k", 1'000},
                                               {"K", 1'000},
                                               {"M", 1'000'000},
                                               {"G", 1'000'000'000},
                                               {"T", 1'000'000'000'000},
                                               {"Ki", 1ULL << 10U},
                                               {"Mi", 1ULL << 20U},
                                               {"Gi", 1ULL << 30U},
                                               {"Ti", 1ULL << 40U}}};

bool digit(char c) { return c >= '0' && c <= '9'; }

/// A number with up to 18 digits, underscores between them, and perhaps a fraction: digits / scale.
struct Decimal {
    std::uint64_t digits = 0;
    std::uint64_t scale = 1;
};

/// Takes a Decimal off the front of `text`.
bool take_decimal(std::string_view& text, Decimal& out) {
    std::size_t used = 0, count = 0;
    bool fraction = false;
    for (; used < text.size(); ++used) {
        const char c = text[used];
        if (digit(c)) {
            if (++count > 18) return false;
            out.digits = out.digits * 10 + static_cast<std::uint64_t>(c - '0');
            if (fraction) out.scale *= 10;
        } else if (c == '.' && !fraction && count > 0) {
            fraction = true;
        } else if (c != '_' || count == 0 || fraction) {
            break;
        }
    }
    if (count == 0 || text[used - 1] == '.' || text[used - 1] == '_') return false;
    text.remove_prefix(used);
    return true;
}

std::string_view take_letters(std::string_view& text) {
    std::size_t used = 0;
    while (used < text.size() && std::isalpha(static_cast<unsigned char>(text[used])) != 0) ++used;
    const auto out = text.substr(0, used);
    text.remove_prefix(used);
    return out;
}

void skip_spaces(std::string_view& text) {
    while (!text.empty() && text.front() == ' ') text.remove_prefix(1);
}

/// value * factor, if that is whole and fits 63 bits.
bool scaled(Decimal value, std::uint64_t factor, std::uint64_t& out) {
    __extension__ typedef unsigned __int128 Wide;  // NOLINT: `using` takes no __extension__
    const Wide product = static_cast<Wide>(value.digits) * factor;
    if (product % value.scale != 0) return false;
    const Wide quotient = product / value.scale;
    if (quotient > static_cast<Wide>(std::numeric_limits<std::int64_t>::max())) return false;
    out = static_cast<std::uint64_t>(quotient);
    return true;
}

const Unit* find(std::string_view name, std::span<const Unit> units) {
    const auto it = std::find_if(units.begin(), units.end(), [&](const Unit& u) { return u.name == name; });
    return it == units.end() ? nullptr : &*it;
}

Error not_a_duration() { return {"no duration; write for example \"500ms\", \"30s\", \"2h\" or \"5d\""}; }
Error not_a_count() {
    return {"no number; write for example 4096, \"64k\" (64,000), \"64Ki\" (65,536), \"1M\" or \"1Mi\""};
}

/// The largest unit of base `step` (from index `first` on) that divides `value` exactly.
std::string with_unit(std::uint64_t value, std::string_view tail) {
    for (std::size_t i = kCountUnits.size(); i-- > 1;) {
        const auto [name, factor] = kCountUnits[i];
        const bool binary = name.size() == 2;
        if (value >= factor && value % factor == 0 && (binary ? value > 8192 : value >= 10'000))
            return fmt::format("{}{}{}", value / factor, name, tail);
    }
    return fmt::format("{}{}", value, tail);
}

}  // namespace

Result<Duration> parse_duration(std::string_view text) {
    std::uint64_t total = 0;
    const Unit* last = nullptr;
    do {
        Decimal number;
        if (!take_decimal(text, number)) return not_a_duration();
        skip_spaces(text);
        const Unit* unit = find(take_letters(text), kTimeUnits);
        if (unit == nullptr || (last != nullptr && unit <= last)) return not_a_duration();
        std::uint64_t part = 0;
        if (!scaled(number, unit->factor, part)) return Error{"a duration beyond 292 years or below 1 ns"};
        total += part;
        if (total > static_cast<std::uint64_t>(std::numeric_limits<std::int64_t>::max()))
            return Error{"a duration beyond 292 years"};
        last = unit;
        skip_spaces(text);
    } while (!text.empty());
    return Duration(static_cast<std::int64_t>(total));
}

std::string format_duration(Duration value) {
    if (value == Duration::zero()) return "0s";
    std::string out;
    auto rest = static_cast<std::uint64_t>(value.count());
    for (const auto& [name, factor] : kTimeUnits) {
        if (rest >= factor) out += fmt::format("{}{}", rest / factor, name);
        rest %= factor;
    }
    return out;
}

Result<std::uint64_t> parse_count(std::string_view text) {
    Decimal number;
    if (!take_decimal(text, number)) return not_a_count();
    skip_spaces(text);
    if (text.ends_with('B')) text.remove_suffix(1);
    const Unit* unit = find(text, kCountUnits);
    std::uint64_t out = 0;
    if (unit == nullptr) return not_a_count();
    if (!scaled(number, unit->factor, out)) return Error{"no whole number below 2^63"};
    return out;
}

std::string format_count(std::uint64_t value) { return with_unit(value, ""); }
std::string format_bytes(std::uint64_t value) { return with_unit(value, "B"); }

Result<std::uint64_t> parse_percent(std::string_view text) {
    Decimal number;
    std::uint64_t out = 0;
    if (!take_decimal(text, number)) return Error{"no percentage; write for example \"25%\""};
    skip_spaces(text);
    if (!text.empty() && text != "%") return Error{"no percentage; write for example \"25%\""};
    if (!scaled(number, 1, out)) return Error{"no whole percentage"};
    return out;
}

}  // namespace ajar::config
