// What was counted in the last quarter of an hour, in steps of five seconds.
#pragma once

#include <array>
#include <cstdint>
#include <deque>
#include <optional>
#include <string_view>

#include "ajar/clock.hpp"
#include "control/facts.hpp"

namespace ajar::live {

/// What is drawn over time: each only grows.
enum class Counted : std::uint8_t { packets, created, promoted, ended, evicted };
inline constexpr std::size_t kCounted = 5;

/// At one moment.
struct Sums {
    std::array<std::uint64_t, kCounted> counted{};
    std::uint64_t half_open = 0;  ///< level
    std::uint64_t flows = 0;      ///< level
};
Sums sums_of(const control::Facts& facts);

/// One thread. Bounded: kSteps.
class Trail {
public:
    static constexpr Duration kStep = std::chrono::seconds(5);
    static constexpr std::size_t kSteps = 180;

    struct Bin {
        Time begin{};                            ///< a whole multiple of kStep
        double seconds = 0;                      ///< of it that were counted
        std::array<double, kCounted> counted{};  ///< in them
        std::uint64_t half_open = 0, flows = 0;  ///< the most there were
    };

    /// `wall`: the clock of the machine. What came since the call before is spread over the time since then;
    /// where the clock was set back, that is left out.
    void add(const Sums& now, Time wall);
    /// The oldest first, without a gap; the last is not over yet.
    [[nodiscard]] const std::deque<Bin>& bins() const { return bins_; }

private:
    Bin* bin_at(Time t);
    void spread(const Sums& now, Time wall);

    std::deque<Bin> bins_;
    std::optional<Sums> before_;
    Time added_{};
};

}  // namespace ajar::live
