// How many a second, of a count that only grows: what has come in the last half to whole second.
#pragma once

#include <algorithm>
#include <cstdint>

#include "ajar/clock.hpp"

namespace ajar {

/// Whose counts are compared with what they were? Those of begin(), and of the begin() before it.
class RateWindow {
public:
    static constexpr Duration kStep = std::chrono::milliseconds(500);

    /// Does a step begin? Then the counts of now become the later base, and the later the earlier one.
    bool begin(Time now) {
        if (now - later_ < kStep) return false;
        earlier_ = later_ == Time{} ? now : later_;
        later_ = now;
        return true;
    }
    /// How much a count of `rate` a second grows from the earlier base to now: at least by what comes in a
    /// step, at least by 1.
    [[nodiscard]] std::uint32_t growth(std::uint32_t rate, Time now) const {
        const auto span = static_cast<std::uint64_t>(std::max(now - earlier_, kStep).count());
        constexpr std::uint64_t kMost =
            0xffffffff;  // a span is seldom above a second, or nobody was counting
        const std::uint64_t ms = span / 1'000'000, exact = rate * std::min<std::uint64_t>(ms, kMost) / 1000;
        return static_cast<std::uint32_t>(std::clamp<std::uint64_t>(exact, 1, kMost));
    }

    /// The opposite: of a count that has grown so much, how much of that is a second's.
    [[nodiscard]] std::uint64_t a_second(std::uint64_t grown, Time now) const {
        const auto ms =
            static_cast<std::uint64_t>(std::max(now - earlier_, kStep) / std::chrono::milliseconds(1));
        return grown * 1000 / ms;
    }

private:
    Time earlier_{}, later_{};
};

}  // namespace ajar
