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

void check_alive(const Bed& bed, std::uint64_t flows, std::vector<std::string>& faults) {
    const auto alive = bed.sample().tracker.flows[static_cast<std::size_t>(TcpState::established)];
    if (alive != flows)
        faults.push_back(fmt::format("{} flows were opened, {} are established", flows, alive));
}

void check_flows(const Bed& bed, std::uint64_t flows, std::vector<std::string>& faults) {
    check_alive(bed, flows, faults);
    const auto sums = bed.sample().tracker;
    const auto fine = sums.reasons[static_cast<std::size_t>(Reason::none)];
    if (fine != sums.packets)
        faults.push_back(fmt::format("of {} packets {} belonged to no flow or were out of order",
                                     sums.packets, sums.packets - fine));
}

Result<Findings> established(const Trial& trial) {
    auto bed = Bed::make(trial.config, trial.clocks);
    if (!bed) return Error{bed.error()};
    const auto lots = add_lots(trial, (*bed)->wiring(), 0);
    if (auto opened = open_flows(trial, **bed, lots, trial.flows_each()); !opened)
        return Error{opened.error()};
    Cast cast;
    Part plain{.name = "macswap", .tracked = false}, tracked{.name = "ajar"};
    for (const Shape& shape : lots) {
        plain.queues.push_back(&add_data(cast, trial, shape, trial.flows_each()));
        tracked.queues.push_back(&add_data(cast, trial, shape, trial.flows_each()));
    }
    // What the first segments of a flow bring about, its letters and its stamp, is no part of a later one's
    // cost.
    const auto warm = 2 * trial.flows_each();
    if (auto warmed = fill_with(trial, **bed, tracked.queues, warm, "one pass over the flows"); !warmed)
        return Error{warmed.error()};
    auto rows = in_turn(trial, **bed, {plain, tracked});
    if (!rows) return Error{rows.error()};
    Findings out{.rows = std::move(*rows)};
    check_flows(**bed, trial.flows, out.faults);
    check_sums(**bed, out.faults);
    return out;
}

}  // namespace ajar::dataplane
