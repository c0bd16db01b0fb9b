// What stands behind the Tracker's pointer.
#pragma once

#include "ajar/tracker.hpp"
#include "tracker/shard.hpp"

namespace ajar {

struct Tracker::Impl : tracker::Shard {
    using Shard::Shard;
};

}  // namespace ajar
