// How long is a frame on its way at half of what the tracker can do, and how long while a million handshakes
// expire within a second or so?
#include <fmt/format.h>
#include <rte_cycles.h>
#include <rte_launch.h>
#include <rte_lcore.h>
#include <unistd.h>

#include "dataplane/bench/paced.hpp"
#include "dataplane/bench/scenario.hpp"
#include "dataplane/bench/sizes.hpp"
#include "dataplane/bench/slices.hpp"
#include "dataplane/bench/wire.hpp"
#include "dataplane/eal.hpp"
#include "dataplane/macswap.hpp"

namespace ajar::dataplane {
namespace {

constexpr double kLoad = 0.5;
constexpr std::uint64_t kExpiring = 1U << 20U;
constexpr Duration kUnanswered = std::chrono::seconds(3);
constexpr std::uint64_t kFew = 256;    // under way: an answer stays behind its question
constexpr std::uint64_t kMany = 1024;  // under way: whoever is slower always has something to do
constexpr double kNoEnd = 1e6;         // seconds

struct Passages {
    Row row{};
    Histogram latency{};
    std::uint64_t kept = 0, left_out = 0;

    void add(const Passage& p) {
        row.rates.push_back(static_cast<double>(p.returned) / p.seconds);
        row.packets += p.sent;
        row.transmitted += p.returned;
        row.dropped += p.sent - p.returned;
        latency.add(p.latency);
        kept += p.kept;
        left_out += p.left_out;
    }
    Row finished() {
        row.wall_rates = row.rates;
        const auto us = [&](double part) { return static_cast<double>(latency.percentile(part)) / 1e3; };
        row.figures = {{"latency us p50", us(0.5)},
                       {"latency us p99", us(0.99)},
                       {"latency us p99.9", us(0.999)},
                       {"latency us longest", static_cast<double>(latency.most()) / 1e3},
                       {"intervals of 1 ms", static_cast<double>(kept)},
                       {"intervals left out, a thread lost its CPU", static_cast<double>(left_out)}};
        return std::move(row);
    }
};

/// One appliance on rings, and what is sent through it.
class Bench {
public:
    Bench(const Trial& trial, std::unique_ptr<RingPorts> ports, std::unique_ptr<Wire> wire,
          std::unique_ptr<Appliance> appliance)
        : trial_(trial),
          ports_(std::move(ports)),
          wire_(std::move(wire)),
          appliance_(std::move(appliance)),
          slices_(appliance_->wiring()),
          shape_(trial.shape(appliance_->wiring(), 0, 0)),
          data_(add_data(cast_, trial, shape_, trial.flows)) {}

    Result<Findings> run();

private:
    Passage pass(Traffic& traffic, double seconds, std::uint64_t under_way, std::string_view what);
    Passage paced(Traffic& traffic, double seconds, Passages* into);
    void one_round(Flood& flood, Passages& quiet, Passages& expiring);
    void add_slices(Findings& out) const;
    [[nodiscard]] Row row(const std::string& name) const {
        return {.run = name, .flows = trial_.flows, .workers = 1};
    }

    const Trial& trial_;
    std::unique_ptr<RingPorts> ports_;
    std::unique_ptr<Wire> wire_;
    std::unique_ptr<Appliance> appliance_;
    SliceWatch slices_;
    Cast cast_;
    Shape shape_;
    Traffic& data_;
    double capacity_ = 0;
    double part_done_ = 0;
};

Passage Bench::pass(Traffic& traffic, double seconds, std::uint64_t under_way, std::string_view what) {
    constexpr useconds_t kNap = 20'000;  // rarely: main shares the wire's CPU
    Wire::Job job{wire_.get(), &traffic, seconds, under_way};
    trial_.progress(what, part_done_);
    const auto lcore = worker_lcores()[1];
    if (rte_eal_remote_launch(Wire::run, &job, lcore) != 0) return {};
    while (rte_eal_get_lcore_state(lcore) == RUNNING) {
        if (!appliance_->drain_events()) usleep(kNap);
    }
    rte_eal_wait_lcore(lcore);
    return std::move(job.passage);
}

Passage Bench::paced(Traffic& traffic, double seconds, Passages* into) {
    const double hz = static_cast<double>(rte_get_tsc_hz());
    Paced paced(traffic, {[] { return std::uint64_t{rte_rdtsc()}; }, hz / (kLoad * capacity_), own_switches});
    auto passage = pass(paced, seconds, kMany, into == nullptr ? "waiting" : into->row.run);
    if (into == nullptr) return passage;
    into->add(passage);
    into->row.packets += paced.lost();  // they were due, and the queue before the wire was full
    into->row.dropped += paced.lost();
    return passage;
}

/// A second of peace, a flood, and what happens when its handshakes expire.
void Bench::one_round(Flood& flood, Passages& quiet, Passages& expiring) {
    const double second = std::min(1.0, static_cast<double>(trial_.flags.packets) / 1e6);
    paced(data_, second, &quiet);
    Head syns(flood, std::min(kExpiring, trial_.flags.packets));
    const auto flooded = pass(syns, kNoEnd, kMany, "flooding");
    const double until = std::chrono::duration<double>(kUnanswered).count() - flooded.seconds;
    if (until > 0) paced(data_, until, nullptr);
    paced(data_, flooded.seconds + 0.1, &expiring);
}

void Bench::add_slices(Findings& out) const {
    const auto& ns = slices_.nanoseconds();
    auto& figures = out.rows.back().figures;
    figures.emplace_back("background slice us p99.9", static_cast<double>(ns.percentile(0.999)) / 1e3);
    figures.emplace_back("background slices", static_cast<double>(ns.count()));
    figures.emplace_back("background slices beyond 5 us", static_cast<double>(slices_.beyond_bar()));
    figures.emplace_back("background slices left out, the worker lost its CPU",
                         static_cast<double>(slices_.left_out()));
    out.checks.push_back({"longest background slice, us", trial_.flows, 1,
                          static_cast<double>(ns.most()) / 1e3, static_cast<double>(SliceWatch::kBar) / 1e3,
                          true});
}

Result<Findings> Bench::run() {
    if (auto started = appliance_->start(); !started) return Error{started.error()};
    Opening opening(shape_, trial_.flows);
    pass(opening, kNoEnd, kFew, "opening flows");
    Passages full{row("full load")}, quiet{row("half load")}, expiring{row("expiring")},
        plain{row("macswap")};
    const auto alive = [&] {
        return appliance_->sample().tracker.flows[static_cast<std::size_t>(TcpState::established)];
    };
    Findings out;
    if (alive() != trial_.flows)
        out.faults.push_back(fmt::format("{} flows were opened, {} are established", trial_.flows, alive()));
    Shape syn_shape = shape_;
    syn_shape.lot.number = 1;
    Flood flood(syn_shape);
    for (std::uint32_t i = 0; i < trial_.flags.rounds; ++i) {
        part_done_ = static_cast<double>(i) / trial_.flags.rounds;
        full.add(pass(data_, 0.3, kMany, "full load"));
        capacity_ = spread_of(full.row.rates).median;
        one_round(flood, quiet, expiring);
    }
    const auto last = appliance_->sample();
    appliance_->rest();
    slices_.detach();
    Macswap forwarder(*appliance_);
    if (auto started = forwarder.start(); !started) return Error{started.error()};
    paced(add_data(cast_, trial_, shape_, trial_.flows), 0.5, &plain);
    forwarder.stop();
    out.rows = {full.finished(), quiet.finished(), expiring.finished()};
    add_slices(out);
    out.rows.back().figures.emplace_back("latest expiry ms",
                                         static_cast<double>(last.tracker.latest_expiry_ns) / 1e6);
    const auto expired = last.tracker.reason[static_cast<std::size_t>(Reason::stale_syn_sent)];
    out.rows.back().figures.emplace_back("handshakes expired a round",
                                         static_cast<double>(expired) / trial_.flags.rounds);
    out.rows.push_back(plain.finished());
    const auto ending = appliance_->close();
    if (!ending.sums_hold) out.faults.emplace_back("frames were received and neither sent nor disposed of");
    return out;
}

}  // namespace

void size_latency(Config& config, std::uint64_t flows) {
    size_established(config, flows);
    config.sizes.embryonic = with_room(kExpiring + kInHandshakes);
    config.policy.timeouts[static_cast<std::size_t>(TimerClass::syn_sent)] = kUnanswered;
}

Result<Findings> latency(const Trial& trial) {
    auto ports = RingPorts::make();
    if (!ports) return Error{ports.error()};
    auto wire = Wire::make(**ports, trial.clocks);
    if (!wire) return Error{wire.error()};
    Config config = trial.config;
    config.ports = {{(*ports)->device(0), (*ports)->device(1)}};
    auto appliance = Appliance::make(config, [](const Event&) {});
    if (!appliance) return Error{appliance.error()};
    (*appliance)->wiring().share_cpus = false;  // control shares with the wire, the worker with nobody
    Bench bench(trial, std::move(*ports), std::move(*wire), std::move(*appliance));
    return bench.run();
}

}  // namespace ajar::dataplane
