// Does a sweep ever fire early, or later than its deadline plus a pass, whatever happens between calls?
#include <gtest/gtest.h>
#include <rapidcheck.h>
#include <rapidcheck/gtest.h>

#include <map>
#include <vector>

#include "ajar/flow/timer_sweep.hpp"

namespace ajar {
namespace {

constexpr std::uint32_t kFlows = 64;
using Step = std::tuple<std::uint32_t, std::uint32_t, std::uint32_t>;  // ticks that pass, flow, class

struct Armed {
    Tick tick;
    std::uint32_t cls;
};

StampTimeouts random_timeouts() {
    StampTimeouts t;
    for (auto& limit : t) {
        limit = *rc::gen::oneOf(rc::gen::inRange<std::uint32_t>(0, 300), rc::gen::just(15U * 8640000U));
    }
    return t;
}

std::vector<Step> random_steps() {
    const auto length = *rc::gen::inRange<std::size_t>(0, 300);
    return *rc::gen::container<std::vector<Step>>(
        length,
        rc::gen::tuple(rc::gen::inRange<std::uint32_t>(0, 20), rc::gen::inRange<std::uint32_t>(0, kFlows),
                       rc::gen::inRange<std::uint32_t>(0, kTimerClassCount)));
}

/// The timers and a map beside them.
class Both {
public:
    explicit Both(Tick start) : now_(start) {}

    void step(const Step& s) {
        const auto [passes, flow, cls] = s;
        now_ = now_ + passes;
        if (cls == static_cast<std::uint32_t>(TimerClass::untimed)) {
            timers_.disarm(flow);
            armed_.erase(flow);
        } else {
            timers_.arm(flow, now_, static_cast<TimerClass>(cls));
            armed_[flow] = {now_, cls};
        }
    }

    /// Whatever is handed out must be due and is disarmed.
    Sweep sweep(const StampTimeouts& limits, std::size_t budget) {
        return timers_.sweep(now_, limits, budget, kFlows, [&](std::uint32_t i) {
            RC_ASSERT(armed_.count(i) == 1);
            RC_ASSERT(left(armed_.at(i), limits) <= 0);
            armed_.erase(i);
            timers_.disarm(i);
        });
    }

    void expect_sound(const Sweep& last, const StampTimeouts& limits) const {
        auto least = StampClock::kNever;
        for (const auto& [i, a] : armed_) least = std::min(least, left(a, limits));
        if (armed_.empty()) return;
        RC_ASSERT(timers_.bound().has_value());
        RC_ASSERT(*timers_.bound() - now_ <= std::max(least, 0));
        if (last.clear) RC_ASSERT(least > 0);
    }

    [[nodiscard]] std::size_t armed() const { return armed_.size(); }
    void pass(std::uint32_t ticks) { now_ = now_ + ticks; }

private:
    [[nodiscard]] std::int32_t left(const Armed& a, const StampTimeouts& limits) const {
        return (a.tick + limits[a.cls]) - now_;
    }

    PageMemory memory_;
    TimerSweep timers_{memory_, kFlows};
    std::map<std::uint32_t, Armed> armed_;
    Tick now_;
};

Tick random_start() {
    return Tick{*rc::gen::elementOf(std::vector<std::uint32_t>{0, (1U << 28U) - 200, 0xffffff00U, 12345678})};
}

RC_GTEST_PROP(FlowTimers, AWholePassLeavesNothingDue, ()) {
    const auto limits = random_timeouts();
    Both pair(random_start());
    for (const auto& s : random_steps()) {
        pair.step(s);
        const auto done = pair.sweep(limits, kFlows);
        RC_ASSERT(done.clear);
        pair.expect_sound(done, limits);
    }
    pair.pass(16U * 8640000U);
    RC_ASSERT(pair.sweep(limits, kFlows).clear);
    RC_ASSERT(pair.armed() == 0);
}

RC_GTEST_PROP(FlowTimers, PartsOfAPassAndChangingTimeoutsLoseNothing, ()) {
    auto limits = random_timeouts();
    Both pair(random_start());
    for (const auto& s : random_steps()) {
        pair.step(s);
        if (std::get<0>(s) == 19) limits = random_timeouts();
        const auto done = pair.sweep(limits, 8 * (1 + std::get<1>(s) % 3));
        pair.expect_sound(done, limits);
    }
    for (Sweep done; !done.clear;) done = pair.sweep(limits, 8);
    pair.expect_sound({0, true}, limits);
    pair.pass(16U * 8640000U);
    for (Sweep done; !done.clear;) done = pair.sweep(limits, 8);
    RC_ASSERT(pair.armed() == 0);
}

/// With k calls to a pass and one call a tick, nothing is collected later than two passes after its deadline:
/// the one under way may be past it already.
RC_GTEST_PROP(FlowTimers, LatenessIsBoundedByThePass, ()) {
    constexpr std::uint32_t kCallsPerPass = kFlows / kStampBlock;
    PageMemory memory;
    TimerSweep timers(memory, kFlows);
    StampTimeouts limits;
    limits.fill(*rc::gen::inRange<std::uint32_t>(1, 60));
    const auto start = random_start();
    const auto births =
        *rc::gen::container<std::vector<std::uint32_t>>(kFlows, rc::gen::inRange<std::uint32_t>(0, 50));
    std::uint32_t collected = 0;
    for (std::uint32_t t = 0; t < 200; ++t) {
        const auto now = start + t;
        for (std::uint32_t i = 0; i < kFlows; ++i) {
            if (births[i] == t) timers.arm(i, now, TimerClass::established);
        }
        (void)timers.sweep(now, limits, kStampBlock, kFlows, [&](std::uint32_t i) {
            const auto deadline = births[i] + limits[0];
            RC_ASSERT(t >= deadline && t <= deadline + 2 * kCallsPerPass);
            timers.disarm(i);
            ++collected;
        });
    }
    RC_ASSERT(collected == kFlows);
}

}  // namespace
}  // namespace ajar
