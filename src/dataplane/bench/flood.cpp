// SYNs that nobody answers, into a full store.
#include <fmt/format.h>

#include "dataplane/bench/scenario.hpp"
#include "dataplane/bench/sizes.hpp"

namespace ajar::dataplane {

void size_flood(Config& config, std::uint64_t flows) {
    config.sizes.confirmed = with_room(0);
    config.sizes.embryonic = flows;
    // Expiry would keep a large store from being full.
    config.policy.timeouts[static_cast<std::size_t>(TimerClass::syn_sent)] = std::chrono::hours(1);
}

Queues add_floods(Cast& cast, const Trial& trial, const Wiring& wiring, std::uint8_t first_lot) {
    Queues out;
    for (std::uint32_t w = 0; w < trial.workers; ++w)
        out.push_back(&cast.add<Flood>(trial.shape(wiring, static_cast<std::uint8_t>(first_lot + w), w)));
    return out;
}

Result<bool> fill_embryonic(const Trial& trial, Bed& bed, const Queues& floods) {
    // Enough for the partition that gets the fewest.
    const auto all = with_room(trial.config.sizes.embryonic);
    return fill_with(trial, bed, floods, all / trial.workers, "filling the store");
}

Result<Findings> flood(const Trial& trial) {
    auto bed = Bed::make(trial.config, trial.clocks);
    if (!bed) return Error{bed.error()};
    Cast cast;
    const Part plain{"macswap", false, add_floods(cast, trial, (*bed)->wiring(), 0)};
    const Part tracked{"ajar", true, add_floods(cast, trial, (*bed)->wiring(), 0)};
    if (auto filled = fill_embryonic(trial, **bed, tracked.queues); !filled) return Error{filled.error()};
    const auto before = (*bed)->sample().tracker;
    auto rows = in_turn(trial, **bed, {plain, tracked});
    if (!rows) return Error{rows.error()};
    Findings out{.rows = std::move(*rows)};
    const auto after = (*bed)->sample().tracker;
    const auto ended = [&](Reason r) {
        return after.reasons[static_cast<std::size_t>(r)] - before.reasons[static_cast<std::size_t>(r)];
    };
    const auto evicted = ended(Reason::embryonic_full) + ended(Reason::heaviest_network),
               came = after.packets - before.packets;
    if (evicted != came)
        out.faults.push_back(
            fmt::format("{} SYNs came into full stores and {} flows were evicted", came, evicted));
    check_sums(**bed, out.faults);
    return out;
}

}  // namespace ajar::dataplane
