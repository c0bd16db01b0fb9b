// What a snapshot and an event have in common.
#include "control/seen.hpp"

namespace ajar::control {

Seen seen_of(const Tracker::Snapshot& flow, Time now) {
    Seen out;
    out.family = flow.family;
    out.key = flow.key;
    out.conn = flow.conn;
    out.warm = flow.warm;
    out.first = flow.warm.first();
    out.last = time_of(flow.tick, now);
    return out;
}

Seen seen_of(const Event& event) {
    Seen out;
    out.family = event.family;
    out.key = event.key;
    out.conn = event.conn;
    out.conn.set_originator(event.originator());
    out.conn.state = event.state;
    out.warm = event.warm;
    out.first = event.begun();
    out.last = event.time;
    out.reason = event.reason;
    out.flow_id = event.flow_id;
    return out;
}

}  // namespace ajar::control
