// What does it cost when packets reach a worker that does not own their partition?
//
// Three sets of flows, each of the size asked for: one whose packets come to their owner, one of which every
// second flow's packets come to its neighbour, and one of which all do.
#include "dataplane/bench/scenario.hpp"
#include "dataplane/bench/sizes.hpp"

namespace ajar::dataplane {
namespace {

constexpr std::uint32_t kSets = 3;
constexpr double kLeastOfRight = 0.5;
constexpr const char* kNames[kSets] = {"right RSS", "half wrong", "all wrong"};

std::vector<Shape> lots_of(const Trial& trial, const Wiring& wiring, std::uint32_t set) {
    std::vector<Shape> lots;
    for (std::uint32_t w = 0; w < trial.workers; ++w) {
        lots.push_back(trial.shape(wiring, static_cast<std::uint8_t>(set * trial.workers + w), w));
        lots.back().lot.foreign_of_two = set;
    }
    return lots;
}

Queues add_set(Cast& cast, const Trial& trial, const Wiring& wiring, std::uint32_t set) {
    Queues out;
    for (const Shape& lot : lots_of(trial, wiring, set))
        out.push_back(&add_data(cast, trial, lot, trial.flows_each()));
    return out;
}

std::vector<Check> beside_right(const Trial& trial, std::vector<Row>& rows) {
    std::vector<Check> out;
    for (std::size_t i = 2; i < rows.size(); ++i) {
        rows[i].ratio = ratio_of(rows[i].rates, rows[1].rates);
        rows[i].beside = rows[1].run;
        out.push_back({"rate, " + rows[i].run + " / " + rows[1].run, trial.flows, trial.workers,
                       rows[i].ratio->median, kLeastOfRight, false});
    }
    return out;
}

}  // namespace

void size_handoff(Config& config, std::uint64_t flows) {
    size_established(config, flows);
    config.sizes.confirmed = with_room(kSets * flows);
}

Result<Findings> handoff(const Trial& trial) {
    auto bed = Bed::make(trial.config, trial.clocks);
    if (!bed) return Error{bed.error()};
    const Wiring& wiring = (*bed)->wiring();
    Cast cast;
    std::vector<Part> parts = {{"macswap", false, add_set(cast, trial, wiring, 0)}};
    for (std::uint32_t set = 0; set < kSets; ++set) {
        auto opened = open_flows(trial, **bed, lots_of(trial, wiring, set), trial.flows_each());
        if (!opened) return Error{opened.error()};
        parts.push_back({kNames[set], true, add_set(cast, trial, wiring, set)});
    }
    auto rows = in_turn(trial, **bed, parts);
    if (!rows) return Error{rows.error()};
    Findings out{.rows = std::move(*rows)};
    out.checks = beside_right(trial, out.rows);
    check_flows(**bed, kSets * trial.flows, out.faults);
    check_sums(**bed, out.faults);
    return out;
}

}  // namespace ajar::dataplane
