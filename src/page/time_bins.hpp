// What happened when, in bounded memory: a row for each bin of time, and bins that grow wider as time grows
// longer.
//
// Bins begin at whole multiples of their width, and each width divides the next one: when there is no room,
// whole bins are added up and nothing is lost but resolution. What comes of it depends on what was added, not
// on the order: the width is the least of which kMost bins hold the first moment and the last.
#pragma once

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "ajar/clock.hpp"

namespace ajar::page {

/// From 10 us to 1000 days: whatever two times an event can have, some width has room for both.
inline constexpr std::array kBinWidths = [] {
    using namespace std::chrono_literals;
    constexpr Duration kDay = 24h;
    return std::array{Duration(10us),
                      Duration(20us),
                      Duration(100us),
                      Duration(200us),
                      Duration(1ms),
                      Duration(2ms),
                      Duration(10ms),
                      Duration(20ms),
                      Duration(100ms),
                      Duration(200ms),
                      Duration(1s),
                      Duration(2s),
                      Duration(10s),
                      Duration(30s),
                      Duration(1min),
                      Duration(2min),
                      Duration(10min),
                      Duration(30min),
                      Duration(1h),
                      Duration(2h),
                      Duration(6h),
                      Duration(12h),
                      kDay,
                      2 * kDay,
                      10 * kDay,
                      100 * kDay,
                      1000 * kDay};
}();
static_assert([] {
    for (std::size_t i = 1; i < kBinWidths.size(); ++i)
        if (kBinWidths[i] % kBinWidths[i - 1] != Duration{}) return false;
    return true;
}());

/// `Row` is default-constructed to nothing and has operator+=.
template <typename Row>
class TimeBins {
public:
    static constexpr std::size_t kMost = 240;

    /// The bin of that moment, until the next call.
    Row& at(Time t) {
        auto bin = number_of(t);
        if (rows_.empty()) first_ = bin;
        while (std::max(bin, last()) - std::min(bin, first_) >= static_cast<std::int64_t>(kMost)) {
            widen();
            bin = number_of(t);
        }
        reach(bin);
        return rows_[static_cast<std::size_t>(bin - first_)];
    }

    [[nodiscard]] Time begin() const { return Time(first_ * width()); }
    [[nodiscard]] Time end() const { return begin() + width() * static_cast<std::int64_t>(rows_.size()); }
    [[nodiscard]] Duration width() const { return kBinWidths[step_]; }
    [[nodiscard]] std::span<const Row> rows() const { return rows_; }

private:
    [[nodiscard]] std::int64_t number_of(Time t) const { return floored(t.time_since_epoch(), width()); }
    [[nodiscard]] std::int64_t last() const {
        return first_ + std::max<std::int64_t>(static_cast<std::int64_t>(rows_.size()) - 1, 0);
    }
    static std::int64_t floored(Duration of, Duration by) { return of / by - (of % by < Duration{} ? 1 : 0); }

    void reach(std::int64_t bin) {
        if (bin < first_) {
            rows_.insert(rows_.begin(), static_cast<std::size_t>(first_ - bin), Row{});
            first_ = bin;
        }
        const auto needed = static_cast<std::size_t>(bin - first_) + 1;
        if (needed > rows_.size()) rows_.resize(needed);
    }

    void widen() {
        const auto factor = kBinWidths[step_ + 1] / kBinWidths[step_];
        const auto of = [&](std::int64_t bin) { return floored(Duration(bin), Duration(factor)); };
        const auto first = of(first_);
        std::vector<Row> wider(rows_.empty() ? 0 : static_cast<std::size_t>(of(last()) - first) + 1);
        for (std::size_t i = 0; i < rows_.size(); ++i)
            wider[static_cast<std::size_t>(of(first_ + static_cast<std::int64_t>(i)) - first)] += rows_[i];
        rows_ = std::move(wider);
        first_ = first;
        ++step_;
    }

    std::size_t step_ = 0;    // of kBinWidths
    std::int64_t first_ = 0;  // the number of the first bin: its begin over the width
    std::vector<Row> rows_;
};

}  // namespace ajar::page
