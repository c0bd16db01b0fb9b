// Control's part of the defence in an appliance: the posture of an epoch, told to the lanes, and old ones
// given back when no lane looks at them any more.
#pragma once

#include <deque>
#include <memory>
#include <vector>

#include "ajar/defence/defence.hpp"
#include "ajar/flow/asks.hpp"
#include "dataplane/wiring.hpp"

namespace ajar::dataplane {

/// Of one thread: main's, or with the packet clock the reader's.
class Guard {
public:
    Guard(Wiring& wiring, const std::vector<Tracker*>& trackers, const TableSizes& sizes,
          const tcp::cookie::Secret& secret);

    /// Lanes see the new posture with their next burst. `wall`: now, by the clock that a fleet shares.
    void update(Time now, Time wall);
    /// At an epoch, when all that was asked in the second before has been judged; kNoSecond at the end.
    void count_asks(Second now);
    [[nodiscard]] bool in_second(Second now) const { return second_ == now; }
    [[nodiscard]] const Asks& busiest() const { return busiest_.get(); }
    /// Is there anything that a posture could say?
    [[nodiscard]] bool wanted() const;

private:
    struct Former {
        std::shared_ptr<const Posture> posture;
        std::uint64_t token;  // of the RCU: passed when all lanes have been quiescent since
    };

    Wiring& wiring_;
    std::vector<Tracker*> trackers_;
    Defence defence_;
    std::shared_ptr<const Posture> current_;
    std::deque<Former> former_;
    Second second_ = kNoSecond;  // under way
    Busiest busiest_;
};

}  // namespace ajar::dataplane
