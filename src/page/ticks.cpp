// Round numbers, and round times.
#include "page/ticks.hpp"

#include <fmt/format.h>

#include <array>
#include <cmath>

#include "export/human.hpp"

namespace ajar::page {
namespace {

using namespace std::chrono_literals;

constexpr Duration kShortest = 1min;  // below it seconds are counted
constexpr Duration kDay = 24h;

// Each is a whole number of what an eye counts in.
constexpr std::array kSteps = {
    Duration(1us),   Duration(2us),   Duration(5us),   Duration(10us),  Duration(20us),  Duration(50us),
    Duration(100us), Duration(200us), Duration(500us), Duration(1ms),   Duration(2ms),   Duration(5ms),
    Duration(10ms),  Duration(20ms),  Duration(50ms),  Duration(100ms), Duration(200ms), Duration(500ms),
    Duration(1s),    Duration(2s),    Duration(5s),    Duration(10s),   Duration(15s),   Duration(30s),
    Duration(1min),  Duration(2min),  Duration(5min),  Duration(10min), Duration(15min), Duration(30min),
    Duration(1h),    Duration(2h),    Duration(3h),    Duration(6h),    Duration(12h),   Duration(kDay),
    2 * kDay,        7 * kDay,        14 * kDay,       30 * kDay,       90 * kDay,       365 * kDay};

Duration step_for(Duration span, std::size_t most) {
    const auto gaps = static_cast<std::int64_t>(most > 1 ? most - 1 : 1);
    for (const Duration step : kSteps)
        if (step * gaps >= span) return step;
    const Duration year = kSteps.back();
    return year * ((span / year + gaps) / gaps);
}

/// The first whole multiple at or after `t`.
Time rounded_up(Time t, Duration step) {
    const auto since = t.time_since_epoch();
    const auto rest = since % step;
    return rest > Duration{} ? t + (step - rest) : t - rest;
}

std::string clock_of(Time t, Duration step) {
    const auto text = exporting::utc_text(t);  // 2023-11-14 22:13:20.123456 UTC
    if (t.time_since_epoch() % kDay == Duration{}) return text.substr(0, 10);
    return text.substr(11, step < 1min ? 8 : 5);
}

bool is_short(Time begin, Time end) { return end - begin < kShortest; }

}  // namespace

std::vector<double> round_ticks(double most, bool whole) {
    if (!(most > 0)) return {0, 1};
    const double power = std::pow(10, std::floor(std::log10(most / 5)));
    double step = power;
    for (const double factor : {1.0, 2.0, 2.5, 5.0, 10.0}) {
        step = factor * power;
        const bool fits = !whole || step == std::floor(step);
        if (fits && most / step <= 5) break;
    }
    std::vector<double> out;
    for (int i = 0; i <= std::ceil(most / step - 1e-9); ++i) out.push_back(i * step);
    return out;
}

std::string tick_text(double value) {
    constexpr double kShortFrom = 1e4;
    if (value >= kShortFrom)
        for (const auto& [size, unit] : {std::pair(1e9, "G"), std::pair(1e6, "M"), std::pair(1e3, "k")})
            if (value >= size) return fmt::format("{:.6g}{}", value / size, unit);
    return value == std::floor(value) ? exporting::human_count(static_cast<std::uint64_t>(value))
                                      : fmt::format("{:.6g}", value);
}

std::vector<TimeTick> time_ticks(Time begin, Time end, std::size_t most) {
    std::vector<TimeTick> out;
    if (is_short(begin, end)) {
        const Duration step = step_for(end - begin, most);
        for (Duration d{}; d <= end - begin; d += step)
            out.push_back({begin + d, fmt::format("{:.6g}", std::chrono::duration<double>(d).count())});
        return out;
    }
    // A step more than fits may still be laid between two round times.
    const Duration step = step_for(end - begin, most);
    for (Time t = rounded_up(begin, step); t <= end; t += step) out.push_back({t, clock_of(t, step)});
    return out;
}

std::string time_axis_text(Time begin, Time end) {
    const auto from = exporting::utc_text(begin), to = exporting::utc_text(end);
    if (is_short(begin, end)) return fmt::format("seconds since {} UTC", from.substr(0, 23));
    const auto first = from.substr(0, 10), last = to.substr(0, 10);
    return first == last ? fmt::format("UTC, {}", first) : fmt::format("UTC, {} to {}", first, last);
}

}  // namespace ajar::page
