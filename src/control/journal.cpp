// A bucket of lines.
#include "control/journal.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace ajar::control {
namespace {

constexpr std::size_t kLongest = 200;

/// One line of a log, whatever came.
std::string in_one_line(std::string_view text) {
    std::string out;
    for (const char c : text.substr(0, kLongest)) out += c >= 0x20 && c < 0x7f ? c : '?';
    return text.size() > kLongest ? out + "..." : out;
}

}  // namespace

void Journal::tell(std::string_view who, std::string_view request, Clock::time_point now) {
    if (!put_) return;
    const auto more = static_cast<std::uint64_t>(std::max<std::int64_t>((now - refilled_) / kApart, 0));
    if (more != 0) {
        left_ = std::min(kAtOnce, left_ + std::min(more, kAtOnce));
        refilled_ = now;
    }
    if (left_ == 0) {
        ++untold_;
        return;
    }
    --left_;
    if (untold_ != 0) put_(fmt::format("control: {} further requests are not told here", untold_));
    untold_ = 0;
    put_(fmt::format("control: {}: {}", who, in_one_line(request)));
}

}  // namespace ajar::control
