// Rationing lines.
#include "dataplane/change_log.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "export/changes.hpp"
#include "export/human.hpp"

namespace ajar::dataplane {

bool ChangeLog::allowed(Time now) {
    const auto earned = (now - refilled_) / kEvery;
    if (earned > 0) {
        credit_ = static_cast<std::uint32_t>(std::min<std::int64_t>(kBurst, credit_ + earned));
        refilled_ = now;
    }
    if (credit_ == 0) return false;
    --credit_;
    return true;
}

void ChangeLog::tell_of_untold() {
    const auto n = std::exchange(untold_, 0);
    if (n == 0) return;
    lines_.push_back(fmt::format("defence  and {}, in the event file",
                                 exporting::counted(n, "more change", "more changes")));
}

void ChangeLog::add(const Change& change) {
    if (!allowed(change.time)) {
        ++untold_;
        return;
    }
    tell_of_untold();
    lines_.push_back(
        fmt::format("defence  {}  {}", exporting::utc_text(change.time), exporting::line_of(change)));
}

std::vector<std::string> ChangeLog::take() { return std::exchange(lines_, {}); }

std::vector<std::string> ChangeLog::take_all() {
    tell_of_untold();
    return take();
}

}  // namespace ajar::dataplane
