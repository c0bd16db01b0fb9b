// Which changes of the defence become a line in the log: a flood never floods it.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "ajar/defence/change.hpp"

namespace ajar::dataplane {

/// kBurst lines at once, one more for each kEvery; what exceeds that is counted, and told with the next line
/// that may be.
class ChangeLog {
public:
    static constexpr std::uint32_t kBurst = 20;
    static constexpr Duration kEvery = std::chrono::seconds(1);

    /// In the order of time.
    void add(const Change& change);
    /// Lines since the last call.
    [[nodiscard]] std::vector<std::string> take();
    /// Beside those, changes that no line has told of yet: one more line, if there are any.
    [[nodiscard]] std::vector<std::string> take_all();

private:
    bool allowed(Time now);
    void tell_of_untold();

    std::vector<std::string> lines_;
    std::uint32_t credit_ = kBurst;
    Time refilled_{};
    std::uint64_t untold_ = 0;
};

}  // namespace ajar::dataplane
