// A table of idle connections runs out at one instant, beside traffic at a quarter of the full load: both
// ends of each are asked whether they live, within the budget, and then those that do are kept and the others
// end.
#include <fmt/format.h>

#include <algorithm>
#include <atomic>
#include <chrono>
#include <optional>

#include "ajar/flow/probes.hpp"
#include "config/units.hpp"
#include "dataplane/bench/hosts.hpp"
#include "dataplane/bench/sizes.hpp"
#include "dataplane/bench/slices.hpp"
#include "dataplane/bench/wired.hpp"

namespace ajar::dataplane {
namespace {

using Seconds = std::chrono::duration<double>;

constexpr std::uint64_t kActive = 1U << 12U;  // connections that talk, of a lot of their own
constexpr std::uint8_t kActiveLot = 0, kIdleLot = 1;
constexpr ProbePolicy kProbe{.on = true, .tries = 3, .interval = std::chrono::seconds(1), .per_second = 2048};
constexpr double kBudget = double{kProbe.per_second} * kPartitions;  // frames a second
constexpr unsigned kSlots = 4096;
constexpr std::uint32_t kQuestionBuffers = 1U << 15U;  // both ways' rings full of questions and answers
constexpr double kAlike = 2;                           // half of all packets notice no more than that
constexpr double kCliff = 1000;                        // us: where a sender's shortest timers begin
constexpr double kQuarterLoad = 0.25;                  // the wire has the hosts' answers to give, too

/// Two to whoever lives, or refuses; one more a round to who is silent.
constexpr double kProbesEach =
    (2.0 * (IdleHosts::kAlive + IdleHosts::kRefused) + (kProbe.tries + 1.0) * IdleHosts::kSilent) /
    IdleHosts::kOfFour;

/// Until the last is decided: by the budget, or by the places that the silent ones take, whichever is less,
/// and all rounds of the last one. The fullest partition may have a quarter more than its share.
double deadline(std::uint64_t flows, std::uint64_t confirmed) {
    const double rounds = Seconds(kProbe.interval).count() * kProbe.tries;
    const double by_budget = kProbesEach * static_cast<double>(flows) / kBudget;
    const double silent = static_cast<double>(flows) * IdleHosts::kSilent / IdleHosts::kOfFour;
    const double places =
        static_cast<double>(Probes::capacity_for(static_cast<std::uint32_t>(confirmed / kPartitions))) *
        kPartitions;
    return 1.25 * std::max(by_budget, silent * rounds / places) + rounds + 1;
}

double figure(const Row& row, std::string_view name) {
    const auto found =
        std::ranges::find_if(row.figures, [&](const auto& named) { return named.first == name; });
    return found == row.figures.end() ? 0 : found->second;
}

constexpr double kGiveUpAfter = 2;  // deadlines

/// So that whoever was proven alive is not asked again as long as anybody waits for the last.
Duration idle_time(double longest) {
    return std::chrono::duration_cast<Duration>(Seconds(kGiveUpAfter * longest + 2));
}

class Idle {
public:
    Idle(const Trial& trial, std::unique_ptr<Wired> wired)
        : trial_(trial),
          wired_(std::move(wired)),
          active_(trial.shape(wired_->appliance().wiring(), kActiveLot, 0)),
          idle_(trial.shape(wired_->appliance().wiring(), kIdleLot, 0)),
          data_(cast_.add<UniformData>(active_, kActive)),
          deadline_(deadline(trial.flows, trial.config.sizes.confirmed)) {}

    Result<Findings> run();

private:
    using Clock = std::chrono::steady_clock;

    void open(const Shape& shape, std::uint64_t flows, std::string_view what);
    void wait_until(Clock::time_point end, Passages& quiet);
    double ask(Passages& asking);
    [[nodiscard]] TrackerSums sums() { return wired_->appliance().sample().tracker; }
    void judge(Findings& out, double seconds);
    [[nodiscard]] Row row(const std::string& name) const {
        return {.run = name, .flows = trial_.flows, .workers = 1};
    }

    const Trial& trial_;
    std::unique_ptr<Wired> wired_;
    std::optional<SliceWatch> slices_;  // while it asks
    Shape active_, idle_;
    Cast cast_;
    Traffic& data_;
    double deadline_;
    bool decided_ = false;
    std::uint64_t answers_lost_ = 0;
};

void Idle::open(const Shape& shape, std::uint64_t flows, std::string_view what) {
    Opening opening(shape, flows);
    wired_->open(opening, what);
}

void Idle::wait_until(Clock::time_point end, Passages& quiet) {
    const auto start = Clock::now();
    for (auto now = start; now < end; now = Clock::now()) {
        wired_->done(0.1 + 0.4 * (Seconds(now - start) / (end - start)));
        wired_->paced(kQuarterLoad, data_, std::min(1.0, Seconds(end - now).count()), &quiet);
    }
}

/// Their time is up at once. Returns in how many seconds all were decided; patience ends before that on a
/// machine that gives them no CPU.
double Idle::ask(Passages& asking) {
    Policy policy = trial_.config.policy;
    policy.timeouts[static_cast<std::size_t>(TimerClass::established)] = idle_time(deadline_);
    ++policy.generation;
    IdleHosts hosts(idle_.lot);
    std::atomic<bool> over{false};
    Until data(data_, over);
    std::optional<Clock::time_point> began;
    double seconds = 0;
    const auto look = [&] {
        if (!began) {  // the hosts are up
            wired_->appliance().set_policy(policy);
            began = Clock::now();
        }
        const auto now = sums();
        if (over.load(std::memory_order_relaxed)) return;
        seconds = Seconds(Clock::now() - *began).count();
        decided_ = now.proven_alive + now.proven_dead >= trial_.flows;
        over.store(decided_ || seconds > kGiveUpAfter * deadline_, std::memory_order_relaxed);
    };
    wired_->done(0.5);
    slices_.emplace(wired_->appliance().wiring());
    const auto passage = wired_->paced(kQuarterLoad, data, Wired::kNoEnd, &asking, {&hosts, look});
    answers_lost_ = passage.answers_lost;
    return seconds;
}

void Idle::judge(Findings& out, double seconds) {
    const auto now = sums();
    const std::uint64_t quarter = trial_.flows / IdleHosts::kOfFour;
    // Who was not decided in time is late, not wrong: a bar is missed then, and that is said below.
    const auto count = [&](std::string_view what, std::uint64_t is, std::uint64_t should) {
        if (decided_ ? is != should : is > should)
            out.faults.push_back(fmt::format("{} {}, should be {}", is, what, should));
    };
    count("proven alive", now.proven_alive, quarter * IdleHosts::kAlive);
    count("proven dead", now.proven_dead, trial_.flows - quarter * IdleHosts::kAlive);
    count("connections ended",
          kActive + trial_.flows - now.flows[static_cast<std::size_t>(TcpState::established)],
          trial_.flows - quarter * IdleHosts::kAlive);
    const auto sent = static_cast<double>(now.probes_sent);
    const double burst = kBudget / 10;
    out.checks.push_back({"seconds until all are decided", trial_.flows, 1, seconds, deadline_, true});
    out.checks.push_back(
        {"probes, of the budget", trial_.flows, 1, sent / (kBudget * seconds + burst), 1, true});
    const Row &quiet = out.rows[1], &asking = out.rows[2];
    out.checks.push_back({"packets that the appliance lost while it asked", trial_.flows, 1,
                          static_cast<double>(asking.dropped), 0, true});
    out.checks.push_back({"latency us p50, asking over before", trial_.flows, 1,
                          figure(asking, "latency us p50") / figure(quiet, "latency us p50"), kAlike, true});
    out.checks.push_back({"latency us p99.9 while it asked", trial_.flows, 1,
                          figure(asking, "latency us p99.9"), kCliff, true});
    out.checks.push_back({"background slice us p99.9", trial_.flows, 1,
                          static_cast<double>(slices_->nanoseconds().percentile(0.999)) / 1e3,
                          static_cast<double>(SliceWatch::kBar) / 1e3, true});
    slices_->add_figures(out.rows.back());
    auto& figures = out.rows.back().figures;
    figures.emplace_back("probe budget a second", kBudget);
    figures.emplace_back("deadline s", deadline_);
    figures.emplace_back("all decided after s", seconds);
    figures.emplace_back("probes sent", sent);
    figures.emplace_back("probes answered", static_cast<double>(now.probes_answered));
    figures.emplace_back("probings that other segments ended",
                         static_cast<double>(now.probings_ended_by_traffic));
    const auto frames = wired_->appliance().sample().frames;
    figures.emplace_back(
        "of Ajar's own frames lost: no buffer",
        static_cast<double>(frames.by_reason[static_cast<std::size_t>(Reason::mempool_empty)]));
    figures.emplace_back("of Ajar's own frames lost: port full",
                         static_cast<double>(frames.by_reason[static_cast<std::size_t>(Reason::tx_failed)]));
    figures.emplace_back("answers lost between hosts and port", static_cast<double>(answers_lost_));
    figures.emplace_back("asked later for want of budget or place",
                         static_cast<double>(now.probings_put_off));
}

Result<Findings> Idle::run() {
    if (auto started = wired_->appliance().start(); !started) return Error{started.error()};
    trial_.announce(
        fmt::format("{} probes a second may be sent, so all are decided within {:.1f} s of their common end",
                    config::format_count(static_cast<std::uint64_t>(kBudget)), deadline_));
    open(active_, kActive, "opening flows");
    open(idle_, trial_.flows, "opening idle flows");
    const auto opened = Clock::now();
    Findings out;
    const auto alive = sums().flows[static_cast<std::size_t>(TcpState::established)];
    if (alive != kActive + trial_.flows)
        out.faults.push_back(
            fmt::format("{} flows were opened, {} are established", kActive + trial_.flows, alive));
    Passages full{row("full load")}, quiet{row("quarter load")}, asking{row("asking")};
    for (std::uint32_t i = 0; i < trial_.flags.rounds; ++i) wired_->fill(data_, full);
    const auto rest = std::chrono::duration_cast<Clock::duration>(idle_time(deadline_)) + kTickLength;
    wait_until(std::max(opened + rest, Clock::now() + std::chrono::seconds(1)), quiet);
    const double seconds = ask(asking);
    wired_->appliance().rest();
    slices_->detach();
    out.rows = {full.finished(), quiet.finished(), asking.finished()};
    judge(out, seconds);
    if (!wired_->appliance().close().sums_hold)
        out.faults.emplace_back("frames were received and neither sent nor disposed of");
    return out;
}

}  // namespace

void size_idle(Config& config, std::uint64_t flows) {
    size_established(config, flows + kActive);
    config.mbufs = kQuestionBuffers;
    config.policy.mode = Mode::enforce;
    config.policy.probe = kProbe;
    config.policy.actions[static_cast<std::size_t>(Cause::proven_dead)] = Action::evict_reset;
    // Of the dead each costs two resets, beside its probes.
    config.policy.resets_per_second = 2 * kProbe.per_second;
}

Result<Findings> idle(const Trial& trial) {
    auto wired = Wired::make(trial, kSlots);
    if (!wired) return Error{wired.error()};
    return Idle(trial, std::move(*wired)).run();
}

}  // namespace ajar::dataplane
