// From the timestamp of a capture to an instant.
#pragma once

#include <cstdint>

#include "ajar/clock.hpp"

namespace ajar {

/// Seconds of a pcap file are 32 bits without a sign, which libpcap extends as if they had one. What no
/// instant can hold becomes the last that can.
inline Time capture_time(std::int64_t seconds, std::int64_t nanoseconds) {
    constexpr std::int64_t kWrap = std::int64_t{1} << 32U;
    constexpr std::int64_t kLast = Time::max().time_since_epoch().count() / 1'000'000'000 - 1;
    if (seconds < 0) seconds += kWrap;
    if (seconds < 0 || seconds > kLast) return Time(std::chrono::seconds(kLast));
    return Time(std::chrono::seconds(seconds) + std::chrono::nanoseconds(nanoseconds));
}

}  // namespace ajar
