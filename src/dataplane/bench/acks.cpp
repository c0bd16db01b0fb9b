// ACKs of no flow with numbers drawn at random: what the look for a cookie in each of them costs, under both
// rules for what has no handshake. (Under probation each takes the place of an older one of its kind.)
#include <fmt/format.h>

#include "dataplane/bench/flooded.hpp"
#include "dataplane/bench/scenario.hpp"
#include "dataplane/bench/sizes.hpp"

namespace ajar::dataplane {
namespace {

/// Each was looked at, and hardly any guess was right.
void check_guesses(const Sample& after, const Row& probation, const Row& refused,
                   std::vector<std::string>& faults) {
    const auto looked = after.tracker.cookies_refused + after.tracker.cookies_accepted;
    const auto came = probation.packets + refused.packets;
    if (looked != came) faults.push_back(fmt::format("{} ACKs came and {} were tried", came, looked));
}

}  // namespace

void size_acks(Config& config, std::uint64_t flows) {
    size_flood(config, flows);
    config.policy.mode = Mode::enforce;
    config.policy.timeouts[static_cast<std::size_t>(TimerClass::mid_stream)] = std::chrono::hours(1);
}

Result<Findings> acks(const Trial& trial) {
    auto bed = Bed::make(trial.config, trial.clocks);
    if (!bed) return Error{bed.error()};
    const auto lots = add_lots(trial, (*bed)->wiring(), 0);
    Flooded flooded((*bed)->wiring().steering.key(), trial.config.sizes);
    for (const Shape& lot : lots) flooded.add(lot);
    Policy refusing = trial.config.policy;
    refusing.mid_stream = MidStream::refuse;
    Cast cast;
    const auto plain = add_strangers(cast, lots, TcpFlags::kAck);
    const auto strangers = add_strangers(cast, lots, TcpFlags::kAck);
    if (auto filled = fill_embryonic(trial, **bed, strangers); !filled) return Error{filled.error()};
    auto rows = in_turn(trial, **bed,
                        {{"macswap", false, plain},
                         {"probation", true, strangers},
                         {"probation, cookies", true, strangers, &flooded.posture()},
                         {"refused", true, strangers, &Posture::calm(), &refusing},
                         {"refused, cookies", true, strangers, &flooded.posture(), &refusing}});
    if (!rows) return Error{rows.error()};
    Findings out{.rows = std::move(*rows)};
    for (std::size_t i : {2U, 4U}) {
        out.rows[i].ratio = ratio_of(out.rows[i].rates, out.rows[i - 1].rates);
        out.rows[i].beside = out.rows[i - 1].run;
        out.rows[i].figures.emplace_back("ns for the look",
                                         out.rows[i].nanoseconds() - out.rows[i - 1].nanoseconds());
    }
    const auto after = (*bed)->sample();
    out.rows[4].figures.emplace_back("guesses that were right",
                                     static_cast<double>(after.tracker.cookies_accepted));
    check_guesses(after, out.rows[2], out.rows[4], out.faults);
    check_sums(**bed, out.faults);
    return out;
}

}  // namespace ajar::dataplane
