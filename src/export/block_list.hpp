// Which sources are blocked, and for how long yet: out of what the defence has told.
#pragma once

#include <string>
#include <vector>

#include "ajar/defence/change.hpp"

namespace ajar::exporting {

struct Blocked {
    CountKey name{};
    Time since{};
    Time until{};  ///< Time::max(): while it goes on
};

/// Those that go on first, then who has longest to wait. The herald's bound is the list's
/// (defence/herald.hpp).
std::vector<Blocked> block_list(const Situation& situation);

/// "10.0.0.1 (goes on), 10.0.0.2 (12 s left) and 3 more": the first `most`; empty where nobody is blocked.
std::string block_text(const Situation& situation, Time now, std::size_t most);
/// An array of all: `name`, `since`, and where it is running out `until` and `left`, in seconds.
std::string block_json(const Situation& situation, Time now);

}  // namespace ajar::exporting
