// The time of an event, read back.
#include <charconv>
#include <optional>
#include <string_view>

#include "explain/fields.hpp"

namespace ajar::explain {
namespace {

/// Decimal digits and nothing else.
std::optional<int> digits(std::string_view text) {
    int value = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
    if (error != std::errc{} || end != text.data() + text.size() || text.front() == '-') return std::nullopt;
    return value;
}

std::optional<Time> day_of(std::string_view text) {
    const auto year = digits(text.substr(0, 4)), month = digits(text.substr(5, 2)),
               day = digits(text.substr(8, 2));
    if (!year || !month || !day || *year < 1970 || *year > 2200) return std::nullopt;
    const std::chrono::year_month_day date{std::chrono::year(*year),
                                           std::chrono::month(static_cast<unsigned>(*month)),
                                           std::chrono::day(static_cast<unsigned>(*day))};
    if (!date.ok()) return std::nullopt;
    return Time(std::chrono::sys_days(date));
}

std::optional<Duration> clock_of(std::string_view text) {
    const auto hours = digits(text.substr(0, 2)), minutes = digits(text.substr(3, 2)),
               seconds = digits(text.substr(6, 2)), micro = digits(text.substr(9, 6));
    if (!hours || !minutes || !seconds || !micro || *hours > 23 || *minutes > 59 || *seconds > 60)
        return std::nullopt;
    return std::chrono::hours(*hours) + std::chrono::minutes(*minutes) + std::chrono::seconds(*seconds) +
           std::chrono::microseconds(*micro);
}

}  // namespace

std::optional<Time> parse_iso_time(std::string_view text) {
    constexpr std::string_view kShape = "0000-00-00T00:00:00.000000+0000";
    if (text.size() != kShape.size() || !text.ends_with("+0000")) return std::nullopt;
    for (const std::size_t i : {4U, 7U, 10U, 13U, 16U, 19U})
        if (text[i] != kShape[i]) return std::nullopt;
    const auto day = day_of(text);
    const auto clock = clock_of(text.substr(11));
    if (!day || !clock) return std::nullopt;
    return *day + *clock;
}

}  // namespace ajar::explain
