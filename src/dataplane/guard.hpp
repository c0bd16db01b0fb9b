// Control's part of the defence in an appliance: the posture of an epoch, told to the lanes, and old ones
// given back when no lane looks at them any more.
#pragma once

#include <deque>
#include <memory>
#include <utility>
#include <vector>

#include "ajar/defence/defence.hpp"
#include "ajar/flow/asks.hpp"
#include "ajar/spsc_ring.hpp"
#include "dataplane/wiring.hpp"

namespace ajar::dataplane {

/// Those of one update, or of several that found the ring full.
using Changes = std::vector<Change>;
/// The reader of the ring owns what it gets.
using ChangeRing = SpscRing<Changes*>;

/// Of one thread: main's, or with the packet clock the reader's.
class Guard {
public:
    ~Guard();
    Guard(const Guard&) = delete;
    Guard& operator=(const Guard&) = delete;
    Guard(Wiring& wiring, const std::vector<Tracker*>& trackers, const TableSizes& sizes,
          const tcp::cookie::Secret& secret);

    /// Lanes see the new posture with their next burst. `wall`: now, by the clock that a fleet shares. False:
    /// what has changed could not be told yet, try told().
    bool update(Time now, Time wall);
    /// Is all that has changed on its way to main? It takes it from the ring whenever it drains events.
    bool told();
    /// As Defence's.
    void hear(bool tells, std::shared_ptr<const Pending> others) { defence_.hear(tells, std::move(others)); }
    [[nodiscard]] const Pending& pending() const { return defence_.pending(); }
    /// At an epoch, when all that was asked in the second before has been judged; kNoSecond at the end.
    void count_asks(Second now);
    [[nodiscard]] bool in_second(Second now) const { return second_ == now; }
    [[nodiscard]] const Asks& busiest() const { return busiest_.get(); }
    /// Is there anything that a posture could say?
    [[nodiscard]] bool wanted() const;
    [[nodiscard]] ChangeRing& changes() { return changes_; }

private:
    void publish(std::shared_ptr<const Posture> next);
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
    std::unique_ptr<Changes> untold_;
    ChangeRing changes_{64};
};

}  // namespace ajar::dataplane
