// Data in flows that began with a cookie, whose numbers are translated for life, beside data in flows that
// began between their ends.
//
// Four sets of flows in one table, each of the size asked for: of either kind one with timestamps and one
// without. Both kinds negotiate the same options, and where a client's server began is looked up for both.
#include <fmt/format.h>

#include "dataplane/bench/flooded.hpp"
#include "dataplane/bench/scenario.hpp"
#include "dataplane/bench/sizes.hpp"

namespace ajar::dataplane {
namespace {

struct Set {
    const char* name;
    bool translated, stamped;
};
constexpr Set kSets[] = {{"untranslated", false, false},
                         {"translated", true, false},
                         {"untranslated, timestamps", false, true},
                         {"translated, timestamps", true, true}};
constexpr std::uint64_t kFlowSets = std::size(kSets);

std::vector<Shape> lots_of(const Trial& trial, const Wiring& wiring, std::uint32_t set) {
    auto lots = add_lots(trial, wiring, set * trial.workers);
    for (Shape& lot : lots) {
        if (kSets[set].stamped) {
            lot.syn_options = kSynStamped;
            lot.options = kStamps;
        } else {
            lot.syn_options = kSynOptions;
        }
        const auto least = FrameWriter::shortest(lot.lot.family) + lot.options.size();
        lot.frame_bytes = static_cast<std::uint16_t>(std::max<std::size_t>(lot.frame_bytes, least));
    }
    return lots;
}

/// Opens a set's flows, and what they talk from then on.
Result<Queues> begin_set(const Trial& trial, Bed& bed, Flooded& flooded, Cast& cast, std::uint32_t set) {
    Queues opening, data;
    const auto each = trial.flows_each();
    for (const Shape& lot : lots_of(trial, bed.wiring(), set)) {
        if (kSets[set].translated) flooded.add(lot);
        auto servers = kSets[set].translated ? flooded.cookies(lot, each) : Beginnings(each, kServerIsn);
        if (kSets[set].translated) opening.push_back(&cast.add<CookieOpening>(lot, servers));
        data.push_back(&cast.add<UniformData>(lot, std::move(servers)));
    }
    bed.hold(flooded.posture(), trial.config.policy);
    const bool cookies = kSets[set].translated;
    auto opened = cookies ? fill_with(trial, bed, opening, 2 * each, "opening translated flows")
                          : open_flows(trial, bed, lots_of(trial, bed.wiring(), set), each);
    if (!opened) return Error{opened.error()};
    if (auto warmed = fill_with(trial, bed, data, 2 * each, "one pass over the flows"); !warmed)
        return Error{warmed.error()};
    return data;
}

void check_translation(const Trial& trial, const Sample& before, const Sample& after,
                       std::vector<std::string>& faults) {
    constexpr auto kFine = static_cast<std::size_t>(Reason::none);
    const auto came = after.tracker.packets - before.tracker.packets;
    const auto fine = after.tracker.reasons[kFine] - before.tracker.reasons[kFine];
    if (fine != came) faults.push_back(fmt::format("{} of {} packets were out of order", came - fine, came));
    if (after.tracker.translated != kFlowSets / 2 * trial.flows)
        faults.push_back(fmt::format("{} flows are translated", after.tracker.translated));
}

}  // namespace

void size_translated(Config& config, std::uint64_t flows) {
    size_established(config, flows);
    config.sizes.confirmed = with_room(kFlowSets * flows);
    config.policy.mode = Mode::enforce;
}

Result<Findings> translated(const Trial& trial) {
    auto bed = Bed::make(trial.config, trial.clocks);
    if (!bed) return Error{bed.error()};
    Cast cast;
    Flooded flooded((*bed)->wiring().steering.key(), trial.config.sizes);
    Queues plain;
    for (const Shape& lot : lots_of(trial, (*bed)->wiring(), 0))
        plain.push_back(&cast.add<UniformData>(lot, Beginnings(trial.flows_each(), kServerIsn)));
    std::vector<Part> parts = {{"macswap", false, plain}};
    // Services under a flood would get no handshakes of their own: those come first.
    for (const std::uint32_t set : {0U, 2U, 1U, 3U}) {
        auto queues = begin_set(trial, **bed, flooded, cast, set);
        if (!queues) return Error{queues.error()};
        parts.push_back({kSets[set].name, true, std::move(*queues), &flooded.posture()});
    }
    std::swap(parts[2], parts[3]);
    const auto before = (*bed)->sample();
    auto rows = in_turn(trial, **bed, parts);
    if (!rows) return Error{rows.error()};
    Findings out{.rows = std::move(*rows)};
    for (std::size_t i : {2U, 4U}) {
        out.rows[i].ratio = ratio_of(out.rows[i].rates, out.rows[i - 1].rates);
        out.rows[i].beside = out.rows[i - 1].run;
    }
    check_translation(trial, before, (*bed)->sample(), out.faults);
    check_alive(**bed, kFlowSets * trial.flows, out.faults);
    check_sums(**bed, out.faults);
    return out;
}

}  // namespace ajar::dataplane
