// Who has changed what: a line of the log for each request that changes the appliance, but never a flood of
// them.
#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <string>
#include <string_view>

namespace ajar::control {

/// One thread.
class Journal {
public:
    using Clock = std::chrono::steady_clock;
    static constexpr std::uint64_t kAtOnce = 50;
    static constexpr auto kApart = std::chrono::milliseconds(100);  ///< then one so often

    /// `put` takes a line; none: nothing is told.
    explicit Journal(std::function<void(const std::string&)> put) : put_(std::move(put)) {}

    /// `request` as it came. What is not told is counted, and that is told with the next line.
    void tell(std::string_view who, std::string_view request, Clock::time_point now);

private:
    std::function<void(const std::string&)> put_;
    std::uint64_t left_ = kAtOnce;
    std::uint64_t untold_ = 0;
    Clock::time_point refilled_{};
};

}  // namespace ajar::control
