// What time means to the tracker: an input, never asked for. One type for instants, one for the 10 ms ticks
// of timers.
//
// Instants are nanoseconds of the Unix epoch. `ajar run` derives them from the TSC, replay and `clock =
// "packet"` take them from the packets. A Tick counts 10 ms steps of the same epoch modulo 2^32 (497 days):
// two ticks are compared by their distance, which is right as long as it stays below 2^31.
#pragma once

#include <chrono>
#include <compare>
#include <cstdint>

namespace ajar {

using Duration = std::chrono::nanoseconds;
using Time = std::chrono::sys_time<Duration>;

inline constexpr Duration kTickLength = std::chrono::milliseconds(10);
/// Cross-shard judgement, event ordering and the packet clock's barriers go by epochs of this length.
inline constexpr Duration kEpochLength = kTickLength;

struct Tick {
    std::uint32_t count = 0;  ///< 10 ms units, modulo 2^32

    friend constexpr bool operator==(Tick, Tick) = default;
    friend constexpr Tick operator+(Tick t, std::uint32_t n) { return {t.count + n}; }
    /// Signed distance in ticks; positive when `a` is later.
    friend constexpr std::int32_t operator-(Tick a, Tick b) {
        return static_cast<std::int32_t>(a.count - b.count);
    }
};

/// The tick that contains `t` (rounded down).
constexpr Tick tick_of(Time t) {
    return {static_cast<std::uint32_t>(static_cast<std::uint64_t>(t.time_since_epoch() / kTickLength))};
}

/// Ticks that a timeout needs so that it never fires early: rounded up, plus the tick under way.
constexpr std::uint32_t ticks_for(Duration timeout) {
    return static_cast<std::uint32_t>((timeout + kTickLength - Duration(1)) / kTickLength) + 1;
}

/// The instant of tick `t`, which lies within 2^31 ticks of `near`.
constexpr Time time_of(Tick t, Time near) {
    const auto n = near.time_since_epoch() / kTickLength;
    return Time(kTickLength * (n + (t - Tick{static_cast<std::uint32_t>(static_cast<std::uint64_t>(n))})));
}

}  // namespace ajar
