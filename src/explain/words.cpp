// Times of the day, days, and how often.
#include "explain/words.hpp"

#include <fmt/format.h>

#include <cctype>

#include "export/human.hpp"

namespace ajar::explain {
namespace {

constexpr std::size_t kDayLength = 10, kClockLength = 15, kSecondsLength = 8;

}  // namespace

std::string clock_text(Time t) { return exporting::utc_text(t).substr(kDayLength + 1, kClockLength); }

std::string day_text(Time t) { return exporting::utc_text(t).substr(0, kDayLength); }

std::string about(Time t, Time beside) {
    const auto clock = clock_text(t).substr(0, kSecondsLength);
    const auto day = day_text(t);
    return day == day_text(beside) ? clock : fmt::format("{} {}", day, clock);
}

std::string times(unsigned n) {
    if (n == 1) return "once";
    return n == 2 ? "twice" : fmt::format("{} times", n);
}

std::string sentence_from(std::string text) {
    if (!text.empty())
        text.front() = static_cast<char>(std::toupper(static_cast<unsigned char>(text.front())));
    return text;
}

}  // namespace ajar::explain
