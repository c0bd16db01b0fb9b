// What does a timer cost, beside timer wheels and rte_timer: to set it, to visit it, to expire it?
//
// "arm" sets every flow's timer again, in random order: what a packet would cost that moves its flow's timer.
// "visit" collects timers whose flows have been heard since: each looks into the flow's line and is armed
// again. "expire" collects timers that are all due; "pass" looks at all while none is. Wheels have no pass,
// and rte_timer keeps its timers sorted, which is what its "arm" pays for. Ajar's ordinary packets arm
// nothing.
#include <memory>
#include <span>
#include <type_traits>
#include <vector>

#include "ajar/flow/timer_sweep.hpp"
#include "harness.hpp"
#include "wheels.hpp"
#if defined(AJAR_BENCH_DPDK)
#include <rte_cycles.h>
#include <rte_lcore.h>
#include <rte_timer.h>
#endif

namespace ajar::bench {
namespace {

constexpr std::uint32_t kTimeout = 2048, kTurn = 1024;  // ticks

/// What a visit reads.
struct alignas(64) Flow {
    std::uint32_t last_seen;
};

// Each kind: arm(i, deadline); collect(now, due) calls due(i) for those whose deadline has passed.

class Sweep4 {
public:
    static constexpr const char* kName = "ajar";
    Sweep4(Memory& memory, std::span<Flow> flows)
        : flows_(static_cast<std::uint32_t>(flows.size())), timers_(memory, flows_) {}

    void arm(std::uint32_t i, std::uint32_t deadline) {
        timers_.arm(i, Tick{deadline - kTimeout}, TimerClass::established);
    }
    template <class Due>
    void collect(std::uint32_t now, Due&& due) {
        StampTimeouts timeouts;
        timeouts.fill(kTimeout);
        (void)timers_.sweep(Tick{now}, timeouts, flows_, flows_, [&](std::uint32_t i) {
            timers_.disarm(i);
            due(i);
        });
    }

private:
    std::uint32_t flows_;
    TimerSweep timers_;
};

class Lists {
public:
    static constexpr const char* kName = "list wheel";
    Lists(Memory& memory, std::span<Flow> flows) : wheel_(memory, static_cast<std::uint32_t>(flows.size())) {}
    void arm(std::uint32_t i, std::uint32_t deadline) { wheel_.arm(i, deadline); }
    template <class Due>
    void collect(std::uint32_t now, Due&& due) {
        wheel_.collect(now, due);
    }

private:
    ListWheel wheel_;
};

/// An id cannot be taken out of an array, so nothing is armed again but by a visit.
class Arrays {
public:
    static constexpr const char* kName = "array wheel";
    Arrays(Memory& memory, std::span<Flow> flows)
        : flows_(flows), wheel_(memory, static_cast<std::uint32_t>(flows.size())) {}
    void arm(std::uint32_t i, std::uint32_t deadline) { wheel_.arm(i, deadline); }
    template <class Due>
    void collect(std::uint32_t now, Due&& due) {
        wheel_.collect(
            now, [this](std::uint32_t i) { __builtin_prefetch(&flows_[i]); }, due);
    }

private:
    std::span<Flow> flows_;
    ArrayWheel wheel_;
};

#if defined(AJAR_BENCH_DPDK)
/// Its time is the machine's: deadlines of this turn have passed, later ones are a minute away.
class RteTimers {
public:
    static constexpr const char* kName = "rte_timer";
    RteTimers(Memory&, std::span<Flow> flows) : timers_(flows.size()) {
        start_eal();
        rte_timer_subsystem_init();
        for (auto& t : timers_) rte_timer_init(&t);
    }
    ~RteTimers() {
        for (auto& t : timers_) rte_timer_stop(&t);
    }
    RteTimers(const RteTimers&) = delete;
    RteTimers& operator=(const RteTimers&) = delete;

    void arm(std::uint32_t i, std::uint32_t deadline) {
        const auto ticks = deadline - now_ < kTurn
                               ? deadline % 1000
                               : rte_get_timer_hz() * 60 + (deadline % 1000) * 1'000'000ULL;
        rte_timer_reset(&timers_[i], ticks, SINGLE, rte_lcore_id(), note, this);
    }
    template <class Due>
    void collect(std::uint32_t now, Due&& due) {
        now_ = now;
        visit_ = [](void* context, std::uint32_t i) { (*static_cast<Due*>(context))(i); };
        context_ = &due;
        rte_timer_manage();
    }

private:
    static void note(rte_timer* timer, void* self) {
        auto& me = *static_cast<RteTimers*>(self);
        me.visit_(me.context_, static_cast<std::uint32_t>(timer - me.timers_.data()));
    }
    std::vector<rte_timer> timers_;
    std::uint32_t now_ = 0;
    void (*visit_)(void*, std::uint32_t) = nullptr;
    void* context_ = nullptr;
};
#endif

/// Timers of one kind, the flows' lines, and a clock that the bench moves.
template <class Timers>
class Bench {
public:
    explicit Bench(std::uint32_t flows)
        : memory_(setup().pages), flows_(take_array<Flow>(memory_, flows)), timers_(memory_, flows_) {}

    /// All fall due within the turn, in no order.
    void arm_all(std::uint32_t from) {
        const auto n = static_cast<std::uint32_t>(flows_.size());
        for (std::uint32_t i = 0; i < n; ++i)
            timers_.arm(shuffled(i, n), now_ + from + 1 + static_cast<std::uint32_t>(mixed(i) % 1000));
    }
    void hear_all() {
        for (auto& f : flows_) f.last_seen = now_ + kTurn / 2;
    }
    /// Those heard of late are armed again; returns how many were not.
    std::uint64_t turn(std::uint64_t& visits) {
        std::uint64_t expired = 0;
        now_ += kTurn;
        timers_.collect(now_, [&](std::uint32_t i) {
            ++visits;
            const auto deadline = flows_[i].last_seen + kTimeout;
            if (deadline - now_ < kSlots)
                timers_.arm(i, deadline);
            else
                ++expired;
        });
        return expired;
    }
    /// The same of those that have run out, whose lines nobody reads.
    std::uint64_t expire() {
        std::uint64_t expired = 0;
        now_ += kTurn;
        timers_.collect(now_, [&](std::uint32_t) { ++expired; });
        return expired;
    }
    Timers& timers() { return timers_; }
    [[nodiscard]] std::uint32_t now() const { return now_; }

private:
    PageMemory memory_;
    std::span<Flow> flows_;
    Timers timers_;
    std::uint32_t now_ = 1;
};

template <class Timers>
void arm(::benchmark::State& state, std::uint32_t flows) {
    Bench<Timers> bench(flows);
    bench.arm_all(kTurn);
    std::uint32_t n = 0;
    constexpr std::uint32_t kAtOnce = 1U << 14U;
    for (auto _ : state) {
        const auto start = stopwatch();
        for (std::uint32_t i = 0; i < kAtOnce; ++i, ++n)
            bench.timers().arm(shuffled(n, flows), bench.now() + kTurn + n % 1000);
        state.SetIterationTime(static_cast<double>(stopwatch() - start) * 1e-9);
    }
    state.SetItemsProcessed(static_cast<std::int64_t>(state.iterations()) * kAtOnce);
}

template <class Timers>
void visit(::benchmark::State& state, std::uint32_t flows) {
    Bench<Timers> bench(flows);
    for (auto _ : state) {
        bench.arm_all(0);
        bench.hear_all();
        std::uint64_t visits = 0;
        const auto start = stopwatch();
        const auto expired = bench.turn(visits);
        state.SetIterationTime(static_cast<double>(stopwatch() - start) * 1e-9);
        if (visits != flows || expired != 0) state.SkipWithError("not one visit a flow");
        bench.expire();  // what the visits have armed lies within two turns
        bench.expire();
    }
    state.SetItemsProcessed(static_cast<std::int64_t>(state.iterations()) * flows);
}

template <class Timers>
void expire(::benchmark::State& state, std::uint32_t flows) {
    Bench<Timers> bench(flows);
    for (auto _ : state) {
        bench.arm_all(0);
        const auto start = stopwatch();
        const auto expired = bench.expire();
        state.SetIterationTime(static_cast<double>(stopwatch() - start) * 1e-9);
        if (expired != flows) state.SkipWithError("not all timers expired");
    }
    state.SetItemsProcessed(static_cast<std::int64_t>(state.iterations()) * flows);
}

/// One stamp is due, so that no bound cuts the pass short.
void pass(::benchmark::State& state, std::uint32_t flows) {
    Bench<Sweep4> bench(flows);
    bench.arm_all(kTurn);
    for (auto _ : state) {
        bench.timers().arm(0, 1);
        std::uint64_t due = 0;
        const auto start = stopwatch();
        bench.timers().collect(bench.now(), [&](std::uint32_t) { ++due; });
        state.SetIterationTime(static_cast<double>(stopwatch() - start) * 1e-9);
        if (due != 1) state.SkipWithError("not the one timer expired");
    }
    state.SetItemsProcessed(static_cast<std::int64_t>(state.iterations()) * flows);
}

template <class Timers>
void register_timers(std::uint32_t flows) {
    if constexpr (!std::is_same_v<Timers, Arrays>)
        run("arm", flows, Timers::kName, [flows](auto& s) { arm<Timers>(s, flows); });
    run("visit", flows, Timers::kName, [flows](auto& s) { visit<Timers>(s, flows); });
    run("expire", flows, Timers::kName, [flows](auto& s) { expire<Timers>(s, flows); });
}

}  // namespace

void register_runs() {
    for (const auto flows : setup().flows) {
        register_timers<Sweep4>(flows);
        run("pass", flows, "ajar", [flows](auto& s) { pass(s, flows); });
        register_timers<Lists>(flows);
        register_timers<Arrays>(flows);
#if defined(AJAR_BENCH_DPDK)
        // Its skip lists take minutes to fill beyond.
        if (flows <= 1U << 20U) register_timers<RteTimers>(flows);
#endif
    }
}

}  // namespace ajar::bench
