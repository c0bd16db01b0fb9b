// Waiting, before the end, for connections that die with the process.
//
// A connection that a cookie began is translated as long as it lives: without us its ends do not understand
// each other. Everything else stands without us. So, once asked to end, the appliance lets no such connection
// begin any more (Policy::drains_since) and goes on until none is left that is not over, or the time is up. A
// client whose cookie is on its way is waited for, too.
//
// Pure: when it began, how many are left, what time it is. What is done about it is control's.
#pragma once

#include <algorithm>
#include <chrono>
#include <cstdint>
#include <optional>

#include "ajar/policy/policy.hpp"

namespace ajar::dataplane {

class Drain {
public:
    using Clock = std::chrono::steady_clock;

    void begin(Clock::time_point now, Duration longest) {
        began_ = now;
        deadline_ = now + longest;
    }
    [[nodiscard]] bool begun() const { return began_.has_value(); }
    /// `open`: translated connections that are not over.
    [[nodiscard]] bool over(Clock::time_point now, std::uint64_t open) const {
        return now >= deadline_ || (open == 0 && now >= *began_ + kLastCookies);
    }
    [[nodiscard]] Duration left(Clock::time_point now) const {
        return std::max<Duration>(deadline_ - now, Duration(0));
    }
    /// Since it began; 0 where it did not.
    [[nodiscard]] Duration spent(Clock::time_point now) const {
        return began_ ? Duration(now - *began_) : Duration(0);
    }

private:
    std::optional<Clock::time_point> began_;
    Clock::time_point deadline_{};
};

}  // namespace ajar::dataplane
