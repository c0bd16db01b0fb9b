// How long is a frame on its way at half of what the tracker can do, and how long while a million handshakes
// expire within a second or so?
#include <fmt/format.h>

#include "dataplane/bench/sizes.hpp"
#include "dataplane/bench/slices.hpp"
#include "dataplane/bench/wired.hpp"
#include "dataplane/macswap.hpp"

namespace ajar::dataplane {
namespace {

constexpr double kHalfLoad = 0.5;
constexpr std::uint64_t kExpiring = 1U << 20U;
constexpr Duration kUnanswered = std::chrono::seconds(3);

/// One appliance, and what is sent through it.
class Latency {
public:
    Latency(const Trial& trial, std::unique_ptr<Wired> wired)
        : trial_(trial),
          wired_(std::move(wired)),
          slices_(wired_->appliance().wiring()),
          shape_(trial.shape(wired_->appliance().wiring(), 0, 0)),
          data_(add_data(cast_, trial, shape_, trial.flows)) {}

    Result<Findings> run();

private:
    void one_round(Flood& flood, Passages& quiet, Passages& expiring);
    void add_slices(Findings& out) const;
    [[nodiscard]] Row row(const std::string& name) const {
        return {.run = name, .flows = trial_.flows, .workers = 1};
    }

    const Trial& trial_;
    std::unique_ptr<Wired> wired_;
    SliceWatch slices_;
    Cast cast_;
    Shape shape_;
    Traffic& data_;
};

/// A second of peace, a flood, and what happens when its handshakes expire.
void Latency::one_round(Flood& flood, Passages& quiet, Passages& expiring) {
    const double second = std::min(1.0, static_cast<double>(trial_.flags.packets) / 1e6);
    wired_->paced(kHalfLoad, data_, second, &quiet);
    Head syns(flood, std::min(kExpiring, trial_.flags.packets));
    const auto flooded = wired_->pass(syns, Wired::kNoEnd, Wired::kMany, "flooding");
    const double until = std::chrono::duration<double>(kUnanswered).count() - flooded.seconds;
    if (until > 0) wired_->paced(kHalfLoad, data_, until, nullptr);
    wired_->paced(kHalfLoad, data_, flooded.seconds + 0.1, &expiring);
}

void Latency::add_slices(Findings& out) const {
    slices_.add_figures(out.rows.back());
    out.checks.push_back({"longest background slice, us", trial_.flows, 1,
                          static_cast<double>(slices_.nanoseconds().most()) / 1e3,
                          static_cast<double>(SliceWatch::kBar) / 1e3, true});
}

Result<Findings> Latency::run() {
    Appliance& appliance = wired_->appliance();
    if (auto started = appliance.start(); !started) return Error{started.error()};
    Opening opening(shape_, trial_.flows);
    wired_->open(opening, "opening flows");
    Passages full{row("full load")}, quiet{row("half load")}, expiring{row("expiring")},
        plain{row("macswap")};
    const auto alive = [&] {
        return appliance.sample().tracker.flows[static_cast<std::size_t>(TcpState::established)];
    };
    Findings out;
    if (alive() != trial_.flows)
        out.faults.push_back(fmt::format("{} flows were opened, {} are established", trial_.flows, alive()));
    Shape syn_shape = shape_;
    syn_shape.lot.number = 1;
    Flood flood(syn_shape);
    for (std::uint32_t i = 0; i < trial_.flags.rounds; ++i) {
        wired_->done(static_cast<double>(i) / trial_.flags.rounds);
        wired_->fill(data_, full);
        one_round(flood, quiet, expiring);
    }
    const auto last = appliance.sample();
    appliance.rest();
    slices_.detach();
    Macswap forwarder(appliance);
    if (auto started = forwarder.start(); !started) return Error{started.error()};
    wired_->paced(kHalfLoad, add_data(cast_, trial_, shape_, trial_.flows), 0.5, &plain);
    forwarder.stop();
    out.rows = {full.finished(), quiet.finished(), expiring.finished()};
    add_slices(out);
    out.rows.back().figures.emplace_back("latest expiry ms",
                                         static_cast<double>(last.tracker.latest_expiry_ns) / 1e6);
    const auto expired = last.tracker.reasons[static_cast<std::size_t>(Reason::stale_syn_sent)];
    out.rows.back().figures.emplace_back("handshakes expired a round",
                                         static_cast<double>(expired) / trial_.flags.rounds);
    out.rows.push_back(plain.finished());
    const auto ending = appliance.close();
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
    auto wired = Wired::make(trial);
    if (!wired) return Error{wired.error()};
    return Latency(trial, std::move(*wired)).run();
}

}  // namespace ajar::dataplane
