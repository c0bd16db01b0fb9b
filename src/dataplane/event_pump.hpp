// How events come from the workers' rings to whoever writes them.
//
// On the TSC each goes straight on. With the packet clock they are held until every worker has passed their
// instant, then go on in the order of (time, ordinal, index), which no distribution of work can change. What
// the defence changes comes before all events of its time.
#pragma once

#include <deque>
#include <functional>
#include <limits>
#include <vector>

#include "ajar/event.hpp"
#include "ajar/tracker.hpp"
#include "dataplane/guard.hpp"
#include "dataplane/wiring.hpp"

namespace ajar::dataplane {

/// Main's alone.
class EventPump {
public:
    using Sink = std::function<void(const Event&)>;
    using Tell = std::function<void(const Change&)>;
    EventPump(Wiring& wiring, std::vector<Tracker*> trackers, ChangeRing& changes, Sink sink, Tell tell)
        : wiring_(wiring),
          trackers_(std::move(trackers)),
          changes_(changes),
          sink_(std::move(sink)),
          tell_(std::move(tell)) {}

    /// Empties the rings as they are now. True if there was anything.
    bool drain();

private:
    bool drain_changes();
    void release_before(Time end);

    Wiring& wiring_;
    std::vector<Tracker*> trackers_;
    ChangeRing& changes_;
    Sink sink_;
    Tell tell_;
    std::vector<Event> held_;
    std::deque<Change> held_changes_;
    std::int64_t released_ = std::numeric_limits<std::int64_t>::min();  // all before it has gone on
};

}  // namespace ajar::dataplane
