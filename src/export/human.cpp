// How numbers are shortened for people.
#include "export/human.hpp"

#include <fmt/core.h>

#include <array>
#include <ctime>

namespace ajar::exporting {
namespace {

struct Unit {
    std::int64_t seconds;
    std::string_view name;
};

std::string two_units(std::int64_t seconds, Unit large, Unit small) {
    const auto rest = seconds % large.seconds / small.seconds;
    const auto text = fmt::format("{} {}", seconds / large.seconds, large.name);
    return rest == 0 ? text : fmt::format("{} {} {}", text, rest, small.name);
}

}  // namespace

std::string human_count(std::uint64_t n) {
    std::string digits = fmt::format("{}", n);
    for (auto i = static_cast<std::ptrdiff_t>(digits.size()) - 3; i > 0; i -= 3)
        digits.insert(static_cast<std::size_t>(i), 1, ',');
    return digits;
}

std::string human_short(double n) {
    constexpr std::array kUnits = {"", "k", "M", "G", "T"};
    std::size_t unit = 0;
    while (n >= 1000 && unit + 1 < kUnits.size()) {
        n /= 1000;
        ++unit;
    }
    return unit == 0 ? fmt::format("{:.0f}", n) : fmt::format("{:.{}f}{}", n, n < 100 ? 1 : 0, kUnits[unit]);
}

std::string human_bytes(std::uint64_t n) {
    constexpr std::array kUnits = {"B", "kB", "MB", "GB", "TB", "PB", "EB"};
    auto value = static_cast<double>(n);
    std::size_t unit = 0;
    while (value >= 999.5) {
        value /= 1000;
        ++unit;
    }
    return fmt::format("{:.3g} {}", value, kUnits[unit]);
}

std::string human_duration(Duration d) {
    using namespace std::chrono_literals;
    const auto seconds = std::chrono::duration<double>(d).count();
    if (d < 1us) return fmt::format("{} ns", d.count());
    if (d < 1ms) return fmt::format("{:.3g} us", seconds * 1e6);
    if (d < 1s) return fmt::format("{:.3g} ms", seconds * 1e3);
    if (d < 60s) return fmt::format("{:.3g} s", seconds);
    const auto whole = d / 1s;
    if (d < 1h) return two_units(whole, {60, "min"}, {1, "s"});
    if (d < 24h) return two_units(whole, {3600, "h"}, {60, "min"});
    return two_units(whole, {86400, "d"}, {3600, "h"});
}

std::string counted(std::uint64_t n, std::string_view one, std::string_view many) {
    return fmt::format("{} {}", human_count(n), n == 1 ? one : many);
}

std::string listed(const std::vector<std::string>& names) {
    std::string out;
    for (const auto& name : names) out += (out.empty() ? "" : ", ") + name;
    return out;
}

std::string utc_text(Time t) {
    const auto since = t.time_since_epoch();
    const auto seconds = static_cast<std::time_t>(since / std::chrono::seconds(1));
    std::tm parts{};
    gmtime_r(&seconds, &parts);
    return fmt::format("{:04}-{:02}-{:02} {:02}:{:02}:{:02}.{:06} UTC", parts.tm_year + 1900,
                       parts.tm_mon + 1, parts.tm_mday, parts.tm_hour, parts.tm_min, parts.tm_sec,
                       since % std::chrono::seconds(1) / std::chrono::microseconds(1));
}

std::string utc_seconds(Time t) {
    return utc_text(t).substr(0, std::string_view("2023-11-14 22:13:20").size()) + " UTC";
}

}  // namespace ajar::exporting
