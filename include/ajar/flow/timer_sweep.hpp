// When confirmed flows run out: a dense array of stamps, swept by comparison.
//
// A stamp is 28 bits of the tick at which the flow's time began and 4 bits of timer class; its deadline is
// that tick plus the timeout of its class, so a change of one timeout reaches a whole class at once. Only a
// transition writes a stamp. An ordinary packet writes the tick in its entry, so a stamp may be older than
// the flow's last packet, never younger: what looks due is handed to the caller, who looks into the entry,
// and either ends the flow or arms the stamp again. A sweep over stamps costs about 0.1 ns each, against 19
// ns for relinking a flow at every packet.
//
// 28 bits of 10 ms are 31 days, and ages are taken modulo that. Timeouts reach 15 days, so an age is read
// rightly as long as a due stamp is collected within 15 days of its deadline: a caller whose time jumps by
// more completes passes at steps in between. No stamp lies in the future of a sweep.
//
// Until bound() there is nothing to sweep: it lies at or before every deadline to come. A completed pass
// finds it anew.
#pragma once

#include <algorithm>
#include <array>
#include <bit>
#include <cstdint>
#include <optional>
#include <span>
#include <utility>

#include "ajar/clock.hpp"
#include "ajar/flow/memory.hpp"
#include "ajar/flow/stamps.hpp"
#include "ajar/tcp/state.hpp"

namespace ajar {

struct Sweep {
    std::size_t visited = 0;  ///< stamps looked at
    bool clear = false;       ///< nothing at all is due at this instant
};

class TimerSweep {
public:
    static constexpr std::uint64_t bytes_for(std::uint32_t capacity) {
        return std::uint64_t{capacity} * sizeof(Stamp);
    }
    TimerSweep(Memory& memory, std::uint32_t capacity)
        : stamps_(take_array<Stamp>(memory, (capacity + kStampBlock - 1) / kStampBlock * kStampBlock)) {}

    /// The time of flow `i` in `cls` began at `tick`.
    void arm(std::uint32_t i, Tick tick, TimerClass cls) {
        stamps_[i] = Stamp::of(tick, cls);
        const auto deadline = tick + timeouts_[static_cast<std::size_t>(cls)];
        lower(bound_, deadline);
        lower(pass_bound_, deadline);
    }
    void disarm(std::uint32_t i) { stamps_[i] = Stamp{}; }
    /// Disarmed, and its place keeps a number below 2^28.
    void park(std::uint32_t i, std::uint32_t number) {
        stamps_[i] = Stamp::of(Tick{number}, TimerClass::untimed);
    }
    /// Of a flow that was parked, and not armed or disarmed since.
    [[nodiscard]] std::uint32_t parked(std::uint32_t i) const { return stamps_[i].bits >> 4U; }
    /// Stamps below `limit` of these classes, a bit each, look due at `now`, so the next pass asks the caller
    /// about each.
    void doubt(Tick now, const StampTimeouts& timeouts, std::uint32_t classes, std::uint32_t limit);
    [[nodiscard]] TimerClass timer_class(std::uint32_t i) const { return stamps_[i].timer_class(); }

    /// Goes on where the last call stopped, looks at about `budget` stamps below `limit` and calls due(i) for
    /// those whose time is up at `now`; it arms or disarms i, and may do so with others, and may lower the
    /// budget, by about kDueCost. Ends early when the pass is complete, at once when nothing can be due.
    /// Timeouts are in ticks, at most 2^27 (15.5 days).
    ///
    /// Flows whose time is up lie far apart, so some are gathered: ahead(i) is called as each is found,
    /// soon(i) once a few are, then due(i), so that what each stage needs is fetched while others are under
    /// way.
    template <class Due, class Ahead, class Soon>
    Sweep sweep(Tick now, const StampTimeouts& timeouts, const std::size_t& budget, std::uint32_t limit,
                Due&& due, Ahead&& ahead, Soon&& soon);
    template <class Due>
    Sweep sweep(Tick now, const StampTimeouts& timeouts, const std::size_t& budget, std::uint32_t limit,
                Due&& due) {
        const auto nothing = [](std::uint32_t) {};
        return sweep(now, timeouts, budget, limit, std::forward<Due>(due), nothing, nothing);
    }
    /// A stamp is read in line with its neighbours; a flow that is due has lines of its own to be fetched.
    static constexpr std::size_t kDueCost = 512;

    /// No stamp comes due before this tick, under the timeouts of the last sweep; it may lie in the past.
    /// None: there is no stamp.
    [[nodiscard]] std::optional<Tick> bound() const { return bound_; }

private:
    static void lower(std::optional<Tick>& bound, Tick tick) {
        if (!bound || tick - *bound < 0) bound = tick;
    }
    [[nodiscard]] bool due_by(Tick now) const { return bound_ && now - *bound_ >= 0; }
    void follow(Tick now, const StampTimeouts& timeouts);

    static constexpr std::size_t kGathered = 3 * std::size_t{kStampBlock};

    std::span<Stamp> stamps_;
    std::uint32_t cursor_ = 0;
    StampTimeouts timeouts_{};        // those that the bounds were made with
    std::optional<Tick> bound_;       // of all stamps
    std::optional<Tick> pass_bound_;  // of those that this pass has seen or that were armed since it began
};

/// What a bound says under other timeouts is void: this pass and the next have to look at everything.
inline void TimerSweep::follow(Tick now, const StampTimeouts& timeouts) {
    if (timeouts == timeouts_) return;
    timeouts_ = timeouts;
    if (!bound_) return;
    bound_ = now;
    pass_bound_ = now;
}

inline void TimerSweep::doubt(Tick now, const StampTimeouts& timeouts, std::uint32_t classes,
                              std::uint32_t limit) {
    follow(now, timeouts);
    for (Stamp& stamp : stamps_.first(limit)) {
        const auto cls = stamp.timer_class();
        if (cls == TimerClass::untimed || (classes >> static_cast<unsigned>(cls) & 1U) == 0) continue;
        stamp = Stamp::of(now + (0U - timeouts[static_cast<std::size_t>(cls)]), cls);
        bound_ = pass_bound_ = now;
    }
}

template <class Due, class Ahead, class Soon>
Sweep TimerSweep::sweep(Tick now, const StampTimeouts& timeouts, const std::size_t& budget,
                        std::uint32_t limit, Due&& due, Ahead&& ahead, Soon&& soon) {
    follow(now, timeouts);
    if (cursor_ == 0) {
        if (!due_by(now)) return {0, true};
        pass_bound_.reset();
    }
    const StampClock clock(now, timeouts);
    Sweep done;
    auto soonest = StampClock::kNever;
    std::array<std::uint32_t, kGathered> found;
    while (cursor_ < limit && done.visited < budget) {
        const std::size_t most = std::min(kGathered, (budget - done.visited) / kDueCost);
        std::size_t n = 0;
        do {
            for (auto m = clock.look(&stamps_[cursor_], soonest); m != 0; m &= m - 1) {
                found[n] = cursor_ + static_cast<std::uint32_t>(std::countr_zero(m));
                ahead(found[n++]);
            }
            cursor_ += kStampBlock;
            done.visited += kStampBlock;
        } while (n + kStampBlock <= most && cursor_ < limit && done.visited < budget);
        for (const auto i : std::span(found).first(n)) soon(i);
        for (const auto i : std::span(found).first(n)) {
            // An earlier call of due() may have changed it.
            if (clock.remaining(stamps_[i]) <= 0) due(i);
        }
    }
    if (soonest != StampClock::kNever) lower(pass_bound_, now + static_cast<std::uint32_t>(soonest));
    if (cursor_ < limit) return done;
    cursor_ = 0;
    bound_ = pass_bound_;
    return {done.visited, !due_by(now)};
}

}  // namespace ajar
