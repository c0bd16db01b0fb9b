// Where an axis has its marks, and what stands beside them.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "ajar/clock.hpp"

namespace ajar::page {

/// At most six round numbers from 0 to `most` or a little beyond. `whole`: of things that are counted.
std::vector<double> round_ticks(double most, bool whole = false);

/// "0", "250", "1,500", "12k", "1.5M": as short as the numbers of an axis are. Not negative.
std::string tick_text(double value);

struct TimeTick {
    Time time{};
    std::string text;
};

/// At most `most` round times in [begin, end], which are apart. Of a minute and more they are times of the
/// day in UTC, and midnight is called by its day; of less, seconds since `begin`.
std::vector<TimeTick> time_ticks(Time begin, Time end, std::size_t most);

/// What these times are: "UTC, 2023-11-14", "seconds since 2023-11-14 22:13:20.250 UTC".
std::string time_axis_text(Time begin, Time end);

}  // namespace ajar::page
