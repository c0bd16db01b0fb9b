// Does a flood cost the established flows beside it more than its share, or a packet?
#include <fmt/format.h>
#include <rte_cycles.h>

#include "dataplane/bench/paced.hpp"
#include "dataplane/bench/scenario.hpp"
#include "dataplane/bench/sizes.hpp"
#include "dataplane/bench/slices.hpp"

namespace ajar::dataplane {
namespace {

constexpr std::size_t kEstablishedTurn = 8, kFloodTurn = 32;  // of 40 packets
constexpr double kEstablished = 0.2, kFlood = 0.8;
constexpr double kLoad = 0.5;  // of capacity: no packet may be lost

struct Traffics {
    Queues data, floods, mix;
};

std::uint64_t cycles() { return rte_rdtsc(); }

Traffics add_all(Cast& cast, const Trial& trial, const Wiring& wiring) {
    Traffics t{.data = {},
               .floods = add_floods(cast, trial, wiring, static_cast<std::uint8_t>(trial.workers)),
               .mix = {}};
    for (const Shape& lot : add_lots(trial, wiring, 0)) {
        t.data.push_back(&add_data(cast, trial, lot, trial.flows_each()));
        t.mix.push_back(
            &cast.add<Mix>(*t.data.back(), kEstablishedTurn, *t.floods[t.mix.size()], kFloodTurn));
    }
    return t;
}

/// The mix again, at a pace. Its row, and how many packets were lost.
Result<std::pair<Row, Check>> at_a_pace(const Trial& trial, Bed& bed, const Queues& mix, double capacity) {
    const double each = kLoad * capacity / trial.workers;
    const Paced::Clock clock{cycles, static_cast<double>(rte_get_tsc_hz()) / each, own_switches};
    Cast cast;
    std::vector<Paced*> paced;
    for (Traffic* t : mix) paced.push_back(&cast.add<Paced>(*t, clock));
    const auto name = fmt::format("mix at {:.0f} %", 100 * kLoad);
    Trial once = trial;
    auto rows = in_turn(once, bed, {{.name = name, .queues = {paced.begin(), paced.end()}}});
    if (!rows) return Error{rows.error()};
    std::uint64_t lost = 0, excused = 0;
    for (const Paced* p : paced) {
        lost += p->lost();
        excused += p->excused();
    }
    Row row = std::move(rows->front());
    row.packets += lost;  // offered too
    row.dropped += lost;
    row.figures = {
        {"offered packets a second", kLoad * capacity},
        {"packets that did not come while a worker was off its CPU", static_cast<double>(excused)}};
    return std::pair{row, Check{"packets lost, " + name + " of capacity", trial.flows, trial.workers,
                                static_cast<double>(row.dropped), 0, true}};
}

}  // namespace

void size_mixed(Config& config, std::uint64_t flows) {
    size_flood(config, flows);
    config.sizes.confirmed = with_room(flows);
}

Result<Findings> mixed(const Trial& trial) {
    auto bed = Bed::make(trial.config, trial.clocks);
    if (!bed) return Error{bed.error()};
    const Wiring& wiring = (*bed)->wiring();
    if (auto opened = open_flows(trial, **bed, add_lots(trial, wiring, 0), trial.flows_each()); !opened)
        return Error{opened.error()};
    Cast cast;
    const auto plain = add_all(cast, trial, wiring), tracked = add_all(cast, trial, wiring);
    if (auto filled = fill_embryonic(trial, **bed, tracked.floods); !filled) return Error{filled.error()};
    auto rows = in_turn(trial, **bed,
                        {{"macswap", false, plain.mix},
                         {"established", true, tracked.data},
                         {"flood", true, tracked.floods},
                         {"mix", true, tracked.mix}});
    if (!rows) return Error{rows.error()};
    Findings out;
    check_flows(**bed, trial.flows, out.faults);  // before any packet may be lost
    auto paced = at_a_pace(trial, **bed, tracked.mix, spread_of(rows->back().rates).median);
    if (!paced) return Error{paced.error()};
    out.rows = std::move(*rows);
    out.checks = {mix_check(out.rows[3], {{&out.rows[1], kEstablished}, {&out.rows[2], kFlood}}),
                  paced->second};
    out.rows.push_back(std::move(paced->first));
    check_alive(**bed, trial.flows, out.faults);
    check_sums(**bed, out.faults);
    return out;
}

}  // namespace ajar::dataplane
