// When is a server that was not there tried again?
//
// After 0.1 s, then after twice as long each time, up to 10 s; each wait is drawn between a half and one and
// a half of that, so that a fleet does not come back as one.
#pragma once

#include <algorithm>
#include <chrono>
#include <random>

#include "share/news.hpp"

namespace ajar::share {

class BackOff {
public:
    static constexpr auto kFirst = std::chrono::milliseconds(100);
    static constexpr auto kLast = std::chrono::milliseconds(10'000);

    explicit BackOff(std::uint64_t seed) : draw_(seed) {}

    Clock::time_point failed(Clock::time_point now) {
        std::uniform_real_distribution<double> part(0.5, 1.5);
        const auto wait = std::chrono::duration_cast<Clock::duration>(next_ * part(draw_));
        next_ = std::min<std::chrono::milliseconds>(2 * next_, kLast);
        return now + wait;
    }
    void succeeded() { next_ = kFirst; }

private:
    std::mt19937_64 draw_;
    std::chrono::milliseconds next_ = kFirst;
};

}  // namespace ajar::share
