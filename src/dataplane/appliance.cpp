// Starting, steering and stopping the lanes.
#include "dataplane/appliance.hpp"

#include <fmt/format.h>
#include <rte_debug.h>
#include <rte_ethdev.h>
#include <rte_launch.h>
#include <rte_lcore.h>
#include <unistd.h>

#include <algorithm>

namespace ajar::dataplane {
namespace {

constexpr useconds_t kNap = 200;

int run_job(void* job) {
    (*static_cast<std::function<void()>*>(job))();
    return 0;
}

}  // namespace

Appliance::~Appliance() {
    if (launched_) stop();
}

Result<bool> Appliance::start_ports() {
    for (Port& port : ports_) {
        if (auto started = port.start(); !started) return started;
    }
    return true;
}

Result<bool> Appliance::start() {
    if (auto started = start_ports(); !started) return started;
    return launch_lanes();
}

Result<bool> Appliance::launch_lanes() {
    started_ = std::chrono::steady_clock::now();
    if (auto free = lcores_free(); !free) return free;
    launched_ = true;
    wiring_.finished.store(0, std::memory_order_relaxed);            // no lane runs yet
    wiring_.stage.store(Stage::running, std::memory_order_release);  // partner: the lanes' acquire
    for (std::size_t i = 0; i < live_.size(); ++i) {
        launch(lcores_[i], [worker = live_[i].get()] { worker->run(); });
    }
    for (std::size_t i = 0; i < lockstep_.size(); ++i) {
        launch(lcores_[i], [worker = lockstep_[i].get()] { worker->run(); });
    }
    if (reader_) launch(lcores_[wiring_.workers], [this] { reader_->run(); });
    return true;
}

// All or none: lanes wait for each other, so a part of them could not even be stopped.
Result<bool> Appliance::lcores_free() const {
    for (std::uint32_t lane = 0; lane < wiring_.lanes; ++lane) {
        if (rte_eal_get_lcore_state(lcores_[lane]) == WAIT) continue;
        return Error{fmt::format("lcore {} is busy with other work: a lane cannot run there", lcores_[lane])};
    }
    return true;
}

void Appliance::launch(unsigned lcore, std::function<void()> job) {
    jobs_.push_back(std::make_unique<Job>(Job{lcore, std::move(job)}));
    RTE_VERIFY(rte_eal_remote_launch(run_job, &jobs_.back()->work, lcore) == 0);  // lcores_free() said so
}

void Appliance::join() {
    for (const auto& job : jobs_) rte_eal_wait_lcore(job->lcore);
    jobs_.clear();
}

bool Appliance::lanes_running() const {
    return std::ranges::any_of(
        jobs_, [](const auto& job) { return rte_eal_get_lcore_state(job->lcore) == RUNNING; });
}

bool Appliance::finished() const { return launched_ && reader_ && !lanes_running(); }

bool Appliance::captures_ended() const {
    if (!expected_) return false;
    std::uint64_t delivered = 0;
    for (const PortState& port : wiring_.ports) {
        rte_eth_stats stats{};
        if (rte_eth_stats_get(port.device, &stats) != 0) return false;
        delivered += stats.ipackets + stats.ierrors + stats.rx_nombuf;
    }
    return delivered >= *expected_;
}

void Appliance::stop() { join_lanes_at(Stage::finishing); }

void Appliance::rest() { join_lanes_at(Stage::resting); }

void Appliance::join_lanes_at(Stage stage) {
    wiring_.stage.store(Stage::draining, std::memory_order_release);  // partner: the lanes' acquire
    if (!live_.empty()) run_rings_dry();
    if (stage == Stage::finishing) cut_off_ = translated();
    wiring_.stage.store(stage, std::memory_order_release);
    while (lanes_running()) {
        if (!drain_events()) usleep(kNap);
    }
    join();
    launched_ = false;
    if (!wiring_.packet_clock) guard_->count_asks(kNoSecond);
    drain_events();
}

// A frame that one lane took from a ring may be on its way into another: a fragment completes a datagram, the
// datagram goes to its owner, its frames to the lane with the tx queue. So the rings must be seen empty again
// and again, with a whole round of every lane between.
void Appliance::run_rings_dry() {
    constexpr int kHops = 4;
    for (int seen_empty = 0; seen_empty < kHops;) {
        drain_events();
        await_rounds();
        seen_empty = wiring_.rings_empty() ? seen_empty + 1 : 0;
    }
}

void Appliance::await_rounds() {
    std::vector<std::uint64_t> before;
    for (const Tally& tally : wiring_.tally) before.push_back(tally.rounds.get());
    for (std::size_t i = 0; i < before.size(); ++i) {
        while (wiring_.tally[i].rounds.get() < before[i] + 2) usleep(kNap);
    }
}

bool Appliance::take_packets(const std::function<void(const exporting::WatchedPacket&)>& take) {
    bool any = false;
    exporting::WatchedPacket packet;
    for (auto& ring : wiring_.watched) {
        for (std::size_t n = ring.capacity(); n > 0 && ring.pop(packet); --n) {
            any = true;
            take(packet);
        }
    }
    return any;
}

Ending Appliance::close() {
    Ending ending;
    const Sample last = sample();
    ending.seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - started_).count();
    ending.sums_hold = last.frames.missing() == 0;
    ending.packet_clock = wiring_.packet_clock;
    ending.faults = reader_ ? reader_->faults() : 0;
    ending.busiest = guard_->busiest();
    ending.situation = situation_;
    ending.cut_off = cut_off_;
    for (const Tally& tally : wiring_.tally) ending.packets_lost += tally.watched_lost.get();
    std::uint64_t most_kept = 0, out = 0;
    for (const Port& port : ports_) most_kept += buffers_kept(port.facts(), port.queues());
    ports_.clear();
    for (const Pool& pool : pools_) out += buffers_in_use(pool.get());
    ending.mbufs_kept = std::min(out, most_kept);
    ending.mbufs_lost = out - ending.mbufs_kept;
    return ending;
}

Time Appliance::now() const {
    return wiring_.packet_clock && !wiring_.progress.empty()
               ? Time(Duration(std::max<std::int64_t>(wiring_.progress[0].passed.load(), 0)))
               : clock_.now();
}

Sample Appliance::sample() const { return take_sample(wiring_, devices_, tracker_pointers_, now()); }

Asks Appliance::asked_lately() const {
    const Second last = second_of(now()) - 1;
    std::vector<AskPart> parts;
    for (const Tracker* tracker : tracker_pointers_) tracker->asked(last, parts);
    return sum_up(last, parts);
}

std::uint64_t Appliance::received() const {
    FrameSums sums;
    for (const Tally& tally : wiring_.tally) sums.add(tally);
    return sums.received;
}

// A worker with the packet clock may wait for room among its events before it is quiescent: main makes room.
void Appliance::await_grace_period() {
    if (!launched_) return;
    const auto token = rte_rcu_qsbr_start(wiring_.qsbr.get());
    while (rte_rcu_qsbr_check(wiring_.qsbr.get(), token, false) == 0) {
        if (!drain_events()) usleep(kNap);
    }
}

std::shared_ptr<const Policy> Appliance::snapshot(const Policy& policy) const {
    auto next = std::make_shared<Policy>(policy);
    next->drains_since = drains_since_;
    if (config_.clock == ClockSource::packet) next->probe.on = false;  // captures cannot answer
    return next;
}

void Appliance::set_policy(const Policy& policy) {
    auto next = snapshot(policy);
    wiring_.policy.store(next.get(), std::memory_order_release);  // partner: the lanes' acquire
    await_grace_period();
    const std::lock_guard held(policy_lock_);
    policy_ = std::move(next);
}

std::shared_ptr<const Policy> Appliance::policy() const {
    const std::lock_guard held(policy_lock_);
    return policy_;
}

std::uint64_t Appliance::translated() const { return sum_of(&Counters::proxied_open); }
std::uint64_t Appliance::half_open() const { return sum_of(&Counters::half_open); }
std::uint64_t Appliance::cookies_sent() const { return sum_of(&Counters::cookies_sent); }

std::uint64_t Appliance::sum_of(Counter Counters::*counter) const {
    std::uint64_t sum = 0;
    for (const Tracker* tracker : tracker_pointers_) sum += (tracker->counters().*counter).get();
    return sum;
}

void Appliance::drain() {
    drains_since_ = clock_.now();
    set_policy(*policy_);
}

// Workers' time drifts from the wall clock's (tsc_clock.hpp), which alone is a fleet's in common.
void Appliance::defend() {
    if (wiring_.packet_clock || !launched_) return;
    const Time now = clock_.now();
    const auto wall = std::chrono::time_point_cast<Duration>(std::chrono::system_clock::now());
    guard_->count_asks(second_of(now));
    guard_->update(now, wall);
}

void Appliance::hear(bool tells, std::shared_ptr<const Pending> others) {
    if (!wiring_.packet_clock) guard_->hear(tells, std::move(others));
}

Result<bool> Appliance::restart_port(std::size_t index) {
    PortState& state = wiring_.ports[index];
    state.running.store(false, std::memory_order_release);  // partner: the lanes' acquire
    await_grace_period();
    auto restarted = ports_[index].restart();
    state.running.store(restarted.ok(), std::memory_order_release);
    return restarted;
}

}  // namespace ajar::dataplane
