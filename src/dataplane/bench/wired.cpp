// Transmissions, one after the other, while main looks after events.
#include "dataplane/bench/wired.hpp"

#include <rte_cycles.h>
#include <rte_launch.h>
#include <rte_lcore.h>
#include <unistd.h>

#include <algorithm>

#include "dataplane/bench/slices.hpp"
#include "dataplane/eal.hpp"

namespace ajar::dataplane {
void Passages::add(const Passage& p) {
    row.rates.push_back(static_cast<double>(p.returned) / p.seconds);
    row.packets += p.sent;
    row.transmitted += p.returned;
    // What came back too late for the passage before was counted there.
    row.dropped += p.sent - std::min(p.sent, p.returned);
    latency.add(p.latency);
    kept += p.kept;
    left_out += p.left_out;
}

Row Passages::finished() {
    row.wall_rates = row.rates;
    const auto us = [&](double part) { return static_cast<double>(latency.percentile(part)) / 1e3; };
    row.figures = {{"latency us p50", us(0.5)},
                   {"latency us p99", us(0.99)},
                   {"latency us p99.9", us(0.999)},
                   {"latency us longest", static_cast<double>(latency.most()) / 1e3},
                   {"intervals of 1 ms", static_cast<double>(kept)},
                   {"intervals left out, a thread lost its CPU", static_cast<double>(left_out)}};
    if (never_sent != 0)
        row.figures.emplace_back("lost in the queue before the wire", static_cast<double>(never_sent));
    return std::move(row);
}

Result<std::unique_ptr<Wired>> Wired::make(const Trial& trial, unsigned slots) {
    auto ports = RingPorts::make(slots);
    if (!ports) return Error{ports.error()};
    auto wire = Wire::make(**ports, trial.clocks);
    if (!wire) return Error{wire.error()};
    Config config = trial.config;
    config.ports = {{(*ports)->device(0), (*ports)->device(1)}};
    auto appliance = Appliance::make(config, [](const Event&) {});
    if (!appliance) return Error{appliance.error()};
    (*appliance)->wiring().share_cpus = false;  // control shares with the wire, the worker with nobody
    return std::unique_ptr<Wired>(
        new Wired(trial, std::move(*ports), std::move(*wire), std::move(*appliance)));
}

Passage Wired::pass(Traffic& traffic, double seconds, std::uint64_t under_way, std::string_view what,
                    const Beside& beside) {
    constexpr useconds_t kNap = 20'000;  // main shares the wire's CPU: rarely, and not for long
    constexpr int kAtOnce = 64;
    Wire::Job job{wire_.get(), &traffic, seconds, under_way, beside.peers, beside.patience};
    trial_.progress(what, part_done_);
    const auto lcore = worker_lcores()[1];
    if (rte_eal_remote_launch(Wire::run, &job, lcore) != 0) return {};
    constexpr unsigned kNapsALook = 25;
    for (unsigned naps = 0; rte_eal_get_lcore_state(lcore) == RUNNING; ++naps) {
        if (beside.look && naps % kNapsALook == 0) beside.look();
        for (int i = 0; i < kAtOnce && appliance_->drain_events(); ++i) {
        }
        usleep(kNap);
    }
    rte_eal_wait_lcore(lcore);
    return std::move(job.passage);
}

void Wired::fill(Traffic& traffic, Passages& into) {
    constexpr double kWhile = 0.3;
    into.add(pass(traffic, kWhile, kMany, into.row.run));
    capacity_ = spread_of(into.row.rates).median;
}

Passage Wired::paced(double load, Traffic& traffic, double seconds, Passages* into, const Beside& beside) {
    const double hz = static_cast<double>(rte_get_tsc_hz());
    Paced paced(traffic, {[] { return std::uint64_t{rte_rdtsc()}; }, hz / (load * capacity_), own_switches});
    auto passage = pass(paced, seconds, kMany, into == nullptr ? "waiting" : into->row.run, beside);
    if (into == nullptr) return passage;
    into->add(passage);
    into->never_sent += paced.lost();
    return passage;
}

}  // namespace ajar::dataplane
