// SYNs of a flooded service, answered with cookies, or challenged: beside plain forwarding, beside data in
// known flows, and beside the same SYNs where each takes a place in the store.
//
// All tables are those of `mixed`: the flows that the service had before the flood are still there.
#include <fmt/format.h>

#include "dataplane/bench/flooded.hpp"
#include "dataplane/bench/scenario.hpp"
#include "dataplane/bench/sizes.hpp"

namespace ajar::dataplane {
namespace {

/// How fast the row's packets went, of another row's.
void add_ratio(Row& row, const Row& other) {
    row.figures.emplace_back("rate, of " + other.run, ratio_of(row.rates, other.rates).median);
}

/// The same SYNs as today's hosts send them.
std::vector<Shape> add_lots_with_options(const Trial& trial, const Wiring& wiring, std::uint32_t first_lot) {
    auto lots = add_lots(trial, wiring, first_lot);
    for (Shape& lot : lots) lot.syn_options = kSynStamped;
    return lots;
}

void check_answers(std::uint64_t sent, std::span<const Row> answered, std::vector<std::string>& faults) {
    std::uint64_t came = 0;
    for (const Row& row : answered) came += row.packets;
    if (sent != came) faults.push_back(fmt::format("{} SYNs came and {} cookies went", came, sent));
}

/// The same SYNs come again and again, and two challenges stay unanswered: a few pass.
void check_challenges(std::uint64_t sent, const Row& challenged, std::vector<std::string>& faults) {
    if (sent > challenged.packets || sent < challenged.packets - challenged.packets / 100)
        faults.push_back(fmt::format("{} SYNs came and {} challenges went", challenged.packets, sent));
}

}  // namespace

void size_cookies(Config& config, std::uint64_t flows) {
    size_mixed(config, flows);
    config.policy.mode = Mode::enforce;
}

Result<Findings> cookies(const Trial& trial) {
    auto bed = Bed::make(trial.config, trial.clocks);
    if (!bed) return Error{bed.error()};
    const Wiring& wiring = (*bed)->wiring();
    const auto talking = add_lots(trial, wiring, 0), asking = add_lots(trial, wiring, trial.workers);
    const auto asking_more = add_lots_with_options(trial, wiring, 2 * trial.workers);
    Flooded flooded(wiring.steering.key(), trial.config.sizes);
    for (const auto& lots : {asking, asking_more})
        for (const Shape& lot : lots) flooded.add(lot);
    if (auto opened = open_flows(trial, **bed, talking, trial.flows_each()); !opened)
        return Error{opened.error()};
    Cast cast;
    Queues data;
    for (const Shape& lot : talking) data.push_back(&add_data(cast, trial, lot, trial.flows_each()));
    const auto plain = add_strangers(cast, asking, TcpFlags::kSyn);
    const auto syns = add_strangers(cast, asking, TcpFlags::kSyn);
    const auto full = add_strangers(cast, asking_more, TcpFlags::kSyn);
    if (auto filled = fill_embryonic(trial, **bed, syns); !filled) return Error{filled.error()};
    Policy challenging = trial.config.policy;
    challenging.defence.method = SynProof::challenge;
    const auto before = (*bed)->sample().tracker;
    auto rows = in_turn(trial, **bed,
                        {{"macswap", false, plain},
                         {"established", true, data},
                         {"embryonic", true, syns},
                         {"cookies", true, syns, &flooded.posture()},
                         {"cookies, full SYNs", true, full, &flooded.posture()},
                         {"challenges", true, syns, &flooded.posture(), &challenging}});
    if (!rows) return Error{rows.error()};
    for (std::size_t i = 3; i < 6; ++i)
        for (std::size_t other : {1U, 2U}) add_ratio((*rows)[i], (*rows)[other]);
    Findings out{.rows = std::move(*rows)};
    const auto after = (*bed)->sample().tracker;
    check_answers(after.cookies_sent - before.cookies_sent, std::span(out.rows).subspan(3, 2), out.faults);
    check_challenges(after.challenges_sent - before.challenges_sent, out.rows[5], out.faults);
    check_alive(**bed, trial.flows, out.faults);
    check_sums(**bed, out.faults);
    return out;
}

}  // namespace ajar::dataplane
