// What does a timer cost, beside rte_timer: to set it, to pass it by, to expire it?
//
// "arm" sets every flow's timer in random order, "expire" collects timers that are all due, "pass" looks at
// all while none is due. rte_timer has no pass: it keeps its timers sorted, which is what its "arm" pays for.
// What is not shown: an ordinary packet writes no stamp, rte_timer would have to be set again.
#include <memory>
#include <vector>

#include "ajar/flow/timer_sweep.hpp"
#include "harness.hpp"
#if defined(AJAR_BENCH_DPDK)
#include <rte_cycles.h>
#include <rte_lcore.h>
#include <rte_timer.h>
#endif

namespace ajar::bench {
namespace {

StampTimeouts timeouts() {
    StampTimeouts t;
    for (std::uint32_t c = 0; c < t.size(); ++c) t[c] = 1000 * (c + 1);
    return t;
}

std::uint32_t shuffled(std::uint32_t i, std::uint32_t flows) { return (i * 0x9e3779b1U) & (flows - 1); }

class AjarTimers {
public:
    static constexpr const char* kName = "ajar";
    explicit AjarTimers(std::uint32_t flows)
        : flows_(flows), memory_(setup().pages), timers_(memory_, flows) {}

    /// Runs out some time after now, or has.
    void arm(std::uint32_t i, std::uint32_t random, bool due) {
        timers_.arm(i, Tick{random % 1000 + (due ? 0 : kNow)}, static_cast<TimerClass>(random % 15));
    }
    std::uint64_t collect() {
        std::uint64_t expired = 0;
        (void)timers_.sweep(Tick{kNow}, timeouts(), flows_, flows_, [&](std::uint32_t i) {
            timers_.disarm(i);
            ++expired;
        });
        return expired;
    }

private:
    static constexpr std::uint32_t kNow = 100'000;
    std::uint32_t flows_;
    PageMemory memory_;
    TimerSweep timers_;
};

#if defined(AJAR_BENCH_DPDK)
class RteTimers {
public:
    static constexpr const char* kName = "rte_timer";
    explicit RteTimers(std::uint32_t flows) : timers_(flows) {
        start_eal();
        rte_timer_subsystem_init();
        for (auto& t : timers_) rte_timer_init(&t);
    }
    ~RteTimers() {
        for (auto& t : timers_) rte_timer_stop(&t);
    }
    RteTimers(const RteTimers&) = delete;
    RteTimers& operator=(const RteTimers&) = delete;

    void arm(std::uint32_t i, std::uint32_t random, bool due) {
        const auto ticks = due ? random % 1000 : rte_get_timer_hz() * (60 + random % 100);
        rte_timer_reset(&timers_[i], ticks, SINGLE, rte_lcore_id(), count, &expired_);
    }
    std::uint64_t collect() {
        expired_ = 0;
        rte_timer_manage();
        return expired_;
    }

private:
    static void count(rte_timer*, void* expired) { ++*static_cast<std::uint64_t*>(expired); }
    std::vector<rte_timer> timers_;
    std::uint64_t expired_ = 0;
};
#endif

template <class Timers>
void arm(::benchmark::State& state, std::uint32_t flows) {
    const auto timers = std::make_unique<Timers>(flows);
    for (std::uint32_t i = 0; i < flows; ++i) timers->arm(shuffled(i, flows), i, false);
    std::uint32_t n = 0;
    constexpr std::uint32_t kAtOnce = 1U << 14U;
    for (auto _ : state) {
        const auto start = stopwatch();
        for (std::uint32_t i = 0; i < kAtOnce; ++i, ++n) {
            timers->arm(shuffled(n * 7, flows), static_cast<std::uint32_t>(n * 0x85ebca6bU), false);
        }
        state.SetIterationTime(static_cast<double>(stopwatch() - start) * 1e-9);
    }
    state.SetItemsProcessed(static_cast<std::int64_t>(state.iterations()) * kAtOnce);
}

template <class Timers>
void expire(::benchmark::State& state, std::uint32_t flows) {
    const auto timers = std::make_unique<Timers>(flows);
    for (auto _ : state) {
        for (std::uint32_t i = 0; i < flows; ++i) timers->arm(shuffled(i, flows), i, true);
        const auto start = stopwatch();
        const auto expired = timers->collect();
        state.SetIterationTime(static_cast<double>(stopwatch() - start) * 1e-9);
        if (expired != flows) state.SkipWithError("not all timers expired");
    }
    state.SetItemsProcessed(static_cast<std::int64_t>(state.iterations()) * flows);
}

/// One stamp is due, so that no bound cuts the pass short.
void pass(::benchmark::State& state, std::uint32_t flows) {
    AjarTimers timers(flows);
    for (std::uint32_t i = 0; i < flows; ++i) timers.arm(i, i, false);
    for (auto _ : state) {
        timers.arm(0, 0, true);
        const auto start = stopwatch();
        if (timers.collect() != 1) state.SkipWithError("not the one timer expired");
        state.SetIterationTime(static_cast<double>(stopwatch() - start) * 1e-9);
    }
    state.SetItemsProcessed(static_cast<std::int64_t>(state.iterations()) * flows);
}

template <class Timers>
void register_timers(std::uint32_t flows) {
    run("arm", flows, Timers::kName, [flows](auto& s) { arm<Timers>(s, flows); });
    run("expire", flows, Timers::kName, [flows](auto& s) { expire<Timers>(s, flows); });
}

}  // namespace

void register_runs() {
    for (const auto flows : sizes()) {
        register_timers<AjarTimers>(flows);
        run("pass", flows, "ajar", [flows](auto& s) { pass(s, flows); });
#if defined(AJAR_BENCH_DPDK)
        register_timers<RteTimers>(flows);
#endif
    }
}

}  // namespace ajar::bench
