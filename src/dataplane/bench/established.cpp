// Data in known flows, beside plain forwarding of the same frames.
#include <fmt/format.h>

#include "dataplane/bench/scenario.hpp"
#include "dataplane/bench/sizes.hpp"

namespace ajar::dataplane {

void size_established(Config& config, std::uint64_t flows) {
    config.sizes.confirmed = with_room(flows);
    config.sizes.embryonic = with_room(std::min<std::uint64_t>(flows, kInHandshakes * config.workers));
}

Result<bool> open_flows(const Trial& trial, Bed& bed, const std::vector<Shape>& lots, std::uint64_t each) {
    Cast cast;
    Queues queues;
    for (const Shape& shape : lots) queues.push_back(&cast.add<Opening>(shape, each));
    return fill_with(trial, bed, queues, 3 * each, "opening flows");
}

void check_flows(const Trial& trial, const Bed& bed, std::vector<std::string>& faults) {
    const auto sample = bed.sample();
    const auto alive = sample.tracker.flows[static_cast<std::size_t>(TcpState::established)];
    if (alive != trial.flows || sample.tracker.created != trial.flows)
        faults.push_back(fmt::format("{} flows were opened, {} tracked and {} are established", trial.flows,
                                     sample.tracker.created, alive));
    const auto fine = sample.tracker.reason[static_cast<std::size_t>(Reason::none)];
    if (fine != sample.tracker.packets)
        faults.push_back(fmt::format("of {} packets {} belonged to no flow or were out of order",
                                     sample.tracker.packets, sample.tracker.packets - fine));
}

Result<Findings> established(const Trial& trial) {
    auto bed = Bed::make(trial.config, trial.clocks);
    if (!bed) return Error{bed.error()};
    std::vector<Shape> lots;
    for (std::uint32_t w = 0; w < trial.workers; ++w)
        lots.push_back(trial.shape((*bed)->wiring(), static_cast<std::uint8_t>(w), w));
    if (auto opened = open_flows(trial, **bed, lots, trial.flows_each()); !opened)
        return Error{opened.error()};
    Cast cast;
    Part plain{.name = "macswap", .tracked = false}, tracked{.name = "ajar"};
    for (const Shape& shape : lots) {
        plain.queues.push_back(&add_data(cast, trial, shape, trial.flows_each()));
        tracked.queues.push_back(&add_data(cast, trial, shape, trial.flows_each()));
    }
    auto rows = in_turn(trial, **bed, {plain, tracked});
    if (!rows) return Error{rows.error()};
    Findings out{.rows = std::move(*rows)};
    check_flows(trial, **bed, out.faults);
    check_sums(**bed, out.faults);
    return out;
}

}  // namespace ajar::dataplane
