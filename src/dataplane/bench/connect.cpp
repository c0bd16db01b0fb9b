// Connections that begin and end: as many at a time as are to be alive, and those that wait for their timer.
#include <fmt/format.h>

#include "dataplane/bench/scenario.hpp"
#include "dataplane/bench/sizes.hpp"

namespace ajar::dataplane {
namespace {

/// A reset flow stays so long; with the default of 10 s tables would be full of nothing else.
constexpr Duration kClosed = std::chrono::milliseconds(50);
/// Connections a second and worker that may end and still find room until their timer has run out.
constexpr std::uint64_t kMostEndings = 4'000'000;

Queues connections(Cast& cast, const Trial& trial, const Wiring& wiring) {
    Queues out;
    for (std::uint32_t w = 0; w < trial.workers; ++w) {
        const auto shape = trial.shape(wiring, static_cast<std::uint8_t>(w), w);
        out.push_back(&cast.add<Connect>(shape, trial.flows_each()));
    }
    return out;
}

std::uint64_t refused(const Sample& s) {
    return s.tracker.packets - s.tracker.reasons[static_cast<std::size_t>(Reason::none)];
}

/// Connections a second, by the rounds' packets a second.
void add_figures(Row& row) {
    constexpr auto kEach = static_cast<double>(Connect::kPacketsEach);
    row.figures.emplace_back("connections a second", spread_of(row.rates).median / kEach);
    if (row.run != "ajar") return;
    row.figures.emplace_back("ns a connection", row.nanoseconds() * kEach);
}

}  // namespace

void size_connect(Config& config, std::uint64_t flows) {
    const auto closing =
        kMostEndings * config.workers * static_cast<std::uint64_t>(kClosed.count()) / 1'000'000'000;
    config.sizes.confirmed = with_room(flows + closing);
    config.sizes.embryonic = with_room(std::min<std::uint64_t>(flows, kInHandshakes * config.workers));
    config.policy.timeouts[static_cast<std::size_t>(TimerClass::close)] = kClosed;
}

Result<Findings> connect(const Trial& trial) {
    auto bed = Bed::make(trial.config, trial.clocks);
    if (!bed) return Error{bed.error()};
    Cast cast;
    const Part plain{"macswap", false, connections(cast, trial, (*bed)->wiring())};
    const Part tracked{"ajar", true, connections(cast, trial, (*bed)->wiring())};
    // All are alive once each has sent its three, and as many again are as random as they will be.
    const auto warm = trial.flows_each() * (3 + Connect::kPacketsEach);
    auto filled = fill_with(trial, **bed, tracked.queues, warm, "connecting");
    if (!filled) return Error{filled.error()};
    auto rows = in_turn(trial, **bed, {plain, tracked});
    if (!rows) return Error{rows.error()};
    for (Row& row : *rows) add_figures(row);
    Findings out{.rows = std::move(*rows)};
    if (const auto n = refused((*bed)->sample()); n != 0)
        out.faults.push_back(fmt::format("{} packets were refused or belonged to no flow", n));
    check_sums(**bed, out.faults);
    return out;
}

}  // namespace ajar::dataplane
